"""The lock on a data directory: one process writes there."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType

from organisatieregister.errors import DataDirectoryBusy, StorageError

_WIDTH = 20  # written over in place, so that a full disk does not stand in the way


class DataDirectoryLock:
    """Holds ``{directory}/lock`` while the context lasts; the directory is made if need be.

    The kernel lets go of it however the process ends. A program that the process starts does not
    inherit it, but a plain fork would: start workers with *spawn*.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._file = -1

    def __enter__(self) -> DataDirectoryLock:
        """Take the lock, or raise DataDirectoryBusy with the process that has it."""
        path = self._directory / "lock"
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.pwrite(self._file, f"{os.getpid():<{_WIDTH - 1}}\n".encode(), 0)
        except BlockingIOError as error:
            holder = os.pread(self._file, _WIDTH, 0).decode("ascii", "replace").strip()
            self._release()
            raise DataDirectoryBusy(
                f"{self._directory}: process {holder or '?'} writes in this data directory; "
                "stop it first, or take another --data-dir"
            ) from error
        except OSError as error:
            self._release()
            raise StorageError.of(path, error) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go."""
        self._release()

    def _release(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
