"""An organisation in one line: what lists, search and spreadsheets show of it.

A ``Summary`` is read from a record on a day; a ``Hit`` is a summary in which the labels of what it
links to are filled in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from pyoxigraph import Literal, NamedNode

from organisatieregister.facets import FacetKind, facets
from organisatieregister.records import Record, text_of
from organisatieregister.validity import ACTIVE, BEING_FOUNDED, INACTIVE, shortcuts
from organisatieregister.vocabulary import (
    ADRES,
    BESLUIT,
    DCT,
    LOCN,
    ORG,
    RDFS,
    REG,
    ROV,
    SCHEMA,
    SKOS,
)

Concept = tuple[str, str]  # its IRI and its label

_PREFERRED_NAME, _OTHER_NAME, _LEGAL_NAME = SKOS.prefLabel, SKOS.altLabel, ROV.legalName
_FORMER_NAME, _SHORT_NAME = SKOS.hiddenLabel, REG.korteNaam
_CODE, _REGISTRATION, _NOTATION = DCT.identifier, ROV.registration, SKOS.notation
_STATUS, _CLASSIFICATION, _PARENT = ROV.orgStatus, ORG.classification, ORG.subOrganizationOf
_START, _END = SCHEMA.startDate, SCHEMA.endDate
_SITES = (ORG.hasPrimarySite, ORG.hasRegisteredSite, ORG.hasSite)


@dataclass(frozen=True, slots=True)
class Hit:
    """An organisation in a list; empty is unknown.

    ``status`` is the IRI of a concept, ``start`` and ``end`` are ISO dates; ``former_name`` is set
    when the organisation was found by a name that it no longer has.
    """

    iri: str
    code: str
    name: str
    short_name: str = ""
    status: str = ""
    classification: tuple[Concept, ...] = ()
    municipality: str = ""
    kbo: str = ""
    parent_iri: str = ""
    parent_name: str = ""
    start: str | None = None
    end: str | None = None
    former_name: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """An organisation in a line, before labels; ``names`` are all that it has now.

    ``codes`` are its identifiers of all kinds and times, ``places`` the words by which its place is
    known: municipality, postcode, territory.
    """

    iri: str
    code: str
    name: str
    short_name: str
    status: str
    classifications: tuple[str, ...]
    municipality: str
    kbo: str
    parent: str
    start: str | None
    end: str | None
    names: tuple[str, ...]
    former_names: tuple[str, ...]
    codes: tuple[str, ...]
    places: tuple[str, ...]

    @classmethod
    def of(cls, record: Record, on: date) -> Summary:
        """The summary of an organisation on a day."""
        iri, said = record.iri, _Statements(record, on)
        preferred = said.here(_PREFERRED_NAME)
        code = said.first(_CODE)
        names = preferred + said.here(_OTHER_NAME) + said.here(_LEGAL_NAME)
        towns, postcodes = _place(said)
        registrations = [said.text(node, _NOTATION) for node in said.values(_REGISTRATION)]
        return cls(
            iri=iri,
            code=code,
            name=in_dutch(preferred) or code or iri,
            short_name=said.first(_SHORT_NAME),
            status=said.first(_STATUS),
            classifications=tuple(said.values(_CLASSIFICATION)),
            municipality=towns[0] if towns else "",
            kbo=min(registrations, default=""),
            parent=said.first(_PARENT),
            start=said.first(_START) or None,
            end=said.first(_END) or None,
            names=_distinct(literal.value for literal in names),
            former_names=tuple(said.values(_FORMER_NAME)),
            codes=_distinct([code, *sorted(_codes(record))]),
            places=_distinct(towns + postcodes),
        )


def in_dutch(texts: Iterable[NamedNode | Literal]) -> str:
    """The Dutch one, or else one without language, or else any; empty when there is none."""
    literals = [text for text in texts if isinstance(text, Literal)]
    ranked = sorted(literals, key=lambda t: (t.language != "nl", t.language or "", t.value))
    return ranked[0].value if ranked else ""


class _Statements:
    """What is said of the organisation on the day, and of its parts on whatever day."""

    def __init__(self, record: Record, on: date) -> None:
        self._parts = record.by_subject
        self._own: dict[NamedNode, list[NamedNode | Literal]] = {}
        subject = record.subject
        derived = [t for t in shortcuts(record, on) if t.subject == subject]
        for triple in (*self._parts[record.iri], *derived):
            self._own.setdefault(triple.predicate, []).append(triple.object)  # type: ignore[arg-type]  # records have no blank nodes

    def here(self, predicate: NamedNode) -> list[NamedNode | Literal]:
        """The values that the organisation itself has."""
        return self._own.get(predicate, [])

    def values(self, predicate: NamedNode) -> list[str]:
        """Those, as IRIs and lexical forms, sorted."""
        return sorted(term.value for term in self.here(predicate))

    def first(self, predicate: NamedNode) -> str:
        """The first of those; empty when there is none."""
        return min((term.value for term in self.here(predicate)), default="")

    def text(self, part: str, predicate: NamedNode) -> str:
        """The value that a part has; empty when there is none."""
        found = [t.object for t in self._parts.get(part, ()) if t.predicate == predicate]
        return min(map(text_of, found), default="")

    def sites(self) -> list[str]:
        """The sites in force, the main one first; when there is none any more, the last ones."""
        sites = [iri for predicate in _SITES for iri in self.values(predicate)]
        if sites or self.first(_STATUS) == ACTIVE.value:
            return sites
        former = [iri for iri in self._parts if "/id/vestiging/" in iri]
        return sorted(
            former, key=lambda site: (self.text(site, _END) or "9999", site), reverse=True
        )


def _place(said: _Statements) -> tuple[list[str], list[str]]:
    """The municipalities, the one that counts first, and the postcodes."""
    points = [said.text(site, ORG.siteAddress) for site in said.sites()]
    addresses = [said.text(point, LOCN.address) for point in points]
    towns = [said.text(address, ADRES.gemeentenaam) for address in addresses]
    postcodes = [said.text(address, LOCN.postCode) for address in addresses]
    towns += [said.text(area, RDFS.label) for area in said.values(BESLUIT.werkingsgebied)]
    return [town for town in towns if town], [code for code in postcodes if code]


def _codes(record: Record) -> Iterator[str]:
    """The codes of all identifiers, former ones too."""
    for facet in facets(record):
        if facet.kind is FacetKind.IDENTIFIER and (code := facet.value(_NOTATION)):
            yield code.value


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


# --- spreadsheets ----------------------------------------------------------------------------

# With a byte order mark Excel reads the accents right.
BYTE_ORDER_MARK = "\ufeff"

COLUMNS = (
    "OVO-code", "Naam", "Korte naam", "Status", "Begindatum", "Einddatum", "KBO-nummer",
    "Classificatie", "Gemeente", "OVO-code moederorganisatie", "Moederorganisatie", "IRI",
)  # fmt: skip

_STATUSES = {
    ACTIVE.value: "actief",
    INACTIVE.value: "niet actief",
    BEING_FOUNDED.value: "in oprichting",
}
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_line(cells: Iterable[str]) -> str:
    """The cells as a line of CSV (RFC 4180, but ``;``), none of which a spreadsheet computes."""
    return ";".join(_cell(text) for text in cells) + "\r\n"


def cells(hit: Hit) -> tuple[str, ...]:
    """What the spreadsheet says of the organisation, in the order of ``COLUMNS``."""
    return (
        hit.code,
        hit.name,
        hit.short_name,
        _STATUSES.get(hit.status) or hit.status.rpartition("/")[2],
        hit.start or "",
        hit.end or "",
        _dotted(hit.kbo),
        " | ".join(label for _, label in hit.classification),
        hit.municipality,
        hit.parent_iri.rpartition("/")[2],
        hit.parent_name,
        hit.iri,
    )


def _dotted(kbo: str) -> str:
    """With dots the number stays a text in a spreadsheet, and keeps its leading zero."""
    return f"{kbo[:4]}.{kbo[4:7]}.{kbo[7:]}" if len(kbo) == 10 else kbo


def _cell(text: str) -> str:
    safe = f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text
    if any(sign in safe for sign in ';"\r\n'):
        return '"' + safe.replace('"', '""') + '"'
    return safe
