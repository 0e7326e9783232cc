"""Generations of a view: immutable directories that readers open, and a pointer to the newest.

``{view}/generations/{position}-{milliseconds}`` is a generation, ``{view}/current`` a symbolic link
that is replaced atomically. A reader holds its generation (a shared lock on the directory), so the
writer never removes files that somebody may still have to open.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from organisatieregister.errors import DataDirectoryBusy

KEPT = 2  # generations that stay even when nobody holds them

_DIRECTORY = "generations"
_POINTER = "current"
_UNFINISHED = ".new"


def current_generation(view: Path) -> Path | None:
    """The newest generation of the view in this directory; None when none was published."""
    try:
        return view / (view / _POINTER).readlink()
    except FileNotFoundError:
        return None


def position_of(generation: Path | None) -> int:
    """The position of the journal that a generation shows; 0 for none."""
    return int(generation.name.partition("-")[0]) if generation else 0


@contextmanager
def hold(generation: Path) -> Iterator[Path]:
    """Keep the generation from being removed; FileNotFoundError when it is gone already."""
    lease = take_lease(generation)
    try:
        yield generation
    finally:
        os.close(lease)


def take_lease(generation: Path) -> int:
    """The same for who cannot use a context: a file descriptor that ends the hold when closed."""
    lease = os.open(generation, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(lease, fcntl.LOCK_SH | fcntl.LOCK_NB)
        if os.fstat(lease).st_nlink > 0:
            return lease
    except BlockingIOError:
        pass  # it is being removed
    os.close(lease)
    raise FileNotFoundError(f"{generation} has been removed")


def lock_for_writing(view: Path) -> int:
    """Take the lock on a view's directory: a file descriptor that lets go when it is closed.

    Raises DataDirectoryBusy.
    """
    lock = os.open(view, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        raise DataDirectoryBusy(f"{view}: another process writes this view") from error
    return lock


def withdraw(view: Path) -> None:
    """Point to no generation: the view has to be made anew."""
    (view / _POINTER).unlink(missing_ok=True)


def publish_generation(view: Path, position: int, make: Callable[[Path], None]) -> Path:
    """Let ``make`` fill a new directory, point to it, and remove what nobody needs any more."""
    directory = view / _DIRECTORY
    directory.mkdir(exist_ok=True)
    generation = directory / f"{position}-{time.time_ns() // 1_000_000}"
    unfinished = generation.with_name(generation.name + _UNFINISHED)
    make(unfinished)
    unfinished.rename(generation)
    pointer = view / (_POINTER + _UNFINISHED)
    pointer.unlink(missing_ok=True)
    pointer.symlink_to(generation.relative_to(view))
    pointer.replace(view / _POINTER)
    _remove_old(view)
    return generation


def _remove_old(view: Path) -> None:
    made = sorted((view / _DIRECTORY).iterdir(), key=_age)
    current = current_generation(view)
    for generation in made[:-KEPT]:
        if generation != current:
            remove_unless_held(generation)


def _age(generation: Path) -> int:
    """When it was made; what a crash left unfinished is the oldest of all."""
    made = generation.name.rpartition("-")[2]
    return int(made) if made.isdecimal() else 0


def remove_unless_held(generation: Path) -> None:
    """Remove a generation that no reader holds."""
    lock = os.open(generation, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(generation)
    except BlockingIOError:
        pass  # held by a reader; the next publication tries again
    finally:
        os.close(lock)
