"""Makes the graph as valid on another day: what differs from today, from the journal.

A record publishes something else on another day only when one of its facts begins or ends in
between, and that stands in its text as a date; so most records are never parsed.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from zlib import crc32

from pyoxigraph import RdfFormat, serialize

from organisatieregister.identifiers import CHANGE_EVENT
from organisatieregister.journal import Version
from organisatieregister.journal.sqlite import SqliteJournal
from organisatieregister.projector import DayFile
from organisatieregister.records import Record
from organisatieregister.validity import shortcuts
from organisatieregister.views.generations import current_generation, position_of
from organisatieregister.views.graph_on_days import Differences, GraphsOnDays

_DATE = re.compile(rb'"([0-9]{4}-[0-9]{2}-[0-9]{2})"\^\^')
_MOST_PROCESSES = 4
_SETTLING = 5.0  # seconds in which a generation of a new day follows its day
_SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Retrospect:
    """Makes what readers ask for; ``day_file`` says for which day the graph was last made."""

    journal: Path
    graph: Path
    day_file: Path

    def advance(self) -> bool:
        """Make the graph on the day that waits longest; False when there is nothing to do yet.

        Raises StorageError; then the day no longer waits.
        """
        graphs = GraphsOnDays(self.graph)
        base = current_generation(self.graph)
        asked = graphs.asked()
        shown = self._shown(base) if base and asked else None
        if base is None or shown is None:
            return False
        try:
            if graphs.find(asked[0], base) is None:
                found = partial(self._differences, position_of(base), shown, asked[0])
                graphs.build(asked[0], base, found)
        finally:  # who still wants it after a failure asks again
            graphs.answered(asked[0])
        return True

    def _shown(self, base: Path) -> date | None:
        """The day that the generation shows; None when that is not certain yet."""
        day = DayFile(self.day_file).read()
        if day is None:
            return None
        began = self.day_file.stat().st_mtime
        published = (int(base.name.partition("-")[2]) + 1) / 1000  # of a millisecond the end
        # At midnight the day is noted a moment before the generation is published, if one is.
        return day if published >= began or time.time() - began > _SETTLING else None

    def _differences(self, position: int, shown: date, wanted: date) -> Iterator[Differences]:
        count = min(os.cpu_count() or 1, _MOST_PROCESSES)
        shares = [
            Share(self.journal, position, shown, wanted, number, count) for number in range(count)
        ]
        with ProcessPoolExecutor(count, mp_context=_SPAWN) as processes:
            yield from processes.map(differences_of, shares)


@dataclass(frozen=True, slots=True)
class Share:
    """One of ``count`` parts of the records in a journal up to a position, and two days."""

    journal: Path
    position: int
    shown: date
    wanted: date
    number: int
    count: int


def differences_of(share: Share) -> Differences:
    """What the records of a share publish on one day and not on the other."""
    journal = SqliteJournal.open(share.journal, readonly=True)
    try:
        versions = (
            version
            for version in journal.read_heads(upto=share.position)
            if crc32(version.iri.encode()) % share.count == share.number
        )
        return differences(versions, share.shown, share.wanted)
    finally:
        journal.close()


def differences(versions: Iterable[Version], shown: date, wanted: date) -> Differences:
    """What the records no longer publish on the wanted day, and what they do publish then."""
    removed, added = bytearray(), bytearray()
    for version in versions:
        is_event = version.iri.startswith(CHANGE_EVENT)
        canonical = version.canonical
        if canonical is None or not (is_event or _may_differ(canonical, shown, wanted)):
            continue
        record = Record.read(version.iri, canonical)
        then, now = shortcuts(record, wanted), shortcuts(record, shown)
        if gone := now - then:
            removed += serialize(gone, format=RdfFormat.N_TRIPLES) or b""
        # Two events may say the same: what one no longer says comes back by the other.
        if come := then if is_event else then - now:
            added += serialize(come, format=RdfFormat.N_TRIPLES) or b""
    return Differences(bytes(removed), bytes(added))


def _may_differ(canonical: bytes, shown: date, wanted: date) -> bool:
    """True when a date in the text lies between the days; an end counts from the day after."""
    first = min(shown, wanted)
    low = (first - timedelta(1) if first > date.min else first).isoformat().encode()
    high = max(shown, wanted).isoformat().encode()
    return any(low <= day <= high for day in _DATE.findall(canonical))
