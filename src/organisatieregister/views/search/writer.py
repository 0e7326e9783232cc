"""Writing the search view.

The tables hold the truth and the position; the name index follows from them. In a batch the index
is committed first and the tables after it, both with the same new token. Where the tokens differ,
something came between, and the index is written anew from the tables.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from organisatieregister.errors import DataDirectoryBusy, StorageError
from organisatieregister.views import Change
from organisatieregister.views.search.finder import Finder
from organisatieregister.views.search.names import NameWriter
from organisatieregister.views.search.storage import (
    index_directory,
    named_errors,
    named_sqlite_errors,
    open_tables,
)
from organisatieregister.views.search.tables import TableWriter, findables, state


class SearchWriter:
    """The one writer of the view in a directory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._names: NameWriter | None = None
        with named_errors(path):
            self._connection = open_tables(path)
        self._tables = TableWriter(self._connection)
        self._open_names()

    def apply(self, changes: Iterable[Change], position: int) -> None:
        """Take over the changes and the position in one transaction."""
        with self._transaction(position) as names:
            for change in changes:
                self._take_over(change, names)

    def bulk(self, changes: Iterable[Change], position: int) -> None:
        """Fill the view, which should be empty and is when anything stops this."""
        with self._transaction(position) as names:
            self._tables.clear()
            with named_errors(self._path):
                names.clear()
            for change in changes:
                self._take_over(change, names)
        with named_errors(self._path):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Flush and let go."""
        with named_errors(self._path):
            if self._names:
                self._names.close()
            self._connection.close()

    def _take_over(self, change: Change, names: NameWriter) -> None:
        entry = self._tables.put(change)
        gone = self._tables.remove(change.iri) if change.record is None else None
        with named_errors(self._path):
            if entry:
                names.put(entry.number, entry.findable, is_new=entry.is_new)
            elif gone is not None:
                names.remove(gone)

    @contextmanager
    def _transaction(self, position: int) -> Iterator[NameWriter]:
        names = self._names or self._open_names()
        token = secrets.randbelow(2**62) + 1
        with named_sqlite_errors(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield names
                self._tables.mark(position, token)
                with named_errors(self._path):
                    names.commit(token)
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                    self._tables.forget()
                    self._names = None  # it is opened again, and compared, before the next batch
                    names.abandon()

    def _open_names(self) -> NameWriter:
        """The index open for writing, and in agreement with the tables."""
        directory = index_directory(self._path)
        try:
            names, agrees = self._try_names(directory)
        except DataDirectoryBusy:
            raise
        except StorageError:
            shutil.rmtree(directory, ignore_errors=True)
            names, agrees = self._try_names(directory)
        with named_errors(self._path):
            if not agrees:
                self._write_anew(names)
        self._names = names
        return names

    def _try_names(self, directory: Path) -> tuple[NameWriter, bool]:
        with named_errors(directory):
            names = NameWriter(directory)
            return names, Finder(directory).token == state(self._connection).token

    def _write_anew(self, names: NameWriter) -> None:
        names.clear()
        for number, findable in findables(self._connection):
            names.put(number, findable, is_new=True)
        names.commit(state(self._connection).token)
