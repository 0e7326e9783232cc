"""The rules that need the command: what a change may not do, and what is merely odd.

Only what an operation adds or stretches is checked, so that what came in otherwise and is wrong
already can be mended piece by piece. What a graph can say stands in ``shapes/``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from organisatieregister.changes.days import day_after, day_before
from organisatieregister.changes.guards import KBO_KEY, is_key
from organisatieregister.changes.outcome import Notice, Operation, Outcome, Surroundings
from organisatieregister.changes.slots import content, rule_of, slot
from organisatieregister.changes.trees import cycle, parent_of
from organisatieregister.errors import (
    FactsOverlap,
    ImpossibleDay,
    NumberTaken,
    SelfRelation,
    TreeCycle,
    WrongParties,
)
from organisatieregister.facets import Facet, FacetKind, facets, life
from organisatieregister.periods import Period
from organisatieregister.records import Record, check_normal_form, text_of
from organisatieregister.validity import is_organisation
from organisatieregister.vocabulary import ORG, REG, SCHEMA, SKOS


@dataclass(frozen=True)
class Step:
    """One record before and after; None before is new."""

    before: Record | None
    after: Record

    @property
    def changes(self) -> bool:
        """True when something differs."""
        return self.before is None or self.before.triples != self.after.triples

    def gained(self) -> Iterator[tuple[Facet, list[Period]]]:
        """The facets that are new, say something else or hold longer, and on what days."""
        earlier = {f.node: f for f in facets(self.before)} if self.before else {}
        for facet in facets(self.after):
            old = earlier.get(facet.node)
            if old is None or content(old) != content(facet):
                yield facet, [facet.period]
            elif days := _outside(old.period, facet.period):
                yield facet, days

    @property
    def lives_longer(self) -> bool:
        """True when the organisation has days in its life that it had not."""
        return self.before is None or bool(_outside(life(self.before), life(self.after)))


def concluded(
    what: Operation,
    steps: Sequence[Step],
    around: Surroundings,
    *,
    on: date | None,
    event: Record | None = None,
    closed: Iterable[str] = (),
    withdrawn: Iterable[str] = (),
) -> Outcome:
    """The outcome of an operation, once its records keep the rules. Raises ChangeRefused."""
    steps = [step for step in steps if step.changes]
    after = around.with_changed({step.after.iri: step.after for step in steps})
    if len({step.after.iri for step in steps}) < len(steps):
        raise WrongParties("tweemaal-in-dezelfde-verandering", steps[0].after.iri)
    for step in steps:
        check_normal_form(step.after)
        if is_organisation(step.after):
            _check(step, after)
    changed = tuple(step.after for step in steps)
    return Outcome(
        what,
        changed + ((event,) if event else ()),
        on,
        event.iri if event else None,
        tuple(dict.fromkeys(closed)),
        tuple(notice for step in steps for notice in _oddities(step, after)),
        tuple(withdrawn),
    )


# --- what a record may not become ------------------------------------------------------------


def _check(step: Step, around: Surroundings) -> None:
    record = step.after
    gained = list(step.gained())
    _check_order(record, [record.iri, *(facet.node.value for facet, _ in gained)])
    for facet, days in gained:
        _check_self(record, facet)
        _check_overlap(record, facet, days, around.plural)
        if is_key(facet, KBO_KEY):
            _check_number(record, facet, around)
    climbing = facets(record) if step.lives_longer else [facet for facet, _ in gained]
    for facet in climbing:
        path = cycle(record, facet, around.find) if facet.kind is FacetKind.PARENT else None
        if path:
            raise TreeCycle(
                "kring-in-de-boom", record.iri, path,
                facet=facet.node.value, period=facet.period, other=parent_of(facet),
            )  # fmt: skip


def _check_order(record: Record, subjects: Iterable[str]) -> None:
    for subject in subjects:
        dates = {
            t.predicate: text_of(t.object)
            for t in record.by_subject.get(subject, ())
            if t.predicate in (SCHEMA.startDate, SCHEMA.endDate)
        }
        start, end = dates.get(SCHEMA.startDate, ""), dates.get(SCHEMA.endDate, "")
        if start and end and date.fromisoformat(start) > date.fromisoformat(end):
            raise ImpossibleDay(
                "begin-na-einde", record.iri,
                facet="" if subject == record.iri else subject, period=f"{start}/{end}",
            )  # fmt: skip


def _check_self(record: Record, facet: Facet) -> None:
    related = [
        value.value
        for predicate in (ORG.member, ORG.organization, REG.gerelateerdeOrganisatie)
        if (value := facet.value(predicate))
    ]
    alone = facet.kind is FacetKind.RELATION and record.iri in related
    if alone or (len(related) > 1 and len(set(related)) == 1):
        raise SelfRelation(
            "niet-met-zichzelf", record.iri,
            facet=facet.node.value, period=facet.period, other=record.iri,
        )  # fmt: skip


def _check_overlap(
    record: Record, facet: Facet, days: list[Period], plural: frozenset[str]
) -> None:
    own = slot(facet, plural)
    for other in facets(record):
        if (
            other.node != facet.node
            and any(other.period.overlaps(gained) for gained in days)
            and slot(other, plural) == own
        ):
            raise FactsOverlap(
                rule_of(own), record.iri, facet=facet.node.value, period=facet.period,
                other=other.node.value, other_period=other.period,
            )  # fmt: skip


def _check_number(record: Record, facet: Facet, around: Surroundings) -> None:
    """A KBO number is one organisation's; when another had it, the days must differ."""
    number = facet.value(SKOS.notation)
    holder = around.taken(number.value) if number else None
    if number is None or holder is None or holder == record.iri:
        return
    held = around.find(holder)
    for other in facets(held) if held else ():
        same = is_key(other, KBO_KEY) and other.value(SKOS.notation) == number
        if same and other.period.overlaps(facet.period):
            break
    else:
        if held:
            return
    raise NumberTaken(
        "kbo-nummer-in-gebruik", record.iri,
        facet=facet.node.value, period=facet.period, other=holder,
    )  # fmt: skip


# --- what is merely odd ----------------------------------------------------------------------


def _oddities(step: Step, around: Surroundings) -> Iterator[Notice]:
    """The facets, of those that changed, outside the life of their organisation or its parent."""
    record, touched = step.after, {facet.node for facet, _ in step.gained()}
    lived = life(record)
    another_life = step.before is None or life(step.before) != lived
    for facet in facets(record):
        if (another_life or facet.node in touched) and not _fits(facet.period, lived):
            yield Notice("buiten-de-levensloop", record.iri, facet.node.value, facet.period)
        if facet.kind is FacetKind.PARENT and facet.node in touched:
            above = around.find(parent_of(facet))
            if above and not _fits(facet.period, life(above)):
                yield Notice("moeder-leeft-dan-niet", record.iri, facet.node.value, facet.period)


def _fits(period: Period, lived: Period) -> bool:
    """True when each stated end of the period lies within the life; an absent end fits any life."""
    return all(day is None or lived.contains(day) for day in (period.start, period.end))


def _outside(period: Period, other: Period) -> list[Period]:
    """The days of the other period that this one does not have."""
    start, end = period.start, period.end
    before = Period(None, day_before(start)) if start and start > date.min else None
    after = Period(day_after(end), None) if end and end < date.max else None
    parts = (part.intersection(other) for part in (before, after) if part)
    return [part for part in parts if part]
