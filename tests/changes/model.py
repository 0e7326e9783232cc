"""The rules of the register told day by day: what the state machine holds the operations to.

A day is a number from ``FIRST`` (it and all before it) to ``LAST`` (it and all after it); a fact
holds on a set of days. No periods are compared here, no intervals cut, no trees walked up in time:
each day is looked at by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, field

FIRST, LAST = 0, 11
ALL = frozenset(range(FIRST, LAST + 1))
TREES = ("moeder", "vlimpers")
ONE_OF_VALUE = ("contact",)  # of these kinds only the same value excludes itself

Days = frozenset[int]


def span(start: int | None, end: int | None) -> Days:
    """The days of a period; None is open."""
    return frozenset(range(FIRST if start is None else start, (LAST if end is None else end) + 1))


def since(day: int) -> Days:
    return frozenset(range(day, LAST + 1))


class Broken(Exception):
    """The names of the errors of which one must be raised."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = set(names)
        super().__init__(sorted(self.names))


@dataclass
class Fact:
    kind: str
    value: str
    days: Days
    kbo: bool = False

    def excludes(self, other: Fact) -> bool:
        same = self.kind == other.kind
        return same and (self.kind not in ONE_OF_VALUE or self.value == other.value)


@dataclass
class Body:
    """An organisation: the days on which it lives, and its facts."""

    days: Days
    facts: list[Fact] = field(default_factory=list)

    def ended_before(self, day: int) -> bool:
        return max(self.days) < day

    def in_force(self, kind: str, day: int) -> Fact | None:
        return next((f for f in self.facts if f.kind == kind and day in f.days), None)

    def cut(self, fact: Fact, day: int) -> None:
        fact.days -= since(day)
        if not fact.days:
            self.facts.remove(fact)


