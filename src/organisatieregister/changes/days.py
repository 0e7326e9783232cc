"""The days around a day."""

from __future__ import annotations

from datetime import date, timedelta

from organisatieregister.errors import MalformedPeriod

_DAY = timedelta(days=1)


def day_before(day: date) -> date:
    """The day before. Raises MalformedPeriod on the first day of the calendar."""
    if day == date.min:
        raise MalformedPeriod(f"there is no day before {day}", nl=f"er is geen dag voor {day}")
    return day - _DAY


def day_after(day: date) -> date:
    """The day after. Raises MalformedPeriod on the last day of the calendar."""
    if day == date.max:
        raise MalformedPeriod(f"there is no day after {day}", nl=f"er is geen dag na {day}")
    return day + _DAY
