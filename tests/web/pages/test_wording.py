"""Dates, numbers and telephone numbers stand as people write them, in two languages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from organisatieregister.periods import Period
from organisatieregister.web.pages.links import sort_key, with_parameters
from organisatieregister.web.pages.wording import Wording, telephone

NL, EN = Wording.of("nl"), Wording.of("en")
DAY = date(2024, 12, 31)


def test_dates_are_written_out() -> None:
    assert NL.day(DAY) == "31 december 2024"
    assert EN.day(DAY) == "31 December 2024"
    assert NL.day(date(2025, 3, 1)) == "1 maart 2025"


@pytest.mark.parametrize(
    ("period", "nl", "en"),
    [
        (Period(date(1977, 1, 1), DAY), "1 januari 1977 – 31 december 2024", None),
        (Period(date(1977, 1, 1), None), "sinds 1 januari 1977", "since 1 January 1977"),
        (Period(None, DAY), "tot en met 31 december 2024", "until 31 December 2024"),
        (Period(DAY, DAY), "31 december 2024", "31 December 2024"),
        (Period(), "", ""),
    ],
)
def test_periods_are_written_out(period: Period, nl: str, en: str | None) -> None:
    assert NL.period(period) == nl
    assert en is None or EN.period(period) == en


def test_a_moment_is_told_by_the_clock_in_brussels() -> None:
    assert NL.moment(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == "2 juli 2026, 00:30"
    assert NL.moment(datetime(2026, 1, 1, 12, 0)) == "1 januari 2026, 12:00"


def test_numbers_have_the_separator_of_the_language() -> None:
    assert (NL.number(3974), EN.number(3974), NL.number(12)) == ("3.974", "3,974", "12")
    assert NL.counted("list.count", 1) == "1 organisatie"
    assert EN.counted("list.count", 1974) == "1,974 organisations"


def test_what_is_not_english_is_dutch() -> None:
    assert [Wording.of(tag).language for tag in ("en-GB", "EN", "fr", "")] == [
        "en",
        "en",
        "nl",
        "nl",
    ]


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("+3225531700", "+32 2 553 17 00"),
        ("+3250123456", "+32 50 12 34 56"),
        ("+32470123456", "+32 470 12 34 56"),
        ("+31201234567", "+31201234567"),
        ("+32123", "+32123"),
        ("bel ons", "bel ons"),
    ],
)
def test_belgian_telephone_numbers_are_grouped(number: str, written: str) -> None:
    assert telephone(number) == written


def test_names_are_ordered_as_people_do() -> None:
    names = ["Zulte", "École 10", "Ecole 2", "aalst", "Aalter"]
    assert sorted(names, key=sort_key) == ["aalst", "Aalter", "Ecole 2", "École 10", "Zulte"]


def test_parameters_go_before_the_fragment_and_after_those_that_are_there() -> None:
    assert with_parameters("/a#b", [("x", "1&2")]) == "/a?x=1%262#b"
    assert with_parameters("/a?y=1", [("x", ""), ("z", "é")]) == "/a?y=1&z=%C3%A9"
    assert with_parameters("", [("taal", "en")]) == "?taal=en"
