"""An organisation ends: its life and its open facets are closed; and it may be reopened."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from pyoxigraph import NamedNode, Triple

from organisatieregister.changes.checks import Step, concluded
from organisatieregister.changes.days import day_after, day_before
from organisatieregister.changes.editing import alive, redated
from organisatieregister.changes.guards import OVO_KEY, is_key, require_living
from organisatieregister.changes.outcome import Operation, Outcome, Surroundings
from organisatieregister.changes.slots import in_slot, slot
from organisatieregister.errors import ImpossibleDay, WrongParties
from organisatieregister.facets import Facet, FacetKind, facets, life
from organisatieregister.periods import Period
from organisatieregister.records import Record
from organisatieregister.vocabulary import ORG, RDF, VLORG


def terminate(record: Record, on: date, around: Surroundings) -> Outcome:
    """From a day on the organisation is no more: its last day is the one before.

    What is open is closed on that last day, and listed. Parents stay (who looks at an earlier
    date still sees the tree, and history keeps where it belonged), and so does the OVO code.
    Facts that would begin later stay too, with a warning.
    """
    require_living(record, on, around)
    after, closed = ended(record, on)
    return concluded(Operation.TERMINATION, [Step(record, after)], around, on=on, closed=closed)


def reopen(
    record: Record, around: Surroundings,
    *, ending: Record | None = None, facets_closed: Collection[str] | None = None,
) -> Outcome:  # fmt: skip
    """The organisation did not end after all, and lives on from the day after its last.

    ``facets_closed`` are the facets that go on with it: those that the termination listed, by
    default all that ended on the last day. ``ending`` is the event by which it ended, if there was
    one: it is withdrawn, or goes on without this organisation. Who has a successor cannot be
    reopened (WrongParties).
    """
    last = life(record).end
    if last is None:
        raise ImpossibleDay("niet-beeindigd", record.iri, period=life(record))
    on = day_after(last)
    after = alive(record, Period(life(record).start, None))
    for facet in facets(record):
        chosen = facets_closed is None or facet.node.value in facets_closed
        if chosen and facet.period.end == last and facet.kind is not FacetKind.PARENT:
            after = redated(after, facet.node, _reopened(after, facet, around))
    steps, withdrawn = [Step(record, after)], []
    if ending and (rest := _without_original(ending, record)):
        steps.append(Step(ending, rest))
    elif ending:
        withdrawn.append(ending.iri)
    return concluded(Operation.REOPENING, steps, around, on=on, withdrawn=withdrawn)


def ended(record: Record, on: date) -> tuple[Record, tuple[str, ...]]:
    """The record of an organisation that is no more from a day on, and the facets closed with it.

    Raises ImpossibleDay when it has no day before that.
    """
    lived, last = life(record), day_before(on)
    if lived.begins_after(last):
        raise ImpossibleDay("nog-niet-begonnen", record.iri, period=lived)
    after, closed = alive(record, Period(lived.start, last)), []
    for facet in facets(record):
        if facet.period.contains(last) and facet.period.end != last and _ends_too(facet):
            after = redated(after, facet.node, Period(facet.period.start, last))
            closed.append(facet.node.value)
    return after, tuple(closed)


def _ends_too(facet: Facet) -> bool:
    return facet.kind is not FacetKind.PARENT and not is_key(facet, OVO_KEY)


def _reopened(record: Record, facet: Facet, around: Surroundings) -> Period:
    """The facet's period without its end, up to what was planned to follow it."""
    last = facet.period.end
    later = [
        day_before(other.period.start)
        for other in in_slot(record, slot(facet, around.plural), around.plural)
        if other.period.start and last and other.period.start > last
    ]
    return Period(facet.period.start, min(later, default=None))


def _without_original(event: Record, organisation: Record) -> Record | None:
    """The event without this organisation; None when nothing is left of it."""
    if Triple(event.subject, RDF.type, VLORG.Stopzetting) not in event.triples:
        raise WrongParties("heeft-een-opvolger", organisation.iri, other=event.iri)
    link = Triple(event.subject, ORG.originalOrganization, NamedNode(organisation.iri))
    rest = event.triples - {link}
    if any(t.predicate == ORG.originalOrganization for t in rest):
        return Record(event.iri, rest)
    return None
