"""Chance that is the same everywhere: only ``Random.random`` is promised never to change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from organisatieregister.periods import ALWAYS, Period

NEWEST = date(2025, 12, 31)  # nothing changes after it

T = TypeVar("T")


class Dice:
    """Draws for one thing, from the seed of the register and the number of the thing."""

    __slots__ = ("_draw",)

    def __init__(self, seed: int, number: int, purpose: int = 0) -> None:
        self._draw = Random((seed << 40) ^ (purpose << 32) ^ number).random  # noqa: S311 (no secret)

    def chance(self, probability: float) -> bool:
        """True in this share of the draws."""
        return self._draw() < probability

    def below(self, limit: int) -> int:
        """An integer from 0 up to ``limit``, which is left out."""
        return int(self._draw() * limit)

    def between(self, low: int, high: int) -> int:
        """An integer from ``low`` to ``high``, both included."""
        return low + int(self._draw() * (high - low + 1))

    def pick(self, choices: Sequence[T]) -> T:
        """One of the choices."""
        return choices[int(self._draw() * len(choices))]

    def day(self, first: date, last: date) -> date:
        """A day from the first to the last, both included."""
        return first + timedelta(days=self.between(0, max(0, (last - first).days)))

    def change(self, life: Period, probability: float) -> tuple[Period | None, Period]:
        """The period before a change and that after it; None and always when nothing changed."""
        if life.start is None or not self.chance(probability):
            return None, ALWAYS
        last = min(life.end or NEWEST, NEWEST)
        if (last - life.start).days < 3:
            return None, ALWAYS
        day = self.day(life.start + timedelta(days=1), last)
        return Period(life.start, day - timedelta(days=1)), Period(day)
