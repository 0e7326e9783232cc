"""Who is there: which organisation has which number, kind, parent and life.

Twelve heads come first; then blocks of twenty. Of every five blocks three are a municipality with
what hangs on it, two are a tree of the Flemish government. All follows from the number alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto

from organisatieregister.generate import names
from organisatieregister.generate.dice import Dice
from organisatieregister.identifiers import OvoCode
from organisatieregister.periods import Period

FIRST_CODE = 100_000
HEADS = 12
BLOCK = 20
CYCLE = 25  # blocks after which the events begin again
OLDEST, NEWEST = date(1977, 1, 1), date(2024, 12, 31)
VERY_LARGE_EACH = 10_000


class Kind(Enum):
    """What an organisation is."""

    GOVERNMENT = auto()
    PROVINCE = auto()
    SCHOOL_NETWORK = auto()
    DEPARTMENT = auto()
    AGENCY = auto()
    DIVISION = auto()
    TEAM = auto()
    MUNICIPALITY = auto()
    OCMW = auto()
    COMPANY = auto()
    SCHOOL = auto()
    WORSHIP_BOARD = auto()
    WORSHIP = auto()
    CULTURE = auto()
    LIBRARY = auto()
    ASSOCIATION = auto()
    POLICE = auto()


class Change(Enum):
    """What happens to organisations."""

    MERGER = auto()
    SPLIT = auto()
    REPLACEMENT = auto()
    TERMINATION = auto()
    FOUNDATION = auto()


@dataclass(frozen=True, slots=True)
class Happening:
    """A change on a day: the numbers of who goes into it and who comes out of it."""

    change: Change
    day: date
    originals: tuple[int, ...]
    results: tuple[int, ...]

    @property
    def last(self) -> int:
        """The highest number in it."""
        return max(self.originals + self.results)


_LOCAL_KINDS = (
    Kind.MUNICIPALITY, Kind.OCMW, Kind.COMPANY, *[Kind.SCHOOL] * 7, Kind.WORSHIP_BOARD,
    *[Kind.WORSHIP] * 5, Kind.CULTURE, Kind.LIBRARY, Kind.ASSOCIATION, Kind.POLICE,
)  # fmt: skip
_HEAD_KINDS = (
    Kind.GOVERNMENT, *[Kind.PROVINCE] * 5, Kind.SCHOOL_NETWORK, *[Kind.DEPARTMENT] * 5,
)  # fmt: skip
_SCHOOL_NETWORK = 6


class Planner:
    """The plan of a register of a given size."""

    def __init__(self, organisations: int, seed: int) -> None:
        self.organisations = organisations
        self.seed = seed

    def dice(self, number: int, purpose: int = 0) -> Dice:
        """The draws for an organisation, for one purpose."""
        return Dice(self.seed, number, purpose)

    @staticmethod
    def iri(number: int) -> str:
        """The IRI of the organisation with this number."""
        return OvoCode.of(FIRST_CODE + number).iri

    @staticmethod
    def block(number: int) -> int:
        """The block in which the number stands, or -1 for a head."""
        return (number - HEADS) // BLOCK if number >= HEADS else -1

    @staticmethod
    def kind(number: int) -> Kind:
        """The kind of the organisation."""
        if number < HEADS:
            return _HEAD_KINDS[number]
        block, place = divmod(number - HEADS, BLOCK)
        if block % 5 < 3:
            return _LOCAL_KINDS[place]
        if place == 0:
            return Kind.AGENCY
        return Kind.DIVISION if place < 7 else Kind.TEAM

    @staticmethod
    def is_very_large(number: int) -> bool:
        """True for the few organisations with thousands of triples."""
        return number % VERY_LARGE_EACH == HEADS

    def parent(self, number: int) -> int | None:
        """The number of the parent, which is always lower; None for a root."""
        if number < HEADS:
            return 0 if self.kind(number) is Kind.DEPARTMENT else None
        block, place = divmod(number - HEADS, BLOCK)
        first, kind = number - place, self.kind(number)
        above = {
            Kind.MUNICIPALITY: 1 + block % 5,
            Kind.SCHOOL: first if place % 2 else _SCHOOL_NETWORK,
            Kind.WORSHIP: first + _LOCAL_KINDS.index(Kind.WORSHIP_BOARD),
            Kind.ASSOCIATION: None,
            Kind.POLICE: None,
            Kind.AGENCY: self._above_an_agency(block),
            Kind.DIVISION: first + (place - 1) // 2,
            Kind.TEAM: first + (place - 1) // 2,
        }
        return above.get(kind, first)

    def other_parent(self, number: int) -> int | None:
        """Where the organisation hung before it moved, or None."""
        now = self.parent(number)
        match self.kind(number):
            case Kind.AGENCY:
                before = 7 + self.block(number) % 5
            case Kind.SCHOOL:
                before = 1 + number % 5
            case Kind.DIVISION | Kind.TEAM:
                before = number - (number - HEADS) % BLOCK
            case _:
                return None
        return before if before != now else None

    def place(self, number: int) -> int:
        """The number of the place where the organisation is."""
        return self.block(number) + 1 if number >= HEADS else number * 41

    def life(self, number: int) -> Period:
        """From when to when the organisation lives."""
        dice = self.dice(number, 1)
        born = dice.day(OLDEST, date(2018, 1, 1))
        end = dice.day(date(2019, 1, 1), NEWEST) if dice.chance(0.03) else None
        for happening in self._around(number):
            if number in happening.results:
                return Period(happening.day)
            if number in happening.originals:
                return Period(born, happening.day - timedelta(days=1))
        return Period(born, None if number < HEADS else end)

    def happenings(self, block: int) -> list[Happening]:
        """What happens with its last member in this block, as far as all members exist."""
        found = self._planned(block) if block >= 0 else []
        return [each for each in found if each.last < self.organisations]

    def _around(self, number: int) -> list[Happening]:
        block = self.block(number)
        turn = block % CYCLE
        return self.happenings(block - turn + 2) if turn < 3 else self.happenings(block)

    def _planned(self, block: int) -> list[Happening]:
        first, cycle = HEADS + block * BLOCK, block // CYCLE
        year = 2019 + cycle % 7
        match block % CYCLE:
            case 2:  # three municipalities become one, and their OCMWs
                return [
                    Happening(
                        Change.MERGER, date(year, 1, 1),
                        (first - 2 * BLOCK + place, first - BLOCK + place), (first + place,),
                    )
                    for place in (0, 1)
                ]  # fmt: skip
            case 3:
                day = date(year, 6, 1)
                return [Happening(Change.SPLIT, day, (first + 10,), (first + 11, first + 12))]
            case 4:
                day = date(year, 9, 1)
                return [
                    Happening(Change.REPLACEMENT, day, (first + 13,), (first + 14,)),
                    Happening(Change.TERMINATION, day, (first + 15,), ()),
                ]
        return []

    @staticmethod
    def _above_an_agency(block: int) -> int:
        """A department, or the first division of an agency that came much earlier."""
        earlier = block // 3
        if block % 2 == 0 and earlier % 5 >= 3:
            return HEADS + earlier * BLOCK + 1
        return 7 + block % 5


def place_name(planner: Planner, number: int) -> str:
    """The name of the place of an organisation."""
    return names.place(planner.place(number))
