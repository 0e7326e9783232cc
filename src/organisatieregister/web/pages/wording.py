"""How a page says things: texts, dates, numbers and telephone numbers, in Dutch or English."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

from organisatieregister.periods import Period
from organisatieregister.web.pages.texts import TEXTS

Language = Literal["nl", "en"]

_BRUSSELS = "Europe/Brussels"
_MONTHS = MappingProxyType(
    {
        "nl": "januari februari maart april mei juni juli augustus september oktober november "
        "december".split(),
        "en": "January February March April May June July August September October November "
        "December".split(),
    }
)


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of one language; call it with a key of ``texts.TEXTS``."""

    language: Language

    @classmethod
    def of(cls, language: str) -> Wording:
        """English for ``en`` and its variants, Dutch for everything else."""
        return cls("en" if language.lower().startswith("en") else "nl")

    @property
    def other_language(self) -> Language:
        """The language that the switch in the header leads to."""
        return "nl" if self.language == "en" else "en"

    def __call__(self, key: str, **values: object) -> str:
        """The text, with ``{name}`` filled in; an unknown key raises KeyError."""
        text = TEXTS[key][0 if self.language == "nl" else 1]
        return text.format(**values) if values else text

    def counted(self, key: str, count: int) -> str:
        """``1 organisatie``, ``3.974 organisaties``: the texts ``key.one`` and ``key.many``."""
        return self(f"{key}.one" if count == 1 else f"{key}.many", n=self.number(count))

    def number(self, count: int) -> str:
        """``3.974`` in Dutch, ``3,974`` in English."""
        grouped = f"{count:,}"
        return grouped if self.language == "en" else grouped.replace(",", ".")

    def size(self, count: int) -> str:
        """Bytes as ``1,2 MB`` in Dutch, ``1.2 MB`` in English."""
        amount, unit = float(count), "B"
        for larger in ("kB", "MB", "GB", "TB"):
            if amount < 1000:
                break
            amount, unit = amount / 1000, larger
        text = f"{amount:.0f}" if unit == "B" or amount >= 100 else f"{amount:.1f}"
        return f"{text if self.language == 'en' else text.replace('.', ',')} {unit}"

    def day(self, day: date) -> str:
        """``31 december 2024``."""
        return f"{day.day} {_MONTHS[self.language][day.month - 1]} {day.year}"

    def moment(self, time: datetime) -> str:
        """``31 december 2024, 14:05``, as the clock stood in Brussels."""
        local = in_brussels(time)
        return f"{self.day(local.date())}, {local:%H:%M}"

    def period(self, period: Period) -> str:
        """``1 januari 1977 – 31 december 2024``, or with one end; empty when both are open."""
        start, end = period.start, period.end
        if start and end:
            return self.day(start) if start == end else f"{self.day(start)} – {self.day(end)}"
        if start:
            return self("period.since", day=self.day(start))
        return self("period.until", day=self.day(end)) if end else ""


def in_brussels(time: datetime) -> datetime:
    """The time on the clock in Brussels; one without a zone as it is."""
    return time.astimezone(ZoneInfo(_BRUSSELS)) if time.tzinfo else time


def telephone(number: str) -> str:
    """A Belgian E.164 number as people write it, ``+32 2 553 17 00``; others as they are."""
    digits = number.removeprefix("+32")
    if digits == number or not digits.isascii() or not digits.isdigit():
        return number
    if len(digits) == 9 and digits[0] == "4":
        sizes = (3, 2, 2, 2)
    elif len(digits) == 8:
        sizes = (1, 3, 2, 2) if digits[0] in "2349" else (2, 2, 2, 2)
    else:
        return number
    groups, at = ["+32"], 0
    for size in sizes:
        groups.append(digits[at : at + size])
        at += size
    return " ".join(groups)
