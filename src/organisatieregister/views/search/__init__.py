"""The search view: a name index (tantivy) and, beside it, tables (SQLite).

Names, codes and places are found through the index; lists, facets, trees and news come from the
tables. One process writes; any number of processes open the view for reading, see each commit at
once, and never wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from organisatieregister.errors import DataDirectoryUnusable
from organisatieregister.summaries import Hit
from organisatieregister.views import Change
from organisatieregister.views.search.listing import (
    Listing,
    counts,
    hits,
    latest,
    number_of,
)
from organisatieregister.views.search.lists import (
    MAX_PAGE,
    MAX_SIZE,
    Counts,
    FacetCount,
    Latest,
    ListQuery,
    ListResult,
)
from organisatieregister.views.search.question import MAX_TEXT, Question
from organisatieregister.views.search.snapshots import Snapshot, Snapshots
from organisatieregister.views.search.tables import state
from organisatieregister.views.search.writer import SearchWriter

_ALL = 10_000_000  # organisations: no limit
_STEP = 500  # organisations that are read at once

__all__ = [
    "MAX_PAGE",
    "MAX_SIZE",
    "MAX_TEXT",
    "Counts",
    "FacetCount",
    "Hit",
    "Latest",
    "ListQuery",
    "ListResult",
    "SearchView",
]


class SearchView:
    """Organisations by what people type, in lists and in trees; may be used by any thread."""

    name = "search"

    def __init__(self, snapshots: Snapshots, writer: SearchWriter | None) -> None:
        self._snapshots = snapshots
        self._writer = writer

    @classmethod
    def open(cls, path: Path, *, readonly: bool = False) -> SearchView:
        """The view in a directory.

        For writing it is made when it is not there, and started again from nothing when it is
        damaged or of another format; read-only it is empty until a writer has filled it. Raises
        DataDirectoryBusy when another process writes, and other storage errors.
        """
        writer = None if readonly else SearchWriter(path)
        return cls(Snapshots(path), writer)

    @property
    def position(self) -> int:
        """The last position of the journal that the view holds; 0 when empty."""
        with self._snapshots.take() as snapshot:
            return state(snapshot.connection).position

    @property
    def revision(self) -> str:
        """Another text after every commit, for validators such as an ETag."""
        with self._snapshots.take() as snapshot:
            return f"{state(snapshot.connection).token:x}"

    def apply(self, changes: Sequence[Change], position: int) -> None:
        """Take over the changes and the position in one transaction."""
        self._writing.apply(changes, position)

    def bulk(self, changes: Iterable[Change], position: int) -> None:
        """Fill an empty view; after a crash in the middle it is empty again."""
        self._writing.bulk(changes, position)

    def close(self) -> None:
        """Flush and let go."""
        self._snapshots.close()
        if self._writer:
            self._writer.close()

    def list(self, query: ListQuery) -> ListResult:
        """One page of a list with its facets; text, page and size are kept inside the limits."""
        asked = query.bounded()
        with self._snapshots.take() as snapshot:
            question, listing = _listing(snapshot, asked)
            numbers = listing.numbers(asked.size, (asked.page - 1) * asked.size)
            found = hits(snapshot.connection, numbers, asked.language, question)
            return ListResult(tuple(found), listing.total(), asked, listing.facets())

    def every(self, query: ListQuery) -> Iterator[Hit]:
        """All organisations in the list, in its order, whatever the page."""
        asked = query.bounded()
        with self._snapshots.take() as snapshot:
            question, listing = _listing(snapshot, asked)
            numbers = listing.numbers()
        # One snapshot for each step: whoever reads slowly holds nothing up.
        for start in range(0, len(numbers), _STEP):
            with self._snapshots.take() as snapshot:
                step = numbers[start : start + _STEP]
                found = tuple(hits(snapshot.connection, step, asked.language, question))
            yield from found

    def suggest(self, text: str, limit: int = 10, language: str = "nl") -> Sequence[Hit]:
        """The organisations that somebody who is still typing may mean, the likeliest first."""
        question = Question.of(text)
        with self._snapshots.take() as snapshot:
            wanted = max(1, min(limit, MAX_SIZE))
            numbers = snapshot.find(question, wanted, enough=wanted)
            return tuple(hits(snapshot.connection, numbers, language, question))

    def children(self, iri: str, page: int = 1, size: int = 50, language: str = "nl") -> ListResult:
        """The organisations directly under this one, by name; without facets."""
        asked = ListQuery(parent=iri, page=page, size=size, language=language).bounded()
        with self._snapshots.take() as snapshot:
            _, listing = _listing(snapshot, asked)
            numbers = listing.numbers(asked.size, (asked.page - 1) * asked.size)
            found = tuple(hits(snapshot.connection, numbers, language))
            return ListResult(found, listing.total(), asked, {})

    def hit(self, iri: str, language: str = "nl") -> Hit | None:
        """One organisation, or None."""
        with self._snapshots.take() as snapshot:
            numbers = number_of(snapshot.connection, iri)
            return next(iter(hits(snapshot.connection, numbers, language)), None)

    def latest(self, count: int) -> Sequence[Latest]:
        """What changed last, the most recent first."""
        with self._snapshots.take() as snapshot:
            return latest(snapshot.connection, count)

    def counts(self, language: str = "nl") -> Counts:
        """How much the register holds."""
        with self._snapshots.take() as snapshot:
            return counts(snapshot.connection, language)

    @property
    def _writing(self) -> SearchWriter:
        if self._writer is None:
            raise DataDirectoryUnusable("the search view was opened for reading only")
        return self._writer


def _listing(snapshot: Snapshot, query: ListQuery) -> tuple[Question | None, Listing]:
    question = Question.of(query.text) if query.text else None
    found = snapshot.find(question, limit=_ALL) if question else None
    return question, Listing(snapshot.connection, query, found)
