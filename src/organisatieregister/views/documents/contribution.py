"""What one record brings to the documents view on a day, beside itself. Pure.

It can be made again from the stored record and the day, so what an older version brought is never
noted: it is derived once more and taken away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from pyoxigraph import Triple

from organisatieregister.publication import labels, statements_about_others
from organisatieregister.records import Record, canonical_n_triples, is_part_iri, text_of
from organisatieregister.validity import next_change
from organisatieregister.vocabulary import ORG, REG

# Of whom a record can say something on some day: parents, parties to an event, posts that are held.
_SPOKEN_OF = frozenset(
    {ORG.organization, ORG.originalOrganization, ORG.resultingOrganization, REG.positie}
)


@dataclass(frozen=True)
class Contribution:
    """``subjects`` live in the record, ``labels`` and ``statements`` are N-Triples by subject.

    ``speaks_of`` are the subjects outside the record that it says something about on any day,
    ``turns`` is the first day on which something else follows from it.
    """

    subjects: frozenset[str]
    labels: Mapping[str, bytes]
    statements: Mapping[str, bytes]
    speaks_of: frozenset[str]
    turns: date | None


NOTHING = Contribution(frozenset(), {}, {}, frozenset(), None)


def contribution(record: Record, day: date) -> Contribution:
    """What the record brings on this day."""
    return Contribution(
        subjects=subjects_of(record),
        labels=_by_subject(labels(record, day)),
        statements=_by_subject(statements_about_others(record, day)),
        speaks_of=speaks_of(record),
        turns=next_change(record, day),
    )


def subjects_of(record: Record) -> frozenset[str]:
    """The subjects that can be asked for; the ends of a period come with the period."""
    return frozenset(iri for iri in record.by_subject if iri == without_fragment(iri))


def without_fragment(iri: str) -> str:
    """The part to which an IRI such as ``…/periode/{uuid}#begin`` belongs; others as they are."""
    return iri.partition("#")[0] if "#" in iri and is_part_iri(iri) else iri


def speaks_of(record: Record) -> frozenset[str]:
    """The subjects outside the record about which something follows from it on some day."""
    own = record.by_subject
    return frozenset(
        target
        for triple in record.triples
        if triple.predicate in _SPOKEN_OF and (target := text_of(triple.object)) not in own
    )


def _by_subject(triples: Iterable[Triple]) -> dict[str, bytes]:
    grouped: dict[str, list[Triple]] = {}
    for triple in triples:
        grouped.setdefault(text_of(triple.subject), []).append(triple)
    return {subject: canonical_n_triples(group) for subject, group in grouped.items()}
