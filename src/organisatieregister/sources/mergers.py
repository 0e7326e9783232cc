"""Mergers from ``changes.csv``: the events, and the ends and beginnings that follow from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from pyoxigraph import Literal, NamedNode, Triple

from organisatieregister.errors import InputError
from organisatieregister.identifiers import OvoCode, change_event_iri
from organisatieregister.periods import parse_day
from organisatieregister.records import Record
from organisatieregister.sources import Finding, Mending, Proposal, Refusal, reasons
from organisatieregister.sources.csv import Row
from organisatieregister.vocabulary import DCT, ORG, RDF, RDFS, VLORG, XSD

COLUMNS = ("date", "kind", "original_ovo", "resulting_ovo")


@dataclass(frozen=True, slots=True)
class Merger:
    """Organisations that became one on a day; a result that existed before is absorbing."""

    row: Row
    day: date
    listed: tuple[str, ...]
    result: str
    absorbs: bool

    @property
    def originals(self) -> tuple[str, ...]:
        """All originals: in an absorption the survivor too."""
        return (*self.listed, self.result) if self.absorbs else self.listed

    @property
    def codes(self) -> tuple[str, ...]:
        """All organisations in it."""
        return (*self.listed, self.result)


def read_merger(row: Row, first_days: Mapping[str, date]) -> Merger | Refusal:
    """One row of ``changes.csv``; ``first_days`` tells since when an organisation surely existed.

    A result existed before the merger when it did on an earlier day, or when only one original is
    listed: a merger has two or more.
    """
    try:
        day = parse_day(row["date"])
        listed = tuple(OvoCode.parse(text).value for text in row["original_ovo"].split("|"))
        result = OvoCode.parse(row["resulting_ovo"]).value
    except InputError as error:
        return _refused(row, str(error))
    if day is None or row["kind"] != "fusie":
        return _refused(row, f"{row['kind']!r} on {row['date']!r}")
    existed = result in listed or len(listed) == 1 or first_days.get(result, day) < day
    others = tuple(code for code in listed if code != result)
    return Merger(row, day, others, result, existed)


def last_days(mergers: Iterable[Merger]) -> dict[str, date]:
    """The end of each organisation that did not survive a merger: the day before."""
    return {code: m.day - timedelta(days=1) for m in mergers for code in m.listed}


def founding_days(mergers: Iterable[Merger]) -> dict[str, date]:
    """The beginning of each organisation that a merger created."""
    return {m.result: m.day for m in mergers if not m.absorbs}


def merger_events(mergers: Iterable[Merger], names: Mapping[str, str]) -> Iterator[Finding]:
    """The records of the mergers; ``names`` holds the organisations that exist."""
    for merger in mergers:
        unknown = [code for code in merger.codes if code not in names]
        if unknown:
            row = merger.row
            yield Refusal(
                row.file, row.line, "original_ovo", unknown[0], reasons.UNKNOWN_ORGANISATION
            )
            continue
        if merger.absorbs and merger.result not in merger.row["original_ovo"]:
            yield Mending(
                merger.row.file, merger.row.line, "original_ovo", "|".join(merger.listed),
                "|".join(merger.originals), reasons.SURVIVOR,
            )  # fmt: skip
        yield Proposal(_event(merger, names), merger.row.file, merger.row.line)


def _event(merger: Merger, names: Mapping[str, str]) -> Record:
    iri = change_event_iri(f"fusie|{merger.day}|{'|'.join(sorted(merger.codes))}")
    node = NamedNode(iri)
    return Record.of(
        iri,
        [
            Triple(node, RDF.type, ORG.ChangeEvent),
            Triple(node, RDF.type, VLORG.Fusie),
            Triple(node, RDFS.label, Literal(_label(merger, names), language="nl")),
            Triple(node, DCT.date, Literal(merger.day.isoformat(), datatype=XSD.date)),
            Triple(node, ORG.resultingOrganization, _organisation(merger.result)),
            *(
                Triple(node, ORG.originalOrganization, _organisation(code))
                for code in merger.originals
            ),
        ],
    )


def _label(merger: Merger, names: Mapping[str, str]) -> str:
    *first, last = [names[code] for code in merger.listed]
    merging = f"{', '.join(first)} en {last}" if first else last
    if merger.absorbs:
        return f"Opslorping van {merging} door {names[merger.result]}"
    return f"Fusie van {merging} tot {names[merger.result]}"


def _organisation(code: str) -> NamedNode:
    return NamedNode(OvoCode(code).iri)


def _refused(row: Row, detail: str) -> Refusal:
    return Refusal(row.file, row.line, "", row["original_ovo"], reasons.BAD_CHANGE, detail)
