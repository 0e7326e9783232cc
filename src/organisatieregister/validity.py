"""The record as valid on a date: which facets are in force, and the shortcuts that follow.

Shortcuts (``skos:prefLabel``, ``org:subOrganizationOf``, ``rov:orgStatus`` …) are never stored.
Rules beyond the facets' own periods:

* A facet is in force only while its organisation lives, and is not stated to be inactive.
* But an organisation that has ended keeps the names, identifiers and classifications of its last
  day (one that has not begun: of its first), so that it can be named for ever.
* Former names stay, as hidden labels with their period.
* There is exactly one preferred name a language: of several in force the one that began last, of
  none in force the nearest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, Triple

from organisatieregister.facets import Facet, FacetKind, facets, life
from organisatieregister.identifiers import KBO_ENTERPRISE, concept_iri
from organisatieregister.periods import Period
from organisatieregister.records import Record, text_of
from organisatieregister.vocabulary import (
    ADMS,
    DCT,
    FOAF,
    ORG,
    RDF,
    RDFS,
    REG,
    ROV,
    SCHEMA,
    SKOS,
    SKOSXL,
    VLORG,
)

ACTIVE = NamedNode(concept_iri("organisatiestatus", "actief"))
INACTIVE = NamedNode(concept_iri("organisatiestatus", "nietactief"))
BEING_FOUNDED = NamedNode(concept_iri("organisatiestatus", "inoprichting"))

_KEEPS_AFTER_THE_END = frozenset({FacetKind.NAME, FacetKind.IDENTIFIER, FacetKind.CLASSIFICATION})
_PREFERRED = NamedNode(concept_iri("Benamingtype", "voorkeursnaam"))
_NAME_SHORTCUTS = {
    NamedNode(concept_iri("Benamingtype", code)): (link, literals)
    for code, link, literals in (
        ("voorkeursnaam", SKOSXL.prefLabel, (SKOS.prefLabel,)),
        ("korte-naam", SKOSXL.altLabel, (REG.korteNaam, SKOS.altLabel)),
        ("alternatieve-naam", SKOSXL.altLabel, (SKOS.altLabel,)),
        ("wettelijke-naam", SKOSXL.altLabel, (ROV.legalName,)),
    )
}
_CLASSIFICATION_SHORTCUTS = {
    NamedNode(concept_iri("Classificatietype", code)): predicate
    for code, predicate in (
        ("Rechtsvorm", VLORG.rechtsvorm),
        ("Rechtstoestand", VLORG.rechtstoestand),
        ("Rechtspersoonlijkheid", VLORG.rechtspersoonlijkheid),
    )
}
_SITE_SHORTCUTS = {
    NamedNode(concept_iri("Vestigingstype", "hoofdvestiging")): ORG.hasPrimarySite,
    NamedNode(concept_iri("Vestigingstype", "maatschappelijke-zetel")): ORG.hasRegisteredSite,
}
KBO = NamedNode(concept_iri("Sleuteltype", "KBO"))


def is_organisation(record: Record) -> bool:
    """True for the record of an organisation."""
    return Triple(record.subject, RDF.type, ORG.Organization) in record.triples


def is_change_event(record: Record) -> bool:
    """True for the record of a change event."""
    return Triple(record.subject, RDF.type, ORG.ChangeEvent) in record.triples


def in_force(record: Record, on: date) -> tuple[Facet, ...]:
    """The facets of an organisation that hold on the day; of names, all of that day."""
    lifetime, alive = life(record), status(record, on) != INACTIVE
    day = _within(lifetime, on)
    return tuple(
        facet
        for facet in facets(record)
        if (
            facet.period.contains(day)
            if facet.kind in _KEEPS_AFTER_THE_END
            else facet.period.contains(on)
            and (facet.kind is FacetKind.STATUS or (alive and lifetime.contains(on)))
        )
    )


@lru_cache(maxsize=256)  # what is published, the labels and the links to others all need them
def shortcuts(record: Record, on: date) -> frozenset[Triple]:
    """What follows from the record on the day, about its own and about other subjects."""
    if is_organisation(record):
        return frozenset(_of_organisation(record, on))
    if is_change_event(record):
        return frozenset(_of_change_event(record, on))
    return frozenset()


def valid_on(record: Record, on: date) -> frozenset[Triple]:
    """The record as valid on the day: facets in force, shortcuts, nothing about other subjects."""
    gone: set[Triple] = set()
    if is_organisation(record):
        names = [f for f in facets(record) if f.kind is FacetKind.NAME]
        day = _within(life(record), on)
        kept = {f.node for f in names if f.period.ended_before(day)}
        kept.update(f.node for f in _names_in_force(names, day))
        kept.update(f.node for f in in_force(record, on))
        for facet in facets(record):
            if facet.node not in kept:
                gone.update(facet.triples)
                gone.add(Triple(record.subject, REG.facet, facet.node))
    present = record.triples - gone
    subjects = {triple.subject for triple in present}
    derived = {t for t in shortcuts(record, on) if t.subject in subjects}
    return present | derived


def status(record: Record, on: date) -> NamedNode:
    """The status concept on the day (decision 2, "Status on a date")."""
    lifetime = life(record)
    if lifetime.begins_after(on):
        return BEING_FOUNDED
    if lifetime.ended_before(on):
        return INACTIVE
    for facet in facets(record):
        if facet.kind is FacetKind.STATUS and facet.period.contains(on):
            stated = facet.value(REG.concept)
            if isinstance(stated, NamedNode):
                return stated
    return ACTIVE


def next_change(record: Record, after: date) -> date | None:
    """The first day after ``after`` on which something else follows from the record."""
    days = {day for day in _turning_days(record) if day > after}
    return min(days, default=None)


def event_date(record: Record) -> date | None:
    """The date of a change event."""
    for triple in record.by_subject.get(record.iri, ()):
        if triple.predicate == DCT.date:
            return date.fromisoformat(text_of(triple.object)[:10])
    return None


def _within(lifetime: Period, on: date) -> date:
    """The day itself, or the nearest day on which the organisation lived."""
    if lifetime.end and on > lifetime.end:
        return lifetime.end
    if lifetime.start and on < lifetime.start:
        return lifetime.start
    return on


def _turning_days(record: Record) -> Iterator[date]:
    if is_change_event(record):
        happened = event_date(record)
        if happened:
            yield happened
    elif is_organisation(record):
        yield from life(record).turning_days()
        for facet in facets(record):
            yield from facet.period.turning_days()


# --- organisations ---------------------------------------------------------------------------


def _of_organisation(record: Record, on: date) -> Iterator[Triple]:
    subject = record.subject
    stands = status(record, on)
    yield Triple(subject, ROV.orgStatus, stands)
    yield Triple(subject, ADMS.status, stands)
    yield from _names(subject, facets(record), _within(life(record), on))
    for facet in in_force(record, on):
        yield from _of_facet(subject, facet)


def _of_facet(subject: NamedNode, facet: Facet) -> Iterator[Triple]:
    node = facet.node
    match facet.kind:
        case FacetKind.IDENTIFIER:
            yield Triple(subject, ADMS.identifier, node)
            if facet.value(DCT.type) == KBO and (code := facet.value(SKOS.notation)):
                yield Triple(subject, ROV.registration, node)
                if code.value.isalnum() and code.value.isascii():  # else it is no part of an IRI
                    yield Triple(subject, RDFS.seeAlso, NamedNode(KBO_ENTERPRISE + code.value))
        case FacetKind.CLASSIFICATION:
            kind, concept = facet.value(DCT.type), facet.value(REG.concept)
            if isinstance(kind, NamedNode) and concept:
                yield Triple(
                    subject, _CLASSIFICATION_SHORTCUTS.get(kind, ORG.classification), concept
                )
        case FacetKind.PARENT:
            yield from _of_parent(subject, facet)
        case FacetKind.RELATION:
            if other := facet.value(REG.gerelateerdeOrganisatie):
                yield Triple(subject, ORG.linkedTo, other)
        case FacetKind.CONTACT:
            yield Triple(subject, SCHEMA.contactPoint, node)
            if homepage := facet.value(FOAF.homepage):
                yield Triple(subject, FOAF.homepage, homepage)
        case FacetKind.SITE:
            yield Triple(subject, ORG.hasSite, node)
            kind = facet.value(DCT.type)
            if isinstance(kind, NamedNode) and kind in _SITE_SHORTCUTS:
                yield Triple(subject, _SITE_SHORTCUTS[kind], node)
        case FacetKind.POST:
            yield Triple(subject, ORG.hasPost, node)
        case FacetKind.MEMBERSHIP:
            post, holder = facet.value(REG.positie), facet.value(ORG.member)
            if isinstance(post, NamedNode) and holder:
                yield Triple(post, ORG.heldBy, holder)


def _of_parent(subject: NamedNode, facet: Facet) -> Iterator[Triple]:
    yield Triple(subject, ORG.hasMembership, facet.node)
    above = facet.value(ORG.organization)
    if isinstance(above, NamedNode) and facet.value(REG.toepassingsgebied) is None:
        yield Triple(subject, ORG.subOrganizationOf, above)
        yield Triple(above, ORG.hasSubOrganization, subject)


def _names(subject: NamedNode, all_facets: Iterable[Facet], day: date) -> Iterator[Triple]:
    names = [facet for facet in all_facets if facet.kind is FacetKind.NAME]
    shown = _names_in_force(names, day)
    for facet in shown:
        kind, text = facet.value(DCT.type), facet.value(SKOSXL.literalForm)
        if isinstance(kind, NamedNode) and text and kind in _NAME_SHORTCUTS:
            link, literals = _NAME_SHORTCUTS[kind]
            yield Triple(subject, link, facet.node)
            for predicate in literals:
                yield Triple(subject, predicate, text)
    current = {facet.value(SKOSXL.literalForm) for facet in shown}
    for facet in names:
        text = facet.value(SKOSXL.literalForm)
        if text and text not in current and facet.period.ended_before(day):
            yield Triple(subject, SKOSXL.hiddenLabel, facet.node)
            yield Triple(subject, SKOS.hiddenLabel, text)


def _names_in_force(names: Iterable[Facet], day: date) -> list[Facet]:
    """The names in force, with just one preferred name a language."""
    preferred: dict[str, list[Facet]] = {}
    shown = []
    for facet in names:
        text = facet.value(SKOSXL.literalForm)
        if facet.value(DCT.type) == _PREFERRED and isinstance(text, Literal):
            preferred.setdefault(text.language or "", []).append(facet)
        elif facet.period.contains(day):
            shown.append(facet)
    shown += [min(group, key=lambda f: _nearness(f, day)) for group in preferred.values()]
    return shown


def _nearness(facet: Facet, day: date) -> tuple[int, int, str]:
    """Sort key: in force and latest begun first, then the smallest distance in days."""
    period = facet.period
    distance = 0
    if period.start and period.start > day:
        distance = (period.start - day).days
    elif period.end and period.end < day:
        distance = (day - period.end).days
    return (distance, -(period.start.toordinal() if period.start else 0), facet.node.value)


# --- change events ---------------------------------------------------------------------------


def _of_change_event(record: Record, on: date) -> Iterator[Triple]:
    happened = event_date(record)
    if happened is None or happened > on:
        return
    own = record.by_subject[record.iri]
    originals = [_resource(t) for t in own if t.predicate == ORG.originalOrganization]
    results = [_resource(t) for t in own if t.predicate == ORG.resultingOrganization]
    for original in originals:
        yield Triple(original, ORG.changedBy, record.subject)
    for result in results:
        yield Triple(result, ORG.resultedFrom, record.subject)
        for original in originals:
            if original != result:
                yield Triple(result, DCT.replaces, original)
                if original not in results:
                    yield Triple(original, DCT.isReplacedBy, result)


def _resource(triple: Triple) -> NamedNode:
    return NamedNode(text_of(triple.object))
