"""A synthetic register of any size: realistic, fictitious, the same for the same seed.

Every record follows from the seed and its number alone, so that nothing is kept in memory and no
order of hashing or version of Python changes a byte. E-mail addresses and websites are under
``.example``, telephone numbers and enterprise numbers are in ranges that are not given out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from organisatieregister.errors import UnreadableSource
from organisatieregister.generate.events import event_records
from organisatieregister.generate.organisations import organisation_records
from organisatieregister.generate.plan import Planner
from organisatieregister.records import Record
from organisatieregister.turtle import header, record_turtle
from organisatieregister.vocabulary import PREFIXES

__all__ = ["generate", "write"]

MOST = 900_000  # from OVO100000 to OVO999999


def generate(organisations: int, seed: int) -> Iterator[Record]:
    """The records of a register with so many organisations, their people and their events.

    OVO codes count up from OVO100000. Raises ValueError for more than MOST organisations.
    """
    if not 0 <= organisations <= MOST:
        raise ValueError(f"0 to {MOST} organisations, not {organisations}")
    planner = Planner(organisations, seed)
    for number in range(organisations):
        yield from organisation_records(planner, number)
        yield from event_records(planner, number)


def write(records: Iterable[Record], file: BinaryIO, suffix: str) -> None:
    """Write records one after the other as ``nt`` (N-Triples) or ``ttl`` (Turtle).

    Raises UnreadableSource for another suffix.
    """
    match suffix:
        case "nt":
            for record in records:
                file.write(record.canonical)
        case "ttl":
            file.write(header(PREFIXES).encode())
            for record in records:
                file.write(b"\n" + record_turtle(record, set()).encode())
        case _:
            raise UnreadableSource(f".{suffix}", "is no format that is written; take .nt or .ttl")
