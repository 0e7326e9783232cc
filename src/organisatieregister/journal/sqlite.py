"""The journal in one SQLite file.

Write-ahead log with ``synchronous = FULL``: a commit is on disk before ``append`` returns. One
connection writes; another reads, so that a reader in this process sees only what was committed.
Both may be used by any thread. Reading goes page by page, so a slow reader holds nothing up.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from organisatieregister.compression import Compression, specimen
from organisatieregister.errors import (
    DamagedJournal,
    DataDirectoryBusy,
    DataDirectoryFull,
    DataDirectoryUnusable,
)
from organisatieregister.identifiers import OvoCode
from organisatieregister.journal import Activity, ChangeKind, Draft, Version
from organisatieregister.journal.backup import back_up
from organisatieregister.journal.chain import GENESIS, link, microseconds, moment
from organisatieregister.journal.database import Database, open_reader, open_writer
from organisatieregister.journal.operation import Operation, code_number

_PAGE = 256

_VERSIONS = """
    SELECT v.position, v.iri, v.time, v.kind, v.record, v.previous, v.digest,
           a.what, a.agent, a.reason, a.source
    FROM version v LEFT JOIN activity a ON a.number = v.activity """


def _unheard(_checked: int) -> None:
    """Progress that nobody follows."""


class SqliteJournal:
    """A Journal in one file; open it with ``SqliteJournal.open``."""

    def __init__(
        self,
        path: Path,
        reader: Database,
        writer: Database | None,
        timeout: float,
    ) -> None:
        self.path = path
        self._reader = reader
        self._writer = writer
        self._timeout = timeout
        self._reading = threading.Lock()
        self._writing = threading.Lock()
        (dictionary,) = self._row("SELECT specimen FROM dictionary")
        if not isinstance(dictionary, bytes):
            raise DamagedJournal(0, "the dictionary of the compression cannot be read")
        self._compression = Compression(dictionary)

    @classmethod
    def open(cls, path: Path, *, readonly: bool = False, timeout: float = 5.0) -> SqliteJournal:
        """Open the file, for writing by default; then it is made when it is not there.

        Any number of processes may read, also while one writes. ``timeout``: seconds to wait for
        another writer before DataDirectoryBusy. Raises NewerFormat, DataDirectoryUnusable,
        DamagedJournal.
        """
        writer = None if readonly else open_writer(path, specimen(), timeout)
        return cls(path, open_reader(path, timeout), writer, timeout)

    def close(self) -> None:
        """Let go of the files; the writer last, so that it tidies up."""
        self._reader.close()
        if self._writer:
            self._writer.close()

    # --- writing ---

    def append(self, drafts: Iterable[Draft], activity: Activity, time: datetime) -> int:
        """See Journal."""
        with self._operation(activity, time) as operation:
            for draft in drafts:
                operation.write(draft)
        return operation.position

    def append_new(
        self, make: Callable[[OvoCode], Sequence[Draft]], activity: Activity, time: datetime
    ) -> tuple[OvoCode, int]:
        """See Journal."""
        with self._operation(activity, time) as operation:
            code = operation.issue_code()
            for draft in make(code):
                operation.write(draft)
        return code, operation.position

    @contextmanager
    def _operation(self, activity: Activity, time: datetime) -> Iterator[Operation]:
        if self._writer is None:
            raise DataDirectoryUnusable(f"{self.path} was opened for reading only")
        if not self._writing.acquire(timeout=self._timeout):
            raise DataDirectoryBusy(f"{self.path}: another thread is writing")
        try:
            with self._writer.transaction():
                operation = Operation(self._writer, self._compression, activity, time)
                yield operation
                operation.finish()
        except DataDirectoryFull:
            self._writer.shrink_log()
            raise
        finally:
            self._writing.release()

    # --- reading ---

    @property
    def position(self) -> int:
        """See Journal."""
        (position,) = self._row("SELECT position FROM head")
        return int(position)

    @property
    def head_digest(self) -> str:
        """See Journal."""
        (digest,) = self._row("SELECT digest FROM head")
        return bytes(digest).hex()

    def count(self) -> int:
        """See Journal."""
        (living,) = self._row("SELECT living FROM head")
        return int(living)

    def read(self, after: int, limit: int = 1000) -> Iterator[Version]:
        """See Journal."""
        end = after + limit
        while after < end:
            page = self._versions(
                "WHERE v.position > ? ORDER BY v.position LIMIT ?", after, min(_PAGE, end - after)
            )
            for version in page:
                after += 1
                if version.position != after:
                    raise DamagedJournal(after, "the row is missing")
                yield version
            if len(page) < _PAGE:
                return

    def read_heads(self, after: str = "", upto: int | None = None) -> Iterator[Version]:
        """See Journal."""
        position = self.position if upto is None else upto
        while True:
            page = self._versions(
                """JOIN (SELECT max(position) AS newest FROM version
                         WHERE iri > ? AND position <= ? GROUP BY iri ORDER BY iri LIMIT ?)
                   ON v.position = newest ORDER BY v.iri""",
                after,
                position,
                _PAGE,
            )
            yield from (version for version in page if version.canonical is not None)
            if len(page) < _PAGE:
                return
            after = page[-1].iri

    def version(self, iri: str, at: datetime | None = None) -> Version | None:
        """See Journal."""
        newest = "ORDER BY v.position DESC LIMIT 1"
        if at is None:
            found = self._versions(f"WHERE v.iri = ? {newest}", iri)
        else:
            found = self._versions(
                f"WHERE v.iri = ? AND v.time <= ? {newest}", iri, microseconds(at)
            )
        return found[0] if found else None

    def versions(self, iri: str) -> Iterator[Version]:
        """See Journal."""
        after = 0
        while page := self._versions(
            "WHERE v.iri = ? AND v.position > ? ORDER BY v.position LIMIT ?", iri, after, _PAGE
        ):
            yield from page
            after = page[-1].position

    def heads(self, iris: Sequence[str]) -> dict[str, Version]:
        """See Journal."""
        return {iri: version for iri in iris if (version := self.version(iri))}

    # --- care ---

    def verify(self, progress: Callable[[int], None] = _unheard) -> int:
        """See Journal. Checks SQLite's own structures too."""
        position, digest, time, living, code, rows = self._row(
            "SELECT position, digest, time, living, code, (SELECT count(*) FROM version) FROM head"
        )
        end, last, alive, highest = GENESIS, 0, 0, 0
        for version in self.read(0, position):
            end = _linked(end, version)
            alive += {ChangeKind.CREATE: 1, ChangeKind.TOMBSTONE: -1}.get(version.kind, 0)
            highest = max(highest, code_number(version.iri))
            last = microseconds(version.time)
            if version.position % _PAGE == 0:
                progress(version.position)
        if (end, last, alive, position) != (digest, time, living, rows) or highest > code:
            raise DamagedJournal(min(position, rows) + 1, "the rows do not end where the head says")
        for (finding,) in self._rows("PRAGMA integrity_check"):
            if finding != "ok":
                raise DamagedJournal(0, finding)
        progress(position)
        return int(position)

    def backup(self, target: Path) -> None:
        """See Journal."""
        back_up(self.path, target)

    # --- rows ---

    def _versions(self, which: str, *arguments: Any) -> list[Version]:
        return [self._version(row) for row in self._rows(_VERSIONS + which, arguments)]

    def _version(self, row: Sequence[Any]) -> Version:
        position, iri, time, kind, record, previous, digest, what, *who = row
        if what is None:
            raise DamagedJournal(position, "the row of its activity is missing")
        try:
            return Version(
                position=position,
                iri=iri,
                time=moment(time),
                kind=ChangeKind(kind),
                activity=Activity(what, *who),
                canonical=None if record is None else self._compression.unpack(record),
                previous=previous,
                digest=digest.hex(),
            )
        except (ValueError, TypeError, AttributeError, OverflowError) as error:
            raise DamagedJournal(position, f"the row cannot be read: {error}") from error

    def _rows(self, statement: str, arguments: Sequence[Any] = ()) -> list[Any]:
        # statements of two threads at once would share one, perhaps old, snapshot
        with self._reading:
            return self._reader.rows(statement, arguments)

    def _row(self, statement: str) -> Any:
        with self._reading:
            return self._reader.row(statement)


def _linked(before: bytes, version: Version) -> bytes:
    try:
        digest = link(before, version)
    except (AttributeError, OverflowError) as error:
        raise DamagedJournal(version.position, f"the row cannot be read: {error}") from error
    if digest.hex() != version.digest:
        raise DamagedJournal(version.position, "the digest does not fit the row")
    return digest
