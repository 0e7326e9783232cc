"""Periods: closed spans of days, both ends included, an absent end is open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from organisatieregister.errors import MalformedPeriod

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Spellings of "no end" that the sources use.
_NEVER = frozenset({"9999-12-31", "9999-12-30", "0001-01-01"})


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` up to and including ``end``; None is open."""

    start: date | None = None
    end: date | None = None

    def __post_init__(self) -> None:
        if self.start and self.end and self.start > self.end:
            raise MalformedPeriod(
                f"starts on {self.start}, after its end on {self.end}",
                nl=f"begint op {self.start}, na het einde op {self.end}",
            )

    @classmethod
    def parse(cls, start: str = "", end: str = "") -> Period:
        """From ISO dates; empty, and the spellings of "never" in the wild, are open."""
        return cls(parse_day(start), parse_day(end))

    @property
    def is_open(self) -> bool:
        """True when neither end is known."""
        return self.start is None and self.end is None

    def contains(self, day: date) -> bool:
        """True when ``day`` lies inside."""
        return not self.begins_after(day) and not self.ended_before(day)

    def begins_after(self, day: date) -> bool:
        """True when the period has not begun on ``day``."""
        return self.start is not None and self.start > day

    def ended_before(self, day: date) -> bool:
        """True when the period is over on ``day``."""
        return self.end is not None and self.end < day

    def overlaps(self, other: Period) -> bool:
        """True when some day lies in both."""
        return self.intersection(other) is not None

    def intersection(self, other: Period) -> Period | None:
        """The days in both, or None."""
        starts = [day for day in (self.start, other.start) if day]
        ends = [day for day in (self.end, other.end) if day]
        start = max(starts, default=None)
        end = min(ends, default=None)
        if start and end and start > end:
            return None
        return Period(start, end)

    def turning_days(self) -> tuple[date, ...]:
        """The days on which it comes into force and on which it no longer is."""
        days = []
        if self.start:
            days.append(self.start)
        if self.end and self.end < date.max:
            days.append(self.end + timedelta(days=1))
        return tuple(days)

    def __str__(self) -> str:
        return f"{self.start or '…'}/{self.end or '…'}"


ALWAYS = Period()


def parse_day(text: str) -> date | None:
    """An ISO date; empty or "never" is None. Raises MalformedPeriod."""
    stripped = text.strip()
    if not stripped or stripped in _NEVER:
        return None
    if not _DAY.fullmatch(stripped):  # Python also reads 20240630 and 2024-W26-7
        raise _no_date(text)
    try:
        return date.fromisoformat(stripped)
    except ValueError as error:
        raise _no_date(text) from error


def _no_date(text: str) -> MalformedPeriod:
    given = repr(text[:40])
    return MalformedPeriod(
        f"{given} is no date (year-month-day)", nl=f"{given} is geen datum (jaar-maand-dag)"
    )
