"""Edits of a record's triples: a facet comes, goes, or gets another period. No rules here.

The records that come out may not be in normal form yet (a shared part, say); ``checks.concluded``
makes sure of that once, at the end of an operation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from pyoxigraph import NamedNode, Triple

from organisatieregister.changes.days import day_before
from organisatieregister.errors import MalformedRecord, WrongParties
from organisatieregister.facets import Facet, Triples, dated, facets
from organisatieregister.identifiers import BASE, part_iri
from organisatieregister.periods import Period
from organisatieregister.records import Record, is_part_iri, reachable, text_of
from organisatieregister.vocabulary import DCT, ORG, RDF, REG, SCHEMA

_KIND = re.compile(rf"{re.escape(BASE)}/id/([a-z-]+)/")
_DATES = (DCT.temporal, SCHEMA.startDate, SCHEMA.endDate, ORG.memberDuring)


def facet_of(record: Record, node: str) -> Facet:
    """The facet with this IRI. Raises WrongParties when the record does not have it."""
    for facet in facets(record):
        if facet.node.value == node:
            return facet
    raise WrongParties("facet-onbekend", record.iri, facet=node)


def plus(record: Record, facet: Sequence[Triple]) -> tuple[Record, NamedNode]:
    """The record with one more facet, as a builder made it, and the facet's node.

    The node gets another IRI than the builder gave it when the record has that one already: what
    was ended and begins again is another fact. Raises MalformedRecord for triples that are no facet
    of this record.
    """
    fresh = _renamed_apart(record, _checked(record, facet))
    node = next(t.object for t in fresh if t.predicate == REG.facet)
    return Record(record.iri, record.triples | frozenset(fresh)), NamedNode(text_of(node))


def without(record: Record, node: str) -> Record:
    """The record without this facet and what hangs on it alone."""
    link = Triple(record.subject, REG.facet, NamedNode(node))
    own = record.by_subject.get(node, ())
    return _pruned(Record(record.iri, record.triples - {link, *own}))


def redated(record: Record, subject: NamedNode, period: Period) -> Record:
    """The record in which a facet, or the organisation itself, has another period."""
    own = record.by_subject.get(subject.value, ())
    rest = _pruned(Record(record.iri, record.triples - {t for t in own if t.predicate in _DATES}))
    fresh = dated(subject, period, record.iri)
    if Triple(subject, RDF.type, ORG.Membership) in rest.triples:
        fresh += [
            Triple(subject, ORG.memberDuring, t.object)
            for t in fresh
            if t.predicate == DCT.temporal
        ]
    return Record(record.iri, rest.triples | frozenset(fresh))


def cut(record: Record, node: str, on: date) -> tuple[Record, tuple[str, ...]]:
    """The record in which a facet holds no longer from a day on, and the facet if it was closed.

    One that has not begun by then goes altogether.
    """
    period = facet_of(record, node).period
    if period.start and period.start >= on:
        return without(record, node), ()
    shorter = Period(period.start, day_before(on))
    return redated(record, NamedNode(node), shorter), (node,)


def alive(record: Record, life: Period) -> Record:
    """The record of an organisation with another life."""
    return redated(record, record.subject, life)


def typed(record: Record, classes: Iterable[NamedNode]) -> Record:
    """The record with more classes."""
    return Record(
        record.iri,
        record.triples | {Triple(record.subject, RDF.type, klass) for klass in classes},
    )


def _pruned(record: Record) -> Record:
    """Only what still hangs on the record's resource."""
    kept = reachable(record)
    return Record(record.iri, frozenset(t for t in record.triples if text_of(t.subject) in kept))


def _checked(record: Record, facet: Sequence[Triple]) -> Triples:
    links = [t for t in facet if text_of(t.subject) == record.iri]
    if len(links) != 1 or links[0].predicate != REG.facet:
        raise MalformedRecord(record.iri, "a facet comes with one link from its owner, reg:facet")
    for triple in facet:
        if triple != links[0] and not is_part_iri(text_of(triple.subject)):
            raise MalformedRecord(record.iri, f"<{text_of(triple.subject)[:200]}> is no part")
    return list(facet)


def _renamed_apart(record: Record, facet: Triples) -> Triples:
    """The facet with IRIs of its own: new ones for all its parts when one is in use already."""
    parts = {text_of(t.subject) for t in facet} - {record.iri}
    taken = record.by_subject
    names = {part: part for part in parts}
    attempt = 2
    while any(name in taken for name in names.values()):
        names = {part: _another(record.iri, part, attempt) for part in parts}
        attempt += 1
    return [_with_names(triple, names) for triple in facet]


def _another(owner: str, part: str, attempt: int) -> str:
    whole, _, edge = part.partition("#")
    kind = _KIND.match(whole)
    renamed = part_iri(owner, kind[1] if kind else "", f"{whole}|{attempt}")
    return f"{renamed}#{edge}" if edge else renamed


def _with_names(triple: Triple, names: dict[str, str]) -> Triple:
    subject, target = text_of(triple.subject), triple.object
    if isinstance(target, NamedNode) and target.value in names:
        target = NamedNode(names[target.value])
    return Triple(NamedNode(names.get(subject, subject)), triple.predicate, target)
