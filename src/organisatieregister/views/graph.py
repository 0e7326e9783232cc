"""The graph view: the published triples of every record in one default graph, in Oxigraph.

The only home of a store that is written. No reader touches it: ``publish`` makes an immutable
generation (a checkpoint of hard links), and readers open that. The position and what each record
publishes are in the ledger beside it, which the store follows (see ``ledger.py``).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Store, Triple

from organisatieregister.errors import (
    DataDirectoryFull,
    DataDirectoryUnusable,
    StorageError,
)
from organisatieregister.views import Change
from organisatieregister.views.generations import (
    current_generation,
    lock_for_writing,
    publish_generation,
)
from organisatieregister.views.ledger import Ledger, Published, UnfitLedger

__all__ = ["GraphView", "current_generation", "triples_of"]

_BATCH = 500  # records that the store takes over in one transaction
_LOAD = 48 << 20  # bytes of N-Triples that are sorted in memory at once when filling
_BACKLOG = 10  # turns after which the store flushes, so that a restart has little to do again


class GraphView:
    """Opened with ``GraphView.open``; one writer, guarded by a lock on the directory."""

    name = "graph"

    def __init__(self, path: Path, lock: int, ledger: Ledger, store: Store) -> None:
        self._path = path
        self._lock = lock
        self._ledger = ledger
        self._store = store
        self._published = 0  # the turn of the ledger that the newest generation shows

    @classmethod
    def open(cls, path: Path) -> GraphView:
        """The view in this directory, after doing what a crash left undone.

        A view that is damaged or of another format is dropped: it starts empty, at position 0, and
        its published generations stay. Raises DataDirectoryBusy when another process writes here,
        or another StorageError.
        """
        path.mkdir(parents=True, exist_ok=True)
        lock = lock_for_writing(path)
        try:
            try:
                view = cls(path, lock, *_open(path))
            except (UnfitLedger, _DamagedStore):
                _drop(path)
                view = cls(path, lock, *_open(path))
        except StorageError:
            os.close(lock)
            raise
        view._follow(view._ledger.settled)
        return view

    @property
    def position(self) -> int:
        """The last position of the journal that the view holds; 0 when empty."""
        return self._ledger.position

    def apply(self, changes: Sequence[Change], position: int) -> None:
        """Replace what these records publish; one transaction with the position."""
        before = self._ledger.turn
        self._ledger.write(((c.iri, c.published or frozenset()) for c in changes), position)
        self._follow(before)
        if self._ledger.backlog > _BACKLOG:
            self._settle()

    def bulk(self, changes: Iterable[Change], position: int) -> None:
        """Fill an empty view, each record once; after a crash in the middle it is empty again.

        Takes a quarter of a GiB of memory however much comes. ValueError when it is not empty.
        """
        if self._ledger.turn or self._ledger.unfit:
            raise ValueError("only an empty view can be filled in bulk")
        loaded = self._ledger.load(
            ((c.iri, c.published) for c in changes if c.published is not None), position
        )
        # The store sorts and writes one batch while the records of the next are made.
        with self._named_errors(), ThreadPoolExecutor(1) as loader:
            ahead = None
            for batch in _batches(loaded):
                if ahead is not None:
                    ahead.result()
                ahead = loader.submit(
                    self._store.bulk_load, batch, RdfFormat.N_TRIPLES, lenient=True
                )
            if ahead is not None:
                ahead.result()
        self._settle()
        self._ledger.mark(unfit=False)

    def publish(self) -> Path:
        """Make what the view now holds the current generation, and return its directory."""
        current = current_generation(self._path)
        if current is not None and self._published == self._ledger.turn > 0:
            return current
        self._settle()
        with self._named_errors():
            generation = publish_generation(self._path, self.position, self._store.backup)
        self._published = self._ledger.turn
        return generation

    def close(self) -> None:
        """Flush and let go of the directory."""
        try:
            self._settle()
        finally:
            del self._store
            self._ledger.close()
            os.close(self._lock)

    def _follow(self, since: int) -> None:
        """Bring the store to what the ledger's rows after this turn say; may be done twice."""
        changed = self._ledger.unsettled(since)
        for start in range(0, len(changed), _BATCH):
            removed: set[Triple] = set()
            added: set[Triple] = set()
            for iri in changed[start : start + _BATCH]:
                *old, new = self._ledger.rows(iri)
                removed.update(self._given_up(iri, old, new))
                added |= new
            with self._named_errors():
                for triple in removed - added:
                    self._store.remove(Quad(*triple))
                self._store.extend(Quad(*triple) for triple in added)

    def _given_up(self, iri: str, old: Iterable[Published], new: Published) -> Iterator[Triple]:
        for triple in frozenset().union(*old) - new:
            if not self._ledger.is_published_by_another(triple, iri):
                yield triple

    def _settle(self) -> None:
        if self._ledger.backlog:
            with self._named_errors():
                self._store.flush()
            self._ledger.settle()

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        """Turn the store's errors into storage errors; a damaged store is made anew next time."""
        try:
            yield
        except (OSError, RuntimeError) as error:
            named = _named(self._path, error)
            if isinstance(named, _DamagedStore):
                self._ledger.mark(unfit=True)
            raise named from error


def triples_of(generation: Path) -> Iterator[Triple]:
    """All triples of a generation, streamed, in the order of the store."""
    for quad in Store.read_only(str(generation)):
        yield quad.triple


class _DamagedStore(DataDirectoryUnusable):
    """Files of the store are missing or do not fit each other."""


def _open(path: Path) -> tuple[Ledger, Store]:
    ledger = Ledger.open(path / "ledger.sqlite")
    store = path / "store"
    try:
        if ledger.turn and not (store / "CURRENT").exists():
            raise _DamagedStore(f"{store} is gone")
        return ledger, Store(store)
    except (OSError, RuntimeError) as error:
        ledger.close()
        raise _named(path, error) from error
    except StorageError:
        ledger.close()
        raise


def _drop(path: Path) -> None:
    for file in path.glob("ledger.sqlite*"):
        file.unlink()
    if (path / "store").exists():
        shutil.rmtree(path / "store")


def _named(path: Path, error: OSError | RuntimeError) -> StorageError:
    # RocksDB's errors have no number, only a text.
    text = f"{path}: {error}"
    if isinstance(error, OSError) and error.errno is not None:
        return StorageError.of(path, error)
    if "No space left" in text or "quota exceeded" in text:
        return DataDirectoryFull(text)
    if "Corruption" in text or "No such file" in text:
        return _DamagedStore(text)
    return DataDirectoryUnusable(text)


def _batches(n_triples: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces joined to batches for the bulk loader."""
    batch = bytearray()
    for piece in n_triples:
        batch += piece
        if len(batch) >= _LOAD:
            yield bytes(batch)
            batch.clear()
    if batch:
        yield bytes(batch)
