"""A consistent copy of the journal, made while it is written."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

from organisatieregister.errors import DataDirectoryBusy, StorageError
from organisatieregister.journal.database import open_reader, sync_directory


def back_up(journal: Path, target: Path) -> None:
    """Copy the journal as it stands at one moment to ``target``, which changes at once.

    The copy is whole and on disk before it gets its name. Raises DataDirectoryBusy when ``target``
    is the journal itself or another one in use, and the usual storage errors.
    """
    if _in_use(journal, target):
        raise DataDirectoryBusy(f"{target} is a journal in use; no backup is written over it")
    half = target.with_name(f".{target.name}.{os.getpid()}.half")
    try:
        with closing(open_reader(journal)) as source:
            source.copy_to(half)
        _sync(half)
        half.replace(target)
    except OSError as error:
        raise StorageError.of(target, error) from error
    finally:
        half.unlink(missing_ok=True)
    sync_directory(target.parent)


def _in_use(journal: Path, target: Path) -> bool:
    log = target.with_name(f"{target.name}-wal")
    return (target.exists() and target.samefile(journal)) or (
        log.exists() and log.stat().st_size > 0
    )


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
