"""Organisations end in others: mergers, splits and replacements; and in none: dissolution."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from organisatieregister.changes import events
from organisatieregister.changes.checks import Step, concluded
from organisatieregister.changes.days import day_before
from organisatieregister.changes.ending import ended
from organisatieregister.changes.guards import require_living
from organisatieregister.changes.moving import transferred
from organisatieregister.changes.outcome import Operation, Outcome, Surroundings
from organisatieregister.errors import ImpossibleDay, WrongParties
from organisatieregister.facets import life
from organisatieregister.records import Record
from organisatieregister.vocabulary import VLORG


def merge(
    originals: Sequence[Record], into: Record, on: date, around: Surroundings,
    *, children: Iterable[Record] = (), label: str = "",
) -> Outcome:  # fmt: skip
    """Two or more organisations become one on a day; the others end on the day before.

    ``into`` is a new organisation (made by ``register``: a fusion), or one that existed before (an
    absorption: the survivor is an original too, named among them or not). ``children`` are
    the organisations under those that end; they move to the result, in every tree.
    """
    merging = _distinct(originals)
    twice = len(merging) < len(originals)
    if into.iri in merging or not _is_new(into, on):
        merging[into.iri] = into
    if twice or len(merging) < 2:
        raise WrongParties("fusie-van-twee-of-meer", into.iri)
    _require_result(into, on, around)
    parties = list(merging.values())
    _require_begun(parties, on)
    return _succession(
        Operation.MERGER,
        events.event(
            events.MERGER, on, label or events.merger_label(parties, into, on),
            originals=parties, results=[into],
        ),
        parties, {into.iri: (into, children)}, on, around,
    )  # fmt: skip


def split(
    original: Record, into: Sequence[Record], on: date, around: Surroundings,
    *, children: Mapping[str, Iterable[Record]] | None = None, label: str = "",
) -> Outcome:  # fmt: skip
    """One organisation becomes two or more on a day; it goes on itself when it is one of them.

    ``children`` are the organisations under it that move to a result, by the result's IRI.
    """
    results = _distinct(into)
    if len(results) < 2 or len(results) < len(into):
        raise WrongParties("splitsing-in-twee-of-meer", original.iri)
    _require_begun([original], on)
    for result in results.values():
        _require_result(result, on, around)
    moving = children or {}
    return _succession(
        Operation.SPLIT,
        events.event(
            events.SPLIT, on, label or events.split_label(original, into, on),
            originals=[original], results=into,
        ),
        [original], {iri: (r, moving.get(iri, ())) for iri, r in results.items()}, on, around,
    )  # fmt: skip


def replace(
    original: Record, by: Record, on: date, around: Surroundings,
    *, children: Iterable[Record] = (), label: str = "",
) -> Outcome:  # fmt: skip
    """Another organisation, new or not, takes the place of one on a day."""
    if original.iri == by.iri:
        raise WrongParties("vervanging-door-een-andere", original.iri, other=by.iri)
    _require_result(by, on, around)
    return _succession(
        Operation.REPLACEMENT,
        events.event(
            events.REPLACEMENT, on, label or events.replacement_label(original, by, on),
            originals=[original], results=[by],
        ),
        [original], {by.iri: (by, children)}, on, around,
    )  # fmt: skip


def dissolve(
    original: Record, on: date, around: Surroundings, *, reason: str = "", label: str = ""
) -> Outcome:
    """An organisation ends on a day without a successor; ``reason`` is a concept's IRI."""
    name = events.name_on(original, day_before(on))
    return _succession(
        Operation.DISSOLUTION,
        events.event(
            events.DISSOLUTION, on, label or f"Ontbinding van {name}", originals=[original],
            more=[(VLORG.redenStopzetting, reason)] if reason else (),
        ),
        [original], {}, on, around,
    )  # fmt: skip


def _succession(
    what: Operation, event: Record, originals: Sequence[Record],
    results: Mapping[str, tuple[Record, Iterable[Record]]], on: date, around: Surroundings,
) -> Outcome:  # fmt: skip
    """The originals that are no result end, their children move; all that with its event."""
    gone = [record for record in originals if record.iri not in results]
    gone_iris = {record.iri for record in gone}
    steps: list[Step] = []
    closed: list[str] = []
    for record in gone:
        after, cut_off = _ended_once(record, on, around)
        steps.append(Step(record, after))
        closed += cut_off
    for result, children in results.values():
        before = around.find(result.iri) if _is_new(result, on) else result
        steps.append(Step(before, result))
        for step, cut_off in transferred(children, gone_iris, result, on):
            steps.append(step)
            closed += cut_off
    return concluded(what, steps, around, on=on, event=event, closed=closed)


def _ended_once(record: Record, on: date, around: Surroundings) -> tuple[Record, tuple[str, ...]]:
    """As ``ended``; an organisation of which the last day is known already stays as it is."""
    if life(record).end == day_before(on):
        return record, ()
    require_living(record, on, around)
    return ended(record, on)


def _require_result(record: Record, on: date, around: Surroundings) -> None:
    require_living(record, on, around)
    if life(record).begins_after(on):
        raise ImpossibleDay("nog-niet-begonnen", record.iri, period=life(record))


def _require_begun(originals: Iterable[Record], on: date) -> None:
    for record in originals:
        if _is_new(record, on):
            raise ImpossibleDay("nog-niet-begonnen", record.iri, period=life(record))


def _is_new(record: Record, on: date) -> bool:
    """True when the organisation has no day before this one; it may not be in the register yet."""
    start = life(record).start
    return start is not None and start >= on


def _distinct(records: Iterable[Record]) -> dict[str, Record]:
    return {record.iri: record for record in records}
