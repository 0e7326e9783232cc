"""Mergers, splits, replacements, terminations and foundations as records."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from organisatieregister.generate.plan import Change, Happening, Kind, Planner
from organisatieregister.generate.wording import name_of
from organisatieregister.identifiers import BASE, change_event_iri, legal_framework_iri
from organisatieregister.records import Record
from organisatieregister.vocabulary import CPSV, DCT, ELI, M8G, ORG, RDF, RDFS, VLORG, XSD

_CLASSES = {
    Change.MERGER: (VLORG.Fusie, "Fusie van {originals} tot {results}"),
    Change.SPLIT: (VLORG.Splitsing, "Splitsing van {originals} in {results}"),
    Change.REPLACEMENT: (VLORG.Vervanging, "Vervanging van {originals} door {results}"),
    Change.TERMINATION: (VLORG.Stopzetting, "Stopzetting van {originals}"),
    Change.FOUNDATION: (M8G.FoundationEvent, "Oprichting van {results}"),
}
_ABOLISHED_BY_LAW = NamedNode(f"{BASE}/id/concept/StopzettingType/v1/090")


def event_records(planner: Planner, number: int) -> Iterator[Record]:
    """The events that are complete with this organisation, and the law behind a foundation."""
    for happening in planner.happenings(planner.block(number)):
        if happening.last == number:
            yield Record(*_event(planner, happening, ()))
    born = planner.life(number).start
    if planner.kind(number) is Kind.AGENCY and born:
        founded = Happening(Change.FOUNDATION, born, (), (number,))
        framework = legal_framework_iri(f"{planner.seed}|{number}")
        node = NamedNode(framework)
        title = f"Decreet over {name_of(planner, number)}"
        yield Record(
            framework,
            frozenset({
                *(Triple(node, RDF.type, klass) for klass in
                  (M8G.ReferenceFramework, CPSV.FormalFramework, ELI.LegalResource)),
                Triple(node, DCT.title, Literal(title, language="nl")),
                Triple(node, DCT.identifier, Literal(f"{born.year}/{number}")),
            }),
        )  # fmt: skip
        legal = Triple(NamedNode(_iri(planner, founded)), M8G.hasFormalFramework, node)
        yield Record(*_event(planner, founded, (legal,)))


def _iri(planner: Planner, happening: Happening) -> str:
    return change_event_iri(f"{planner.seed}|{happening.change.name}|{happening.last}")


def _event(
    planner: Planner, happening: Happening, more: tuple[Triple, ...]
) -> tuple[str, frozenset[Triple]]:
    iri = _iri(planner, happening)
    node = NamedNode(iri)
    klass, label = _CLASSES[happening.change]
    text = label.format(
        originals=" en ".join(name_of(planner, each) for each in happening.originals),
        results=" en ".join(name_of(planner, each) for each in happening.results),
    )
    triples = {
        Triple(node, RDF.type, ORG.ChangeEvent),
        Triple(node, RDF.type, klass),
        Triple(node, RDFS.label, Literal(text, language="nl")),
        Triple(node, DCT.date, Literal(happening.day.isoformat(), datatype=XSD.date)),
        *more,
    }
    for each in happening.originals:
        triples.add(Triple(node, ORG.originalOrganization, NamedNode(planner.iri(each))))
    for each in happening.results:
        triples.add(Triple(node, ORG.resultingOrganization, NamedNode(planner.iri(each))))
    if happening.change is Change.TERMINATION:
        triples.add(Triple(node, VLORG.redenStopzetting, _ABOLISHED_BY_LAW))
    return iri, frozenset(triples)
