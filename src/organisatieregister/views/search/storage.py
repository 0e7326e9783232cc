"""The files of the search view: opening them, and errors by our names.

What is found to be damaged is marked so, and dropped when it is next opened for writing: everything
in it can be had from the journal again.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from organisatieregister.errors import (
    DataDirectoryBusy,
    DataDirectoryFull,
    DataDirectoryUnusable,
    StorageError,
)
from organisatieregister.views.search.tables import FORMAT, create

_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_MAPPED = 256 * 2**20  # bytes of the tables that a reader maps instead of copying


def tables_file(path: Path) -> Path:
    """The tables in the view's directory."""
    return path / "search.sqlite"


def index_directory(path: Path) -> Path:
    """The name index in the view's directory."""
    return path / "names"


def open_tables(path: Path) -> sqlite3.Connection:
    """The tables, for writing; a view that is damaged or of another format is dropped first."""
    if _damage_mark(path).exists():
        shutil.rmtree(path)
    path.mkdir(parents=True, exist_ok=True)
    connection = _connect(path, "rwc")
    try:
        if _are_fit(connection):
            return connection
    except sqlite3.DatabaseError as error:
        if _code(error) not in (*_DAMAGED, sqlite3.SQLITE_ERROR):  # the last: a table is gone
            connection.close()
            raise
    connection.close()
    shutil.rmtree(path)
    path.mkdir()
    connection = _connect(path, "rwc")
    _prepare(connection)
    return connection


def open_tables_to_read(path: Path) -> sqlite3.Connection | None:
    """The tables as they are, or None when there are none that we can read (yet)."""
    if not tables_file(path).exists():
        return None
    connection = _connect(path, "ro")
    connection.execute(f"PRAGMA mmap_size = {_MAPPED}")
    if _format(connection) == FORMAT:
        return connection
    connection.close()
    return None


@contextmanager
def named_errors(path: Path) -> Iterator[None]:
    """Turn the errors of SQLite and tantivy (ValueError) into storage errors."""
    with named_sqlite_errors(path):
        try:
            yield
        except OSError as error:
            raise StorageError.of(path, error) from error
        except ValueError as error:
            text = str(error)[:500]
            if "orrupt" in text:
                _mark_damaged(path)
            raise _kind(0, text)(f"{path}: {text}") from error


@contextmanager
def named_sqlite_errors(path: Path) -> Iterator[None]:
    """Turn just those of SQLite into storage errors."""
    try:
        yield
    except sqlite3.Error as error:
        if _code(error) in _DAMAGED:
            _mark_damaged(path)
        raise _kind(_code(error), "")(f"{path}: {error}") from error


def _kind(code: int, text: str) -> type[StorageError]:
    if code == sqlite3.SQLITE_FULL or "StorageFull" in text or "No space left" in text:
        return DataDirectoryFull
    if code == sqlite3.SQLITE_BUSY or "LockBusy" in text:
        return DataDirectoryBusy
    return DataDirectoryUnusable


def _damage_mark(path: Path) -> Path:
    return path / "damaged"


def _mark_damaged(path: Path) -> None:
    with suppress(OSError):
        _damage_mark(path).touch()


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{tables_file(path).absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
    )


def _are_fit(connection: sqlite3.Connection) -> bool:
    """Whether these are tables of this format; in an empty file they are made."""
    connection.execute("PRAGMA synchronous = NORMAL")  # what a power cut takes is projected again
    if (
        _format(connection) == 0
        and not connection.execute("SELECT * FROM sqlite_master").fetchone()
    ):
        _prepare(connection)
    return _format(connection) == FORMAT


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("BEGIN IMMEDIATE")
    create(connection)
    connection.execute("COMMIT")


def _format(connection: sqlite3.Connection) -> int:
    ((version,),) = connection.execute("PRAGMA user_version").fetchall()
    return int(version)


def _code(error: sqlite3.Error) -> int:
    # no code: Python could not make text of what the file holds
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
