"""Dumps: the whole published register of a day in files, record after record.

A dump is the Turtle, N-Triples (both gzip) and CSV of the current records; the same records give
the same bytes. Its folder counts for nothing until the index names it, and the index is replaced as
a whole, so readers never see half a dump.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from organisatieregister.dumps.files import DumpFiles
from organisatieregister.dumps.index import FORMS, Dump, DumpFile, DumpIndex, sync_directory
from organisatieregister.errors import DataDirectoryBusy, StorageError
from organisatieregister.journal.lock import DataDirectoryLock
from organisatieregister.views import Change

__all__ = ["FORMS", "KEEP", "Dump", "DumpFile", "DumpIndex", "Dumper"]

KEEP = 7  # dumps


class Dumper:
    """Writes dumps of what ``records`` gives: every current record once, on the day of the dump."""

    def __init__(
        self, records: Callable[[], Iterator[Change]], directory: Path, keep: int = KEEP
    ) -> None:
        self._records = records
        self._directory = directory
        self._keep = keep

    def write_if_due(self, day: date, position: int) -> bool:
        """Write a dump when the journal holds something and the day has none; True when written.

        Not while another process is writing one.
        """
        latest = DumpIndex.read(self._directory).latest
        if not position or (latest and latest.day == day.isoformat()):
            return False
        try:
            self.write(day, position)
        except DataDirectoryBusy:
            return False
        return True

    def write(self, day: date, position: int) -> DumpIndex:
        """Write the dump of a day; another one of that day makes way. Raises StorageError."""
        with DataDirectoryLock(self._directory):
            try:
                folder = Path(tempfile.mkdtemp(prefix=f"{day}-", dir=self._directory))
                try:
                    return self._publish(self._fill(folder, day, position))
                finally:
                    self._tidy()
            except OSError as error:
                raise StorageError.of(self._directory, error) from error

    def _fill(self, folder: Path, day: date, position: int) -> Dump:
        folder.chmod(0o755)
        with DumpFiles(folder, f"organisaties-{day}") as files:
            for change in self._records():
                files.take(change)
            described = files.finish()
        sync_directory(folder)
        return Dump(
            day.isoformat(), position, files.organisations, files.triples, folder.name, described
        )

    def _publish(self, dump: Dump) -> DumpIndex:
        others = [d for d in DumpIndex.read(self._directory).dumps if d.day != dump.day]
        newest = sorted([dump, *others], key=lambda each: each.day, reverse=True)[: self._keep]
        index = DumpIndex(self._directory, tuple(newest))
        index.write()
        return index

    def _tidy(self) -> None:
        """Throw away the folders that the index does not name."""
        named = {dump.folder for dump in DumpIndex.read(self._directory).dumps}
        for folder in self._directory.iterdir():
            if folder.is_dir() and folder.name not in named:
                shutil.rmtree(folder, ignore_errors=True)
