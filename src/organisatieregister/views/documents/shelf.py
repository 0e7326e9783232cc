"""An LMDB environment with the tables of the documents view.

LMDB is a memory-mapped tree: readers in any number of processes see the last commit, never wait and
never block the writer; a commit is on disk as a whole or not at all.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import lmdb

from organisatieregister.compression import Compression, specimen
from organisatieregister.errors import DataDirectoryFull, DataDirectoryUnusable, StorageError
from organisatieregister.identifiers import OvoCode
from organisatieregister.publication import document
from organisatieregister.records import Record
from organisatieregister.representations import TURTLE, serialise
from organisatieregister.views.documents.tables import Packing, Tables

# To be raised when the tables change, and when other things follow from the same records
# (publication.py, validity.py, the Turtle of representations/).
_FORMAT = b"1"

T = TypeVar("T")

# How much address space the file may take: far beyond need, it costs nothing until it is used.
MAP_SIZE = 1 << 36
_LOCK_SIZE = 1 << 16  # bytes: a thousand readers
_SPARE = 1 << 20  # bytes free, below which a disk counts as full

# name → how LMDB keeps it; what is in them: tables.py
_TABLES: Mapping[bytes, Mapping[str, Any]] = {
    b"state": {},
    b"subjects": {},
    b"records": {},
    b"documents": {},
    b"labels": {},
    b"statements": {},
    b"speakers": {"dupsort": True, "dupfixed": True},
    b"shown": {"dupsort": True, "dupfixed": True},
    b"schedule": {},
}

_DAMAGED = (
    lmdb.CorruptedError,
    lmdb.PageNotFoundError,
    lmdb.InvalidError,
    lmdb.VersionMismatchError,
    lmdb.PanicError,
    lmdb.IncompatibleError,
    lmdb.NotFoundError,
    lmdb.BadDbiError,
)


class UnfitShelf(DataDirectoryUnusable):
    """Damaged, or of another format version: to be made anew."""


class Shelf:
    """One environment, open for reading or for writing; a process opens it only once."""

    def __init__(
        self, directory: Path, *, readonly: bool, map_size: int = MAP_SIZE, durable: bool = True
    ) -> None:
        """``durable``: every commit waits for the disk. Raises UnfitShelf, or another
        StorageError.
        """
        self._path = directory
        self._file = directory / "data.mdb"
        if not directory.is_dir():
            raise UnfitShelf(f"{directory} is gone")
        if not readonly:
            _reserve(directory / "lock.mdb")
        with named_errors(directory):
            self._environment = lmdb.open(
                str(directory),
                map_size=map_size,
                max_dbs=len(_TABLES),
                readonly=readonly,
                create=not readonly,
                sync=durable,
                metasync=durable,
                readahead=False,
            )
            try:
                if not readonly and self._missing_bytes() > 0:
                    # touching what is not there would end the process (SIGBUS)
                    raise UnfitShelf(f"{directory} has been cut short")
                self._tables = {
                    name: self._environment.open_db(name, create=not readonly, **kind)
                    for name, kind in _TABLES.items()
                }
                self._check_format(readonly)
                self._packing = self._read_packing()
                self._environment.reader_check()  # places of readers that were killed
            except (lmdb.Error, StorageError):
                self._environment.close()
                raise

    @contextmanager
    def reading(self) -> Iterator[Tables]:
        """A snapshot of the tables."""
        with named_errors(self._path), self._snapshot() as transaction:
            yield Tables(transaction, self._tables, self._packing)

    @property
    def last_commit(self) -> int:
        """The number of the last commit, of whatever process; much cheaper than a snapshot."""
        return int(self._environment.info()["last_txnid"])

    def write(self, work: Callable[[Tables], T]) -> T:
        """Do the work in one transaction; it is done again when the map proves too small."""
        while True:
            try:
                with named_errors(self._path), self._environment.begin(write=True) as transaction:
                    done = work(Tables(transaction, self._tables, self._packing))
            except _MapFull:
                self._environment.set_mapsize(2 * self._environment.info()["map_size"])
            else:
                self._complete_file()
                return done

    def sync(self) -> None:
        """Wait until everything is on disk."""
        with named_errors(self._path):
            self._environment.sync(True)

    def close(self) -> None:
        """Let go; no transaction may be open."""
        self._environment.close()

    def _snapshot(self) -> Any:
        try:
            return self._environment.begin()
        except lmdb.MapResizedError:  # the writer made the map larger
            self._environment.set_mapsize(0)
            return self._environment.begin()

    def _missing_bytes(self) -> int:
        """How much the file is shorter than the pages that are in use say."""
        state = self._environment.info()
        size = (state["last_pgno"] + 1) * self._environment.stat()["psize"]
        return int(size - self._file.stat().st_size)

    def _complete_file(self) -> None:
        """LMDB leaves out pages at the end that are free again: make up for it, so a cut shows."""
        missing = self._missing_bytes()
        if missing > 0:
            try:
                os.truncate(self._file, self._file.stat().st_size + missing)
            except OSError as error:
                raise StorageError.of(self._file, error) from error

    def _check_format(self, readonly: bool) -> None:
        state = self._tables[b"state"]
        with self._environment.begin(write=not readonly) as transaction:
            found = transaction.get(b"format", db=state)
            if found is None and not readonly:
                transaction.put(b"format", _FORMAT, db=state)
                transaction.put(b"specimen", specimen(), db=state)
                transaction.put(b"specimen document", specimen_document(), db=state)
            elif found != _FORMAT:
                raise UnfitShelf(f"{self._path} has format version {found!r}, not {_FORMAT!r}")

    def _read_packing(self) -> Packing:
        state = self._tables[b"state"]
        with self._environment.begin() as transaction:
            return Packing(
                Compression(transaction.get(b"specimen", b"", db=state)),
                Compression(transaction.get(b"specimen document", b"", db=state)),
            )


def specimen_document() -> bytes:
    """A document with a facet of each kind, in Turtle: the dictionary for all others."""
    record = Record.read(OvoCode.of(2949).iri, specimen())
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    return serialise(document(record, date(2020, 1, 1), moment), TURTLE, record.iri)


class _MapFull(StorageError):
    """The map is too small for the transaction; it is made larger."""


@contextmanager
def named_errors(path: Path) -> Iterator[None]:
    """Turn LMDB's errors into storage errors."""
    try:
        yield
    except lmdb.MapFullError as error:
        raise _MapFull(str(error)) from error
    except lmdb.DiskError as error:
        raise DataDirectoryFull(f"{path}: {error}") from error
    except _DAMAGED as error:
        raise UnfitShelf(f"{path}: {error}") from error
    except lmdb.Error as error:
        raise _other(path, error) from error


def _other(path: Path, error: lmdb.Error) -> StorageError:
    # Errors of the operating system come with its text only; a write that did not fit on the disk
    # as a whole is an input/output error to LMDB.
    text = f"{path}: {error}"
    full = any(os.strerror(number) in text for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
    if full or (os.strerror(errno.EIO) in text and _free(path) < _SPARE):
        return DataDirectoryFull(text)
    return DataDirectoryUnusable(text)


def _reserve(lock: Path) -> None:
    """Give the table of readers its blocks: LMDB would die (SIGBUS) if the disk were full."""
    try:
        if not lock.exists():
            lock.write_bytes(bytes(_LOCK_SIZE))
    except OSError as error:
        raise StorageError.of(lock, error) from error


def _free(path: Path) -> int:
    state = os.statvfs(path)
    return state.f_bavail * state.f_frsize
