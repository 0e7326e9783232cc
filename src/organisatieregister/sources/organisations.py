"""One row of ``organisations.csv``, with what the other files say, turned into a record."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pyoxigraph import Literal, NamedNode, Triple

from organisatieregister import facets, places
from organisatieregister.errors import MalformedIdentifier, MalformedPeriod, MalformedRecord
from organisatieregister.identifiers import (
    KBO_ENTERPRISE,
    ORGANISATION,
    KboNumber,
    OvoCode,
    concept_iri,
)
from organisatieregister.periods import Period, parse_day
from organisatieregister.records import Record
from organisatieregister.sources import Finding, reasons
from organisatieregister.sources.addresses import parse_address
from organisatieregister.sources.concepts import CodeLists
from organisatieregister.sources.csv import Row
from organisatieregister.sources.territories import nis_and_territory
from organisatieregister.sources.texts import Desk
from organisatieregister.vocabulary import DCT, M8G, ORG, RDF, ROV

COLUMNS = (
    "ovo", "name_nl", "short_name", "kbo", "parent_ovo", "classification", "government_level",
    "website", "nis", "address", "status", "valid_from", "valid_to", "source",
)  # fmt: skip

OVO = facets.KeyType("OVO", "Digitaal Vlaanderen", f"{ORGANISATION}OVO002949", ORGANISATION)
KBO = facets.KeyType(
    "KBO", "Kruispuntbank van Ondernemingen", f"{ORGANISATION}OVO027341", KBO_ENTERPRISE
)
EDITORIAL = concept_iri("Herkomst", "redactioneel")
REPOSITORIES = "https://github.com/"

# A body of private law that public authorities set up or that stands beside them.
_PRIVATE = frozenset(
    {"PEVA gemeente", "PEVA provincie", "Vereniging van Vlaamse Steden en Gemeenten"}
)
_STATUSES = {"actief": "", "niet actief": "nietactief", "in oprichting": "inoprichting", "": ""}
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Background:
    """What the other files say, by OVO code."""

    lists: CodeLists
    nis_codes: Mapping[str, Sequence[Row]]
    territories: Mapping[str, Sequence[Row]]
    policy_domains: Mapping[str, Sequence[Row]]
    founding_days: Mapping[str, date]
    last_days: Mapping[str, date]


@dataclass(frozen=True, slots=True)
class Organisation:
    """What was read from a row; ``record`` is None when the row was refused."""

    record: Record | None
    findings: list[Finding]
    line: int
    name: str
    parent: str
    kbo: str
    status: str


def read_organisation(code: OvoCode, row: Row, background: Background) -> Organisation:
    """The record of the row, and what was refused, mended or noted on the way."""
    desk, iri = Desk(row), code.iri
    name, kbo, parent = desk.text("name_nl"), _kbo(desk), _parent(desk, code)
    triples = [
        *_types(iri, kbo, row),
        Triple(NamedNode(iri), DCT.identifier, Literal(code.value)),
        *_life(desk, code, background),
        *_names(desk, iri, name),
        *facets.identifier(iri, OVO, code.value),
        *(facets.identifier(iri, KBO, kbo) if kbo else ()),
        *nis_and_territory(desk, code, background.nis_codes, background.territories),
        *(facets.parent(iri, OvoCode(parent).iri) if parent else ()),
        *_classifications(desk, iri, background.lists),
        *_policy_domains(desk, code, background),
        *_contact_and_site(desk, iri),
        *_sources(iri, row),
    ]
    record = _record(desk, iri, triples) if name else None
    if not name:
        desk.refuse("name_nl", "", reasons.NO_NAME)
    return Organisation(record, desk.findings, row.line, name, parent, kbo, row["status"])


def _record(desk: Desk, iri: str, triples: list[Triple]) -> Record | None:
    try:
        return Record.of(iri, triples)
    except MalformedRecord as error:
        desk.refuse("", iri, reasons.BROKEN_RECORD, error.rule)
        return None


def _types(iri: str, kbo: str, row: Row) -> list[Triple]:
    """The classes. Public are all but "derden" and the private forms of ``_PRIVATE``."""
    classes = [ORG.Organization]
    if kbo:
        classes += [ORG.FormalOrganization, ROV.RegisteredOrganization]
    if row["government_level"] != "derden" and row["classification"] not in _PRIVATE:
        classes.append(M8G.PublicOrganisation)
    return [Triple(NamedNode(iri), RDF.type, klass) for klass in classes]


def _kbo(desk: Desk) -> str:
    text = desk.text("kbo")
    if not text:
        return ""
    try:
        number = KboNumber.parse(text).value
    except MalformedIdentifier as error:
        desk.refuse("kbo", text, reasons.BAD_KBO, error.rule)
        return ""
    if number != text:
        desk.mend("kbo", text, number, reasons.KBO_SPELLING)
    return number


def _parent(desk: Desk, code: OvoCode) -> str:
    text = desk.text("parent_ovo")
    if not text:
        return ""
    try:
        parent = OvoCode.parse(text)
    except MalformedIdentifier as error:
        desk.refuse("parent_ovo", text, reasons.BAD_OVO, error.rule)
        return ""
    if parent == code:
        desk.mend("parent_ovo", text, "", reasons.OWN_PARENT)
        return ""
    return parent.value


def _life(desk: Desk, code: OvoCode, background: Background) -> list[Triple]:
    """The organisation's own period, and the status that is stated without a date."""
    start, end = _day(desk, "valid_from"), _day(desk, "valid_to")
    if start is None and (start := background.founding_days.get(code.value)):
        desk.mend("valid_from", "", start.isoformat(), reasons.START_BY_MERGER)
    if end is None and (end := background.last_days.get(code.value)):
        desk.mend("valid_to", "", end.isoformat(), reasons.END_BY_MERGER)
    if start and end and start > end:
        desk.mend("valid_from", start.isoformat(), "", reasons.START_AFTER_END)
        start = None
    status = _STATUSES.get(desk.text("status"))
    if status is None:
        desk.refuse("status", desk.row["status"], reasons.UNKNOWN_STATUS)
    stated = status if status and not (status == "nietactief" and end) else ""
    if stated == "nietactief":
        desk.note("valid_to", "", reasons.NO_END)
    return [
        *facets.dated(NamedNode(code.iri), Period(start, end), code.iri),
        *(facets.stated_status(code.iri, stated) if stated else ()),
    ]


