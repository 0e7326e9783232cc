"""Change events: the record of a foundation, merger, split, replacement or dissolution."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from pyoxigraph import Literal, NamedNode, Triple

from organisatieregister.changes.days import day_before
from organisatieregister.identifiers import ORGANISATION, change_event_iri
from organisatieregister.records import Record
from organisatieregister.validity import shortcuts
from organisatieregister.vocabulary import DCT, M8G, ORG, RDF, RDFS, SKOS, VLORG, XSD

FOUNDATION, MERGER = M8G.FoundationEvent, VLORG.Fusie
SPLIT, REPLACEMENT, DISSOLUTION = VLORG.Splitsing, VLORG.Vervanging, VLORG.Stopzetting

_WORDS = {
    FOUNDATION: "oprichting",
    MERGER: "fusie",
    SPLIT: "splitsing",
    REPLACEMENT: "vervanging",
    DISSOLUTION: "stopzetting",
}


def event(
    kind: NamedNode, on: date, label: str,
    *, originals: Sequence[Record] = (), results: Sequence[Record] = (),
    more: Iterable[tuple[NamedNode, str]] = (),
) -> Record:  # fmt: skip
    """The record of an event on a day; ``more`` are predicates with the IRIs of their values.

    Its IRI follows from kind, day and organisations: the same event is the same record, however it
    came in.
    """
    codes = {record.iri.removeprefix(ORGANISATION) for record in (*originals, *results)}
    iri = change_event_iri(f"{_WORDS[kind]}|{on}|{'|'.join(sorted(codes))}")
    node = NamedNode(iri)
    return Record.of(
        iri,
        [
            Triple(node, RDF.type, ORG.ChangeEvent),
            Triple(node, RDF.type, kind),
            Triple(node, RDFS.label, Literal(label, language="nl")),
            Triple(node, DCT.date, Literal(on.isoformat(), datatype=XSD.date)),
            *(Triple(node, ORG.originalOrganization, record.subject) for record in originals),
            *(Triple(node, ORG.resultingOrganization, record.subject) for record in results),
            *(Triple(node, predicate, NamedNode(value)) for predicate, value in more),
        ],
    )


def merger_label(originals: Sequence[Record], into: Record, on: date) -> str:
    """As the sources have it: *Fusie van A en B tot C*, *Opslorping van A door B*."""
    merged = _names_before((r for r in originals if r.iri != into.iri), on)
    if into.iri in {record.iri for record in originals}:
        return f"Opslorping van {merged} door {name_on(into, on)}"
    return f"Fusie van {merged} tot {name_on(into, on)}"


def split_label(original: Record, into: Sequence[Record], on: date) -> str:
    """*Splitsing van A in B en C*."""
    return f"Splitsing van {_names_before([original], on)} in {_listed(into, on)}"


def replacement_label(original: Record, by: Record, on: date) -> str:
    """*Vervanging van A door B*."""
    return f"Vervanging van {_names_before([original], on)} door {name_on(by, on)}"


def name_on(record: Record, on: date) -> str:
    """The Dutch preferred name on a day; the OVO code when there is none."""
    for triple in shortcuts(record, on):
        form = triple.object
        if (
            triple.predicate == SKOS.prefLabel
            and isinstance(form, Literal)
            and form.language == "nl"
        ):
            return form.value
    return record.iri.removeprefix(ORGANISATION)


def _names_before(records: Iterable[Record], on: date) -> str:
    return _listed(records, day_before(on))


def _listed(records: Iterable[Record], on: date) -> str:
    names = [name_on(record, on) for record in records]
    return " en ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