class World:
    """All organisations by code, and the day that it is."""

    def __init__(self, today: int) -> None:
        self.bodies: dict[str, Body] = {}
        self.today = today

    # --- what is broken ------------------------------------------------------------------

    def ended(self, code: str, on: int | None) -> set[str]:
        body = self.bodies[code]
        over = body.ended_before(self.today) or (on is not None and body.ended_before(on))
        return {"OrganisationEnded"} if over else set()

    def owned(self, code: str, fact: Fact, on: int, through_kbo: bool) -> set[str]:
        coupled = any(f.kind == "kbo" and f.days & since(on) for f in self.bodies[code].facts)
        if fact.kind == "kbo" or (fact.kbo and coupled and not through_kbo):
            return {"OwnedElsewhere"}
        return set()

    def wrongs(self) -> set[str]:
        """The rules that the world as it stands breaks, day by day."""
        found = set()
        for code, body in self.bodies.items():
            for number, fact in enumerate(body.facts):
                if fact.kind in TREES and fact.value == code:
                    found.add("SelfRelation")
                for other in body.facts[number + 1 :]:
                    if fact.excludes(other) and fact.days & other.days:
                        found.add("FactsOverlap")
        if any(self._in_a_ring(tree, day) for tree in TREES for day in ALL):
            found.add("TreeCycle")
        held = [
            (fact.value, day)
            for body in self.bodies.values()
            for fact in body.facts
            if fact.kind == "kbo"
            for day in fact.days
        ]
        if len(held) > len(set(held)):
            found |= {"NumberTaken", "FactsOverlap"}
        return found

    def _in_a_ring(self, tree: str, day: int) -> bool:
        above = {
            code: parent.value
            for code, body in self.bodies.items()
            if day in body.days and (parent := body.in_force(tree, day))
        }
        for code in above:
            up, steps = above.get(code), 0
            while up is not None and up != code and steps <= len(above):
                up, steps = above.get(up), steps + 1
            if up == code:
                return True
        return False

    def attempt(self, broken: set[str], change: Callable[[], None]) -> None:
        """Make a change unless something is broken before or after it."""
        if broken:
            raise Broken(broken)
        kept = deepcopy(self.bodies)
        change()
        if wrong := self.wrongs():
            self.bodies = kept
            raise Broken(wrong)

    # --- operations ----------------------------------------------------------------------

    def register(self, code: str, name: str, days: Days, number: str) -> None:
        def change() -> None:
            facts = [Fact("naam", name, since(min(days)))]
            facts += [Fact("kbo", number, since(min(days)))] if number else []
            self.bodies[code] = Body(days, facts)

        try:
            self.attempt(set(), change)
        except Broken:
            self.bodies.pop(code, None)
            raise

    def add(self, code: str, new: Fact) -> None:
        on = min(new.days) if min(new.days) > FIRST else None
        self.attempt(self.ended(code, on), lambda: self.bodies[code].facts.append(new))

    def change(self, code: str, old: Fact, new: Fact, through_kbo: bool) -> None:
        on = min(new.days)
        if on == FIRST or max(old.days) < on:
            raise Broken({"ImpossibleDay"})

        def change() -> None:
            self.bodies[code].cut(old, on)
            self.bodies[code].facts.append(new)

        self.attempt(self.ended(code, on) | self.owned(code, old, on, through_kbo), change)

    def end(self, code: str, old: Fact, on: int, through_kbo: bool) -> None:
        if max(old.days) < on:
            raise Broken({"ImpossibleDay"})
        self.attempt(
            self.ended(code, on) | self.owned(code, old, on, through_kbo),
            lambda: self.bodies[code].cut(old, on),
        )

    def succeed(self, code: str, kind: str, value: str, on: int, through_kbo: bool) -> None:
        """Rename and move: a new value from a day on; "" is none."""
        body = self.bodies[code]
        old = body.in_force(kind, on)
        broken = self.ended(code, on)
        if old:
            broken |= self.owned(code, old, on, through_kbo)
            days = old.days & since(on)
        else:
            later = [min(f.days) for f in body.facts if f.kind == kind and min(f.days) > on]
            days = since(on) - (since(min(later)) if later else frozenset())
            if not value:
                broken |= {"ImpossibleDay"}

        def change() -> None:
            if old:
                body.cut(old, on)
            if value:
                body.facts.append(Fact(kind, value, days))

        self.attempt(broken, change)

    def redate(self, fact: Fact, days: Days) -> None:
        def change() -> None:
            fact.days = days

        kept = fact.days
        try:
            self.attempt(set(), change)
        except Broken:
            fact.days = kept
            raise

    def relive(self, code: str, days: Days) -> None:
        def change() -> None:
            self.bodies[code].days = days

        self.attempt(set(), change)

    def terminate(self, code: str, on: int) -> None:
        self.attempt(self.ended(code, on) | self._unbegun(code, on), lambda: self._end(code, on))

    def reopen(self, code: str) -> None:
        body = self.bodies[code]
        last = max(body.days)
        if last == LAST:
            raise Broken({"ImpossibleDay"})

        def change() -> None:
            body.days |= since(last + 1)
            for fact in body.facts:
                if fact.kind in TREES or max(fact.days) != last:
                    continue
                later = [min(f.days) for f in body.facts if fact.excludes(f) and min(f.days) > last]
                fact.days |= since(last + 1) - (since(min(later)) if later else frozenset())

        self.attempt(set(), change)

    def couple(self, code: str, number: str, on: int) -> None:
        new = Fact("kbo", number, since(on))
        self.attempt(self.ended(code, on), lambda: self.bodies[code].facts.append(new))

    def uncouple(self, code: str, on: int) -> None:
        body = self.bodies[code]
        held = [f for f in body.facts if f.kind == "kbo" and max(f.days) >= on]
        broken = self.ended(code, on) | (set() if held else {"ImpossibleDay"})

        def change() -> None:
            for fact in held:
                body.cut(fact, on)

        self.attempt(broken, change)

    def merge(self, originals: list[str], into: str, on: int, children: list[str]) -> set[str]:
        """The originals, the survivor of an absorption among them."""
        parties = set(originals)
        if into in originals or not self._unbegun(into, on):
            parties.add(into)
        broken = self._as_result(into, on)
        if len(set(originals)) < len(originals) or len(parties) < 2:
            broken |= {"WrongParties"}
        for party in parties:
            broken |= self._unbegun(party, on)
        self._succession(parties - {into}, {into: children}, on, broken)
        return parties

    def split(self, original: str, into: list[str], on: int, children: list[str]) -> None:
        broken = {"WrongParties"} if len(set(into)) < max(2, len(into)) else set()
        broken |= self._unbegun(original, on)
        for result in into:
            broken |= self._as_result(result, on)
        moving = {into[0]: children} if into else {}
        self._succession({original} - set(into), moving, on, broken)

    def replace(self, original: str, by: str, on: int, children: list[str]) -> None:
        broken = {"WrongParties"} if original == by else set()
        broken |= self._as_result(by, on)
        self._succession({original}, {by: children}, on, broken)

    def dissolve(self, original: str, on: int) -> None:
        self._succession({original}, {}, on, set())

    # --- parts of operations -------------------------------------------------------------

    def _unbegun(self, code: str, on: int) -> set[str]:
        """Broken when the organisation has no day before this one."""
        return {"ImpossibleDay"} if min(self.bodies[code].days) >= on else set()

    def _as_result(self, code: str, on: int) -> set[str]:
        coming = {"ImpossibleDay"} if min(self.bodies[code].days) > on else set()
        return coming | self.ended(code, on)

    def _end(self, code: str, on: int) -> None:
        body = self.bodies[code]
        body.days -= since(on)
        for fact in list(body.facts):
            if fact.kind not in TREES and on - 1 in fact.days:
                body.cut(fact, on)

    def _succession(
        self, gone: set[str], moving: dict[str, list[str]], on: int, broken: set[str]
    ) -> None:
        ending = {code for code in gone if max(self.bodies[code].days) != on - 1}
        for code in ending:
            broken |= self.ended(code, on) | self._unbegun(code, on)

        def change() -> None:
            for code in ending:
                self._end(code, on)
            for to, children in moving.items():
                for child in children:
                    if child not in gone and not self.bodies[child].ended_before(on):
                        self._transfer(child, gone, to, on)

        self.attempt(broken, change)

    def _transfer(self, child: str, gone: set[str], to: str, on: int) -> None:
        body = self.bodies[child]
        for fact in list(body.facts):
            moved = fact.days & since(on)
            if fact.kind in TREES and fact.value in gone and moved:
                body.cut(fact, on)
                body.facts.append(Fact(fact.kind, to, moved))
