"""Which facts exclude each other: of all that share a slot, one holds at a time.

One parent a tree, one identifier a type, one name a type and language, one classification a type
(unless the type allows more), one main site and one registered office, one stated status. Any other
fact excludes only itself: the same thing is not said twice about one day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pyoxigraph import Literal

from organisatieregister.changes.days import day_before
from organisatieregister.facets import Facet, FacetKind, facets
from organisatieregister.identifiers import concept_iri
from organisatieregister.periods import Period
from organisatieregister.records import Record, text_of
from organisatieregister.vocabulary import DCT, ORG, RDF, REG, SCHEMA, SKOSXL, TIME

Slot = tuple[str, ...]

MAIN_SITE = concept_iri("Vestigingstype", "hoofdvestiging")
REGISTERED_OFFICE = concept_iri("Vestigingstype", "maatschappelijke-zetel")

_RULES = {
    FacetKind.PARENT: "een-moederorganisatie-tegelijk",
    FacetKind.IDENTIFIER: "een-identificator-per-soort",
    FacetKind.NAME: "een-naam-per-soort-en-taal",
    FacetKind.CLASSIFICATION: "een-classificatie-per-soort",
    FacetKind.STATUS: "een-status-tegelijk",
}
_SITE_RULES = {MAIN_SITE: "een-hoofdvestiging", REGISTERED_OFFICE: "een-maatschappelijke-zetel"}
_SAME = "hetzelfde"
# What may differ between two statements of the same fact.
_CIRCUMSTANCES = (DCT.temporal, SCHEMA.startDate, SCHEMA.endDate, ORG.memberDuring, DCT.source)

_TIMES = (TIME.ProperInterval, TIME.Instant)


def slot(facet: Facet, plural: frozenset[str]) -> Slot:
    """The slot of a facet; ``plural`` are the types of classification that allow more."""
    type_ = facet.value(DCT.type)
    kind = type_.value if type_ else ""
    if facet.kind is FacetKind.PARENT:
        tree = facet.value(REG.toepassingsgebied)
        return parent_slot(tree.value if tree else "")
    if facet.kind is FacetKind.NAME:
        form = facet.value(SKOSXL.literalForm)
        return name_slot(kind, (form.language or "") if isinstance(form, Literal) else "")
    if facet.kind is FacetKind.STATUS:
        return (facet.kind,)
    if (
        facet.kind is FacetKind.IDENTIFIER
        or (facet.kind is FacetKind.CLASSIFICATION and kind not in plural)
        or (facet.kind is FacetKind.SITE and kind in _SITE_RULES)
    ):
        return (facet.kind, kind)
    return (_SAME, facet.kind, *content(facet))


def plural_types(schemes: Iterable[Record]) -> frozenset[str]:
    """The types of classification of which several may hold at once, as their code list says."""
    return frozenset(
        text_of(t.subject)
        for scheme in schemes
        for t in scheme.triples
        if t.predicate == REG.meerdereTegelijk and t.object == Literal(True)
    )


def name_slot(kind: str, language: str) -> Slot:
    """The slot of the names of one type (the concept's IRI) in one language."""
    return (FacetKind.NAME, kind, language.lower())


def parent_slot(framework: str = "") -> Slot:
    """The slot of the parents in the administrative tree, or in that of a framework."""
    return (FacetKind.PARENT, framework)


def rule_of(slot: Slot) -> str:
    """The code of the rule that two facts in this slot break when they overlap."""
    if slot[0] == _SAME:
        return "hetzelfde-feit-tweemaal"
    if slot[0] == FacetKind.SITE:
        return _SITE_RULES[slot[1]]
    return _RULES[FacetKind(slot[0])]


def in_slot(record: Record, of: Slot, plural: frozenset[str]) -> list[Facet]:
    """The facets of the record in a slot."""
    return [facet for facet in facets(record) if slot(facet, plural) == of]


def room_from(record: Record, of: Slot, on: date, plural: frozenset[str]) -> tuple[str, Period]:
    """What to replace to begin a new fact in the slot on a day, and the days that it gets.

    Replaced is the fact in force on the day ("" if there is none), whose end the new one inherits;
    else the new one lasts until the next begins.
    """
    later = []
    for facet in in_slot(record, of, plural):
        if facet.period.contains(on):
            return facet.node.value, Period(on, facet.period.end)
        if facet.period.start and facet.period.start > on:
            later.append(day_before(facet.period.start))
    return "", Period(on, min(later, default=None))


def content(facet: Facet) -> tuple[str, ...]:
    """What the facet says, but for when and by whose word; its own nodes have no names here."""
    nodes = {t.subject for t in facet.triples}
    times = {t.subject for t in facet.triples if t.predicate == RDF.type and t.object in _TIMES}
    return tuple(
        sorted(
            f"{t.predicate} {t.object}"
            for t in facet.triples
            if t.subject not in times and t.object not in nodes
            and t.predicate not in _CIRCUMSTANCES
        )
    )  # fmt: skip
