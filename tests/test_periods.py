"""Periods: closed, day-precise, absent ends open."""

from datetime import date, timedelta

import pytest
from hypothesis import given

from organisatieregister.errors import MalformedPeriod
from organisatieregister.periods import ALWAYS, Period, parse_day
from tests.examples import days, periods


def test_both_ends_are_included() -> None:
    year = Period.parse("2024-01-01", "2024-12-31")
    assert year.contains(date(2024, 1, 1))
    assert year.contains(date(2024, 12, 31))
    assert not year.contains(date(2023, 12, 31))
    assert not year.contains(date(2025, 1, 1))


@pytest.mark.parametrize("never", ["", "  ", "9999-12-31"])
def test_the_spellings_of_never_are_open(never: str) -> None:
    assert Period.parse("2024-01-01", never).end is None


@pytest.mark.parametrize(
    "text", ["2024-02-30", "31/12/2024", "NULL", "2024", "20240630", "2024-W26-7"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(MalformedPeriod):
        parse_day(text)


def test_a_start_after_its_end_is_refused() -> None:
    with pytest.raises(MalformedPeriod):
        Period(date(2021, 4, 1), date(2021, 3, 31))


@given(periods(), periods(), days)
def test_the_intersection_holds_just_the_days_in_both(a: Period, b: Period, day: date) -> None:
    common = a.intersection(b)
    assert (common is not None and common.contains(day)) == (a.contains(day) and b.contains(day))
    assert a.overlaps(b) == b.overlaps(a)


@given(periods(), days)
def test_it_changes_on_turning_days_only(period: Period, day: date) -> None:
    before = day - timedelta(days=1)
    changed = period.contains(before) != period.contains(day)
    assert changed == (day in period.turning_days())


@given(days)
def test_an_open_period_holds_every_day(day: date) -> None:
    assert ALWAYS.contains(day)
    assert ALWAYS.is_open
