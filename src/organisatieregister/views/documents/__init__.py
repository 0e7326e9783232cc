"""The documents view: for every IRI its record and its finished document, in LMDB.

Readers are lock-free and in any number of processes. ``apply`` makes every document again that a
change touches, of other records too, in the transaction that also moves the position. The
environment is a generation (``generations.py``): filling an empty view makes a new one beside it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Lock

from pyoxigraph import Triple

from organisatieregister.errors import DataDirectoryUnusable
from organisatieregister.identifiers import CHANGE_EVENT
from organisatieregister.records import Record
from organisatieregister.views import Change
from organisatieregister.views.documents.derivation import document_on, read_triples
from organisatieregister.views.documents.filling import fill_tables
from organisatieregister.views.documents.projection import take
from organisatieregister.views.documents.shelf import MAP_SIZE, Shelf, UnfitShelf
from organisatieregister.views.documents.stored import StoredDocument
from organisatieregister.views.documents.tables import Tables
from organisatieregister.views.generations import (
    current_generation,
    lock_for_writing,
    publish_generation,
    withdraw,
)

__all__ = ["DocumentsView", "StoredDocument"]

_LOOK = 0.25  # seconds between two looks of a reader for a newer generation
_PAGE = 1_000


class DocumentsView:
    """Opened with ``DocumentsView.open``; what is not there reads as an empty view."""

    name = "documents"

    def __init__(self, path: Path, *, readonly: bool, map_size: int, lock: int = -1) -> None:
        self._path = path
        self._readonly = readonly
        self._map_size = map_size
        self._lock = lock
        self._shelf: Shelf | None = None
        self._generation: Path | None = None
        self._look_again = 0.0
        self._turning = Lock()
        self._follow()

    @classmethod
    def open(cls, path: Path, *, readonly: bool = False, map_size: int = MAP_SIZE) -> DocumentsView:
        """The view in this directory, for one writer or any number of readers.

        A process opens a view once. One that is damaged or of another format is dropped by the
        writer: it is empty, at position 0. ``map_size``: bytes to begin with. Raises
        DataDirectoryBusy when another process writes here, or another StorageError.
        """
        if readonly:
            return cls(path, readonly=True, map_size=map_size)
        path.mkdir(parents=True, exist_ok=True)
        lock = lock_for_writing(path)
        return cls(path, readonly=False, map_size=map_size, lock=lock)

    def close(self) -> None:
        """Let go of the files."""
        if self._shelf:
            self._shelf.close()
            self._shelf = None
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    # --- writing ---

    def apply(self, changes: Sequence[Change], position: int) -> None:
        """Take over the changes and the position, with all documents that change by it."""
        try:
            self._writable().write(lambda tables: take(tables, changes, position))
        except UnfitShelf:
            withdraw(self._path)
            raise

    def bulk(self, changes: Iterable[Change], position: int) -> None:
        """Fill an empty view; after a crash in the middle it is empty again.

        ValueError when it is not empty.
        """
        if self.position:
            raise ValueError("only an empty view can be filled in bulk")
        self._publish(changes, position)

    def due(self, day: date) -> list[str]:
        """The IRIs whose publication changed on or before the day since they were projected."""
        with self._reading() as tables:
            numbers = tables.due(day) if tables else []
            return [iri for number in numbers if tables and (iri := tables.iri(number))]

    def _writable(self) -> Shelf:
        if self._shelf is None:
            self._publish((), 0)
        if self._shelf is None:
            raise DataDirectoryUnusable(f"{self._path} does not keep what is written to it")
        return self._shelf

    def _publish(self, changes: Iterable[Change], position: int) -> None:
        def make(directory: Path) -> None:
            directory.mkdir()
            shelf = Shelf(directory, readonly=False, map_size=self._map_size, durable=False)
            try:
                fill_tables(shelf, directory / "contents", changes, position)
                shelf.sync()
            finally:
                shelf.close()

        publish_generation(self._path, position, make)
        self._follow()

    # --- reading ---

    @property
    def position(self) -> int:
        """The last position of the journal that the view holds; 0 when empty."""
        with self._reading() as tables:
            return tables.position if tables else 0

    @property
    def state(self) -> object:
        """Another value whenever anything may read otherwise; cheap, for caches to look at."""
        self._look_for_newer()
        shelf = self._shelf
        return (self._generation, shelf.last_commit) if shelf else None

    def get(self, iri: str) -> StoredDocument | None:
        """The finished document about a primary resource."""
        with self._reading() as tables:
            number = tables.number(iri) if tables else None
            return tables.document(number) if tables and number is not None else None

    def record(self, iri: str) -> Record | None:
        """The current record."""
        with self._reading() as tables:
            number = tables.number(iri) if tables else None
            stored = tables.record(number) if tables and number is not None else None
            return stored.record if stored else None

    def owner(self, part_iri: str) -> str | None:
        """The primary resource to which a part belongs, or a concept; None for what is none."""
        with self._reading() as tables:
            number = tables.home(part_iri) if tables else None
            owner = tables.iri(number) if tables and number is not None else None
            return owner if owner != part_iri else None

    def inbound(self, iri: str) -> frozenset[Triple]:
        """What other records say about a subject, as of today; parts of a record not included."""
        with self._reading() as tables:
            return read_triples(tables.statements([iri])) if tables else frozenset()

    def events(self, iri: str) -> list[Record]:
        """The change events that name an organisation, also those that are still to come."""
        with self._reading() as tables:
            numbers = tables.speakers([iri]) if tables else ()
            events = [
                n for n in numbers if tables and (tables.iri(n) or "").startswith(CHANGE_EVENT)
            ]
            return [stored.record for n in events if tables and (stored := tables.record(n))]

    def labels(self, iris: Iterable[str]) -> frozenset[Triple]:
        """The label triples of those of the subjects that have any, as of today."""
        with self._reading() as tables:
            return read_triples(tables.labels(iris)) if tables else frozenset()

    def document(self, iri: str, on: date, historic: bool = False) -> frozenset[Triple] | None:
        """The document about a primary resource as valid on a day; ``historic``: all facets."""
        with self._reading() as tables:
            return document_on(tables, iri, on, historic=historic) if tables else None

    def iris(self) -> Iterator[str]:
        """The IRIs of all records, in no order."""
        after = 0
        while True:
            with self._reading() as tables:
                numbers = tables.numbers(after, _PAGE) if tables else []
                found = [iri for n in numbers if tables and (iri := tables.iri(n))]
            yield from found
            if len(numbers) < _PAGE:
                return
            after = numbers[-1]

    @contextmanager
    def _reading(self) -> Iterator[Tables | None]:
        self._look_for_newer()
        if self._shelf is None:
            yield None
            return
        with self._shelf.reading() as tables:
            yield tables

    def _look_for_newer(self) -> None:
        if self._readonly and time.monotonic() >= self._look_again:
            self._follow()
            self._look_again = time.monotonic() + _LOOK

    def _follow(self) -> None:
        """Open the current generation, if that is another one than before."""
        with self._turning:
            generation = current_generation(self._path)
            if generation == self._generation:
                return
            # A reader in another thread may be in the middle of the old one: it is let go, and
            # closes when nobody uses it any more.
            shelf = self._open(generation) if generation else None
            self._shelf, self._generation = shelf, generation if shelf or self._readonly else None

    def _open(self, generation: Path) -> Shelf | None:
        try:
            return Shelf(generation, readonly=self._readonly, map_size=self._map_size)
        except UnfitShelf:
            if not self._readonly:
                withdraw(self._path)
            return None
