"""The journal's SQLite file: its tables, its format version, and SQLite's errors by our names."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from organisatieregister.errors import (
    DamagedJournal,
    DataDirectoryBusy,
    DataDirectoryFull,
    DataDirectoryUnusable,
    NewerFormat,
    StorageError,
)
from organisatieregister.journal.chain import GENESIS

APPLICATION_ID = 0x4F564F4A  # "OVOJ"
FORMAT = 1

Migration = Callable[["Database"], None]

# From each older format version to the next; each runs inside the transaction of the upgrade.
MIGRATIONS: Mapping[int, Migration] = {}

_SCHEMA = (
    # what every version of one operation shares
    """CREATE TABLE activity (
        number INTEGER PRIMARY KEY,
        what TEXT NOT NULL, agent TEXT NOT NULL, reason TEXT NOT NULL, source TEXT NOT NULL)""",
    # time in microseconds since 1970 (UTC); record: see compression.py, NULL in a tombstone
    """CREATE TABLE version (
        position INTEGER PRIMARY KEY,
        iri TEXT NOT NULL,
        time INTEGER NOT NULL,
        kind TEXT NOT NULL,
        activity INTEGER NOT NULL REFERENCES activity,
        previous INTEGER NOT NULL,
        digest BLOB NOT NULL,
        record BLOB)""",
    "CREATE UNIQUE INDEX version_of_iri ON version (iri, position)",
    # one row: how far the log has come, and the number in the highest OVO code
    """CREATE TABLE head (
        position INTEGER NOT NULL,
        digest BLOB NOT NULL,
        time INTEGER NOT NULL,
        living INTEGER NOT NULL,
        code INTEGER NOT NULL)""",
    "CREATE TABLE dictionary (specimen BLOB NOT NULL)",
    *(
        f"""CREATE TRIGGER {table}_{change}_refused BEFORE {change} ON {table}
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"""
        for table in ("version", "activity")
        for change in ("UPDATE", "DELETE")
    ),
)

_FULL = (
    sqlite3.SQLITE_FULL,
    # what SQLite makes of a quota or a limit on file size
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_SHMSIZE,
)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_DAMAGED = (
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_CONSTRAINT,
    sqlite3.SQLITE_ERROR,  # a table that is gone
)


class Database:
    """A connection to the file; what it raises are storage errors. Not for two threads at once."""

    def __init__(self, path: Path, mode: str, timeout: float) -> None:
        """``mode``: "ro" to read, "rwc" to write and create. ``timeout``: seconds for a lock."""
        self.path = path
        with named_errors(path):
            self._connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode={mode}",
                uri=True,
                timeout=timeout,
                isolation_level=None,
                check_same_thread=False,
            )

    def rows(self, statement: str, arguments: Sequence[Any] = ()) -> list[Any]:
        """All rows that the statement gives."""
        with named_errors(self.path):
            return self._connection.execute(statement, arguments).fetchall()

    def row(self, statement: str, arguments: Sequence[Any] = ()) -> Any:
        """The one row that the statement gives; another number raises DamagedJournal."""
        rows = self.rows(statement, arguments)
        if len(rows) != 1:
            raise DamagedJournal(0, f"{len(rows)} rows where there is one: {statement}")
        return rows[0]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is written, durably, or nothing when anything is raised."""
        self.rows("BEGIN IMMEDIATE")
        try:
            yield
            self.rows("COMMIT")
        finally:
            if self._connection.in_transaction:
                self.rows("ROLLBACK")

    def shrink_log(self) -> None:
        """Bring what is in the write-ahead log into the file and give back its space, if able."""
        with suppress(StorageError):
            self.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def copy_to(self, target: Path) -> None:
        """Copy everything, as it stands at one moment, to a new file; it is not synced."""
        with named_errors(target), closing(sqlite3.connect(target)) as copy:
            copy.execute("PRAGMA synchronous = OFF")
            self._connection.backup(copy)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def open_writer(path: Path, specimen: bytes, timeout: float = 5.0) -> Database:
    """The file open for writing; made when it is not there, brought up to this format if older.

    Raises NewerFormat and DataDirectoryUnusable (a file of another application) before anything
    is touched. ``timeout``: how many seconds to wait for another writer.
    """
    with _kept_when_good(Database(path, "rwc", timeout)) as database:
        known_format(database)
        database.rows("PRAGMA journal_mode = WAL")
        database.rows("PRAGMA synchronous = FULL")
        database.rows("PRAGMA journal_size_limit = 16777216")
        with database.transaction():
            if known_format(database) == 0:
                _create(database, specimen)
            migrate(database)
        database.shrink_log()
        sync_directory(path.parent)
    return database


def open_reader(path: Path, timeout: float = 5.0) -> Database:
    """The file open for reading only; raises as ``open_writer``."""
    with _kept_when_good(Database(path, "ro", timeout)) as database:
        if known_format(database) == 0:
            raise DataDirectoryUnusable(f"{path} is empty")
    return database


def known_format(database: Database) -> int:
    """The format version; 0 for an empty file. Raises NewerFormat, DataDirectoryUnusable."""
    (application,) = database.row("PRAGMA application_id")
    (version,) = database.row("PRAGMA user_version")
    (tables,) = database.row("SELECT count(*) FROM sqlite_master")
    if application == 0 and version == 0 and tables == 0:
        return 0
    if application != APPLICATION_ID or version < 1:
        raise DataDirectoryUnusable(f"{database.path} is a database of another application")
    if version > FORMAT:
        raise NewerFormat(str(database.path), version, FORMAT)
    return int(version)


def migrate(
    database: Database, migrations: Mapping[int, Migration] = MIGRATIONS, target: int = FORMAT
) -> None:
    """Bring an older format up to ``target``, step by step, inside the caller's transaction."""
    (found,) = database.row("PRAGMA user_version")
    for version in range(found, target):
        if version not in migrations:
            raise DataDirectoryUnusable(
                f"{database.path}: no way from format version {version} to {target}"
            )
        migrations[version](database)
        database.rows(f"PRAGMA user_version = {version + 1}")


def sync_directory(directory: Path) -> None:
    """Make new and renamed files in the directory survive a power cut."""
    try:
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise StorageError.of(directory, error) from error


@contextmanager
def named_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into storage errors."""
    try:
        yield
    except sqlite3.Error as error:
        raise _named(path, error) from error
    except UnicodeDecodeError as error:  # a message that quotes the damage
        raise DamagedJournal(0, f"{path}: {error}") from error


@contextmanager
def _kept_when_good(database: Database) -> Iterator[Database]:
    try:
        yield database
    except StorageError:
        database.close()
        raise


def _create(database: Database, specimen: bytes) -> None:
    for statement in _SCHEMA:
        database.rows(statement)
    database.rows("INSERT INTO dictionary VALUES (?)", (specimen,))
    database.rows("INSERT INTO head VALUES (0, ?, 0, 0, 0)", (GENESIS,))
    database.rows(f"PRAGMA application_id = {APPLICATION_ID}")
    database.rows(f"PRAGMA user_version = {FORMAT}")


def _named(path: Path, error: sqlite3.Error) -> StorageError:
    # no code: Python could not make text of what the file holds
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    primary = code & 0xFF
    text = f"{path}: {error}"
    if code in _FULL:
        return DataDirectoryFull(text)
    if primary in _BUSY:
        return DataDirectoryBusy(text)
    if primary in _DAMAGED:
        return DamagedJournal(0, text)
    return DataDirectoryUnusable(text)
