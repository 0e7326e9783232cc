"""What became of an organisation, and what it came from, through any number of change events.

Time runs one way: going forward an event counts when it does not lie before the one that led to
it, going back when it does not lie after. So no circle of events is gone round twice.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from pyoxigraph import NamedNode

from organisatieregister.records import Record, text_of
from organisatieregister.summaries import Summary, in_dutch
from organisatieregister.validity import BEING_FOUNDED, INACTIVE, event_date, status
from organisatieregister.vocabulary import ORG, RDF, RDFS


@dataclass(frozen=True, slots=True)
class Transition:
    """A dated change event by which organisations became others; all but the label are IRIs."""

    iri: str
    day: date
    kinds: tuple[str, ...]
    label: str
    originals: tuple[str, ...]
    results: tuple[str, ...]

    @classmethod
    def of(cls, record: Record) -> Transition | None:
        """What a record tells of a change; None when it has no date or is no such event."""
        day = event_date(record)
        originals = _objects(record, ORG.originalOrganization)
        results = _objects(record, ORG.resultingOrganization)
        if day is None or not originals or not results:
            return None
        kinds = tuple(k for k in _objects(record, RDF.type) if k != ORG.ChangeEvent.value)
        own = record.by_subject[record.iri]
        label = in_dutch(t.object for t in own if t.predicate == RDFS.label)  # type: ignore[misc]
        return cls(record.iri, day, kinds, label, originals, results)

    def became(self, iri: str) -> tuple[str, ...]:
        """Those that an organisation went on in; none when it stayed itself."""
        return self.results if iri in self.originals and iri not in self.results else ()

    def came_from(self, iri: str) -> tuple[str, ...]:
        """The others from which an organisation came, or that it absorbed."""
        if iri not in self.results:
            return ()
        return tuple(other for other in self.originals if other != iri)


@dataclass(frozen=True, slots=True)
class Member:
    """An organisation in a lineage; ``summary`` is None when the register does not have it."""

    iri: str
    summary: Summary | None
    in_force: bool


@dataclass(frozen=True, slots=True)
class Lineage:
    """What was found from an organisation: the answer, the way to it, and whom it passed.

    ``found`` are the answer, ``events`` in order of day, ``members`` all organisations of the
    events and the first one itself, in order of IRI; ``on`` is the day of what is said of them.
    """

    start: str
    on: date
    found: tuple[str, ...]
    events: tuple[Transition, ...]
    members: tuple[Member, ...]

    def member(self, iri: str) -> Member:
        """One of the members."""
        return next(member for member in self.members if member.iri == iri)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where records come from: one by IRI, and the change events that name an organisation."""

    record: Callable[[str], Record | None]
    events: Callable[[str], Iterable[Record]]

    def transitions(self, iri: str) -> Iterator[Transition]:
        """The changes in which an organisation took part."""
        for record in self.events(iri):
            if transition := Transition.of(record):
                yield transition

    def member(self, iri: str, on: date) -> Member:
        """An organisation as it is on a day."""
        record = self.record(iri)
        if record is None:
            return Member(iri, None, in_force=False)
        gone = status(record, on) in (INACTIVE, BEING_FOUNDED)
        return Member(iri, Summary.of(record, on), in_force=not gone)


def successors(iri: str, on: date, sources: Sources) -> Lineage:
    """The organisations in force on a day in which this one goes on; itself while it is."""
    waiting = [(date.min, iri)]
    seen: dict[str, Member] = {}
    events: dict[str, Transition] = {}
    while waiting:
        since, current = heapq.heappop(waiting)  # the earliest first: no later way leads further
        if current in seen:
            continue
        seen[current] = sources.member(current, on)
        if seen[current].in_force:
            continue
        for event in sources.transitions(current):
            if since <= event.day <= on and (became := event.became(current)):
                events[event.iri] = event
                for result in became:
                    heapq.heappush(waiting, (event.day, result))
    found = [member.iri for member in seen.values() if member.in_force]
    return _lineage(iri, on, found, events, sources)


def predecessors(iri: str, sources: Sources, on: date, *, only_in_force: bool) -> Lineage:
    """Those from which an organisation came: all of them, or those that were in force on the day.

    Of the latter the organisation itself may be one.
    """
    after = on if only_in_force else date.min
    waiting = [(-date.max.toordinal(), iri)]
    seen: dict[str, Member] = {}
    events: dict[str, Transition] = {}
    while waiting:
        upto, current = heapq.heappop(waiting)  # the latest first
        if current in seen:
            continue
        seen[current] = sources.member(current, on)
        for event in sources.transitions(current):
            day = event.day.toordinal()
            if after < event.day and day <= -upto and (others := event.came_from(current)):
                events[event.iri] = event
                for original in others:
                    heapq.heappush(waiting, (-day, original))
    if only_in_force:
        found = [member.iri for member in seen.values() if member.in_force]
    else:
        found = [other for other in seen if other != iri]
    return _lineage(iri, on, found, events, sources)


def _lineage(
    iri: str, on: date, found: Iterable[str], events: dict[str, Transition], sources: Sources
) -> Lineage:
    chain = sorted(events.values(), key=lambda event: (event.day, event.iri))
    named = {iri, *found}.union(*({*event.originals, *event.results} for event in chain))
    members = tuple(sources.member(other, on) for other in sorted(named))
    return Lineage(iri, on, tuple(sorted(found)), tuple(chain), members)


def _objects(record: Record, predicate: NamedNode) -> tuple[str, ...]:
    own = record.by_subject.get(record.iri, ())
    return tuple(sorted(text_of(t.object) for t in own if t.predicate == predicate))