def _day(desk: Desk, field: str) -> date | None:
    text = desk.text(field)
    try:
        return parse_day(text)
    except MalformedPeriod:
        desk.refuse(field, text, reasons.BAD_DATE)
        return None


def _names(desk: Desk, iri: str, name: str) -> list[Triple]:
    if name.isupper() and len(name) > 1:
        desk.note("name_nl", name, reasons.CAPITALS)
    short = desk.text("short_name")
    return [
        *(facets.name(iri, "voorkeursnaam", name) if name else ()),
        *(facets.name(iri, "korte-naam", short) if short else ()),
    ]


def _classifications(desk: Desk, iri: str, lists: CodeLists) -> list[Triple]:
    triples: list[Triple] = []
    for field, kind, known in (
        ("classification", "Organisatieclassificatie", lists.classifications),
        ("government_level", "Bestuursniveau", lists.levels),
    ):
        label = desk.text(field)
        concept = known.get(label) or known.get(label.lower())
        if concept:
            triples += facets.classification(iri, kind, concept)
        elif label:
            desk.refuse(field, label, reasons.UNKNOWN_CLASSIFICATION)
    return triples


def _policy_domains(desk: Desk, code: OvoCode, background: Background) -> list[Triple]:
    """The policy domains, which are editorial and say so."""
    triples: list[Triple] = []
    domains = background.lists.policy_domains
    for row in background.policy_domains.get(code.value, ()):
        note, label = Desk(row), row["policy_domain"]
        concept = domains.get(label)
        within = [known for known in domains if known in row["name_nl"]]
        if not concept and len(within) == 1:
            note.mend("policy_domain", label, within[0], reasons.DOMAIN_FROM_NAME)
            concept = domains[within[0]]
        if concept:
            facet = facets.classification(code.iri, "Beleidsdomein", concept)
            triples += facets.sourced(facet, EDITORIAL) if row["basis"] == "editorial" else facet
        else:
            note.refuse("policy_domain", label, reasons.UNKNOWN_CLASSIFICATION)
        desk.findings += note.findings
    return triples


def _contact_and_site(desk: Desk, iri: str) -> list[Triple]:
    triples: list[Triple] = []
    if website := desk.web_address("website"):
        triples += places.contact(iri, homepage=website)
    text = desk.text("address")
    if text in {"België", "Belgium", "BE"}:
        desk.refuse("address", text, reasons.EMPTY_ADDRESS)
    elif text:
        address = parse_address(text)
        if not (address.street and address.number and address.postcode):
            desk.note("address", text, reasons.PARTLY_READ)
        triples += places.site(iri, "hoofdvestiging", address)
    return triples


def _sources(iri: str, row: Row) -> list[Triple]:
    """The public repositories that the row comes from."""
    names = [name.strip() for name in row["source"].split(";")]
    return [
        Triple(NamedNode(iri), DCT.source, NamedNode(REPOSITORIES + name))
        for name in names
        if _REPOSITORY.fullmatch(name)
    ]
