"""The journal into the views: in order, each view from its own position; and midnight.

A view that is empty is filled from the newest versions, one record once; a view that lags takes
the versions that it lacks. What a record says also depends on the day, so on a new day the records
whose facets begin or end are projected again, with the same version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

from organisatieregister.journal import Journal, Version
from organisatieregister.records import Record
from organisatieregister.validity import next_change
from organisatieregister.views import Change, View

BATCH = 2_000  # versions that are projected in one transaction of each view

Progress = Callable[[str, int], None]  # the view's name, how many records it took


class Scheduling(View, Protocol):
    """The view that knows which records change by themselves: the documents."""

    def due(self, day: date) -> Sequence[str]:
        """The IRIs whose publication changed on or before the day since they were projected."""
        ...


class Publishes(Protocol):
    """A view whose readers see a generation, not the store itself: the graph."""

    def publish(self) -> Path:
        """Make what the view now holds visible to its readers."""
        ...


class Projector:
    """Keeps the views equal to the journal on the day that it is."""

    def __init__(
        self,
        journal: Journal,
        documents: Scheduling,
        others: Sequence[View],
        published: Publishes,
        day: DayFile,
    ) -> None:
        self._journal = journal
        self._documents = documents
        # The view that holds the schedule comes last: what it forgets, the others have done.
        self._views: tuple[View, ...] = (*others, documents)
        self._published = published
        self._day = day

    @property
    def lag(self) -> int:
        """How many positions the slowest view is behind the journal."""
        return self._journal.position - min(view.position for view in self._views)

    def advance(self, today: date, progress: Progress = lambda _name, _count: None) -> bool:
        """Bring every view to the journal's head and to today; True when something changed."""
        filled = self._fill_empty(today, progress)
        changed = self._catch_up(today, progress)
        turned = self._turn_day(today, filled)
        if filled or changed or turned:
            self._published.publish()
        return bool(filled or changed or turned)

    def _fill_empty(self, today: date, progress: Progress) -> set[str]:
        empty = [v for v in self._views if v.position == 0 and self._journal.position]
        for view in empty:
            fill(view, self._journal, today, progress)
        return {view.name for view in empty}

    def _catch_up(self, today: date, progress: Progress) -> bool:
        changed = False
        while self.lag:
            start = min(view.position for view in self._views)
            batch = list(self._journal.read(start, BATCH))
            changes = _newest(batch, today)
            for view in self._views:
                if view.position < batch[-1].position:
                    fresh = [change for change in changes if change.version > view.position]
                    view.apply(fresh, batch[-1].position)
                    progress(view.name, len(fresh))
            changed = True
        return changed

    def _turn_day(self, today: date, filled: set[str]) -> bool:
        """Project the records that changed by themselves since the day of the last run."""
        last = self._day.read()
        if last == today and len(filled) in (0, len(self._views)):
            return False
        if len(filled) == len(self._views):
            due = []  # all of them were made for today
        elif last is None or self._documents.name in filled:
            due = self._changed_since(last or date.min, today)
        else:
            due = list(self._journal.heads(self._documents.due(today)).values())
        changes = _newest(due, today)
        for view in self._views if changes else ():
            view.apply(changes, view.position)
        self._day.write(today)
        return bool(changes)

    def _changed_since(self, last: date, today: date) -> list[Version]:
        """The same without the schedule, from all records: slow, and hardly ever needed."""
        found = []
        for version in self._journal.read_heads():
            change = change_of(version, today)
            turning = next_change(change.record, last) if change.record else None
            if turning is not None and turning <= today:
                found.append(version)
        return found


class DayFile:
    """The day for which the views were last made, in a file beside them."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> date | None:
        """The day, or None when it is not known: then every record is looked at."""
        try:
            return date.fromisoformat(self._path.read_text().strip())
        except (FileNotFoundError, ValueError):
            return None

    def write(self, day: date) -> None:
        """Keep the day, atomically."""
        written = self._path.with_suffix(".new")
        written.write_text(day.isoformat())
        written.replace(self._path)

    def forget(self) -> None:
        """The views are no longer of one day."""
        self._path.unlink(missing_ok=True)


def fill(view: View, journal: Journal, today: date, progress: Progress) -> None:
    """Fill an empty view from the newest version of every record."""
    position = journal.position

    def changes() -> Iterator[Change]:
        for count, version in enumerate(journal.read_heads(upto=position), 1):
            yield change_of(version, today)
            if count % 100 == 0:
                progress(view.name, 100)

    view.bulk(changes(), position)


def change_of(version: Version, today: date) -> Change:
    """What the views are told of a version."""
    record = Record.read(version.iri, version.canonical) if version.canonical is not None else None
    return Change(version.iri, record, version.position, version.time, today)


def _newest(versions: Sequence[Version], today: date) -> list[Change]:
    """One change an IRI: only the last version of a batch counts."""
    last = {version.iri: version for version in versions}
    return [change_of(version, today) for version in last.values()]
