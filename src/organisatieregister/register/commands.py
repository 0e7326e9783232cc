"""Commands: operations of ``changes`` with their words filled in, waiting for a desk.

Command line and API make them. Organisations are named by IRI; a ``Fact`` makes the triples of a
facet once the owner is known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from pyoxigraph import Literal, NamedNode

from organisatieregister import changes, facets
from organisatieregister.changes import Outcome, Surroundings
from organisatieregister.facets import Triples
from organisatieregister.identifiers import KboNumber
from organisatieregister.periods import Period
from organisatieregister.records import Record
from organisatieregister.register.desk import Command, Desk

Fact = Callable[[str], Triples]


@dataclass(frozen=True)
class Newcomer:
    """An organisation to be: its name and, where they are known, parent, KBO number and facts.

    ``founded_by`` are the frameworks of its foundation; None: no foundation is told.
    """

    name: str
    parent: str = ""
    kbo: KboNumber | None = None
    public: bool = True
    facts: Sequence[Fact] = ()
    founded_by: Sequence[str] | None = None


@dataclass(frozen=True)
class Result:
    """What comes out of a split: an organisation that is there or a new one; and who goes to it."""

    organisation: str | Newcomer
    children: Sequence[str] = ()


def register(newcomer: Newcomer, life: Period) -> Command:
    """A new organisation, from the first day of its life on."""
    return lambda desk: _registered(desk, newcomer, life)[0]


def rename(
    iri: str, name: str, on: date, *, kind: str = "voorkeursnaam", language: str = "nl"
) -> Command:
    """Another name; ``kind`` is a code of Benamingtype."""
    return lambda desk: changes.rename(
        desk.record(iri), name, on, desk.around, kind=kind, language=language
    )


def add(iri: str, fact: Fact) -> Command:
    """A new fact."""
    return lambda desk: changes.add(desk.record(iri), fact(iri), desk.around)


def change(iri: str, facet: str, fact: Fact) -> Command:
    """A fact that takes the place of another from its first day on."""
    return lambda desk: changes.change(desk.record(iri), facet, fact(iri), desk.around)


def end(iri: str, facet: str, on: date) -> Command:
    """A fact that holds no longer."""
    return lambda desk: changes.end(desk.record(iri), facet, on, desk.around)


def describe(iri: str, predicate: NamedNode, values: Sequence[Literal | NamedNode]) -> Command:
    """Other values of an undated fact."""
    return lambda desk: changes.describe(desk.record(iri), predicate, values, desk.around)


def move(iri: str, parent: str, on: date, *, framework: str = "") -> Command:
    """Another parent; "" is none."""

    def command(desk: Desk) -> Outcome:
        if parent:
            desk.record(parent)
        return changes.move(desk.record(iri), parent, on, desk.around, framework=framework)

    return command


def merge(originals: Sequence[str], into: str | Newcomer, on: date, *, label: str = "") -> Command:
    """Two or more become one, new or not; whoever stood under those that end comes along."""

    def command(desk: Desk) -> Outcome:
        parties = [desk.record(iri) for iri in originals]
        founding, result, around = _result(desk, into, on)
        children = _children(desk, [iri for iri in originals if iri != result.iri])
        outcome = changes.merge(parties, result, on, around, children=children, label=label)
        return outcome.after(founding) if founding else outcome

    return command


def split(original: str, into: Sequence[Result], on: date, *, label: str = "") -> Command:
    """One becomes two or more."""

    def command(desk: Desk) -> Outcome:
        around, foundings, results, moving = desk.around, [], [], {}
        for part in into:
            founding, result, around = _result(desk, part.organisation, on, around)
            foundings += [founding] if founding else []
            results.append(result)
            moving[result.iri] = [desk.record(iri) for iri in part.children]
        whole = desk.record(original)
        outcome = changes.split(whole, results, on, around, children=moving, label=label)
        for founding in reversed(foundings):
            outcome = outcome.after(founding)
        return outcome

    return command


def replace(original: str, by: str | Newcomer, on: date, *, label: str = "") -> Command:
    """Another takes its place, and those that stood under it."""

    def command(desk: Desk) -> Outcome:
        founding, result, around = _result(desk, by, on)
        outcome = changes.replace(
            desk.record(original), result, on, around,
            children=_children(desk, [original]), label=label,
        )  # fmt: skip
        return outcome.after(founding) if founding else outcome

    return command


def dissolve(iri: str, on: date, *, reason: str = "", label: str = "") -> Command:
    """The end, without a successor; ``reason`` is the IRI of a concept."""
    return lambda desk: changes.dissolve(
        desk.record(iri), on, desk.around, reason=reason, label=label
    )


def terminate(iri: str, on: date) -> Command:
    """The end, without an event."""
    return lambda desk: changes.terminate(desk.record(iri), on, desk.around)


def reopen(iri: str, *, ending: str = "") -> Command:
    """It did not end after all; ``ending`` is the event by which it did, if there was one."""
    return lambda desk: changes.reopen(
        desk.record(iri), desk.around, ending=desk.record(ending) if ending else None
    )


def correct(corrected: Record) -> Command:
    """The record as it should have read."""
    return lambda desk: changes.correct(desk.record(corrected.iri), corrected, desk.around)


def redate(iri: str, facet: str, period: Period) -> Command:
    """Another period of a fact, or of the life when ``facet`` is the organisation."""
    return lambda desk: changes.redate(desk.record(iri), facet, period, desk.around)


def couple(iri: str, number: KboNumber, on: date) -> Command:
    """It is the enterprise with this number in the KBO."""
    return lambda desk: changes.couple(desk.record(iri), number, on, desk.around)


def uncouple(iri: str, on: date) -> Command:
    """It has no KBO number any more."""
    return lambda desk: changes.uncouple(desk.record(iri), on, desk.around)


def _registered(
    desk: Desk, newcomer: Newcomer, life: Period, around: Surroundings | None = None
) -> tuple[Outcome, Record]:
    code = desk.new_code()
    facts = [fact(code.iri) for fact in newcomer.facts]
    if newcomer.parent:
        desk.record(newcomer.parent)
        facts.append(facets.parent(code.iri, newcomer.parent, Period(life.start)))
    outcome = changes.register(
        code, newcomer.name, around or desk.around, life=life, kbo=newcomer.kbo,
        public=newcomer.public, more=facts, founded_by=newcomer.founded_by,
    )  # fmt: skip
    return outcome, outcome.record(code.iri)


def _result(
    desk: Desk, into: str | Newcomer, on: date, around: Surroundings | None = None
) -> tuple[Outcome | None, Record, Surroundings]:
    """The organisation that something becomes, how it came to be, and the register with it."""
    before = around or desk.around
    if isinstance(into, str):
        return None, desk.record(into), before
    founding, record = _registered(desk, into, Period(on), before)
    return founding, record, before.with_changed({record.iri: record})


def _children(desk: Desk, parents: Sequence[str]) -> list[Record]:
    """Those under any of them, each once, in order of IRI."""
    found = {child.iri: child for parent in parents for child in desk.children(parent)}
    return [found[iri] for iri in sorted(found)]
