"""The graph as valid on other days: generations beside those of today, made when asked for.

``{graph}/op/{day}-{generation}`` is such a one, of the same records as the generation of today that
it is named after. It is a copy of that (hard links) in which only what differs was changed. Readers
leave a file with the day that they want; one process makes them, and keeps few.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import RdfFormat, Store, parse

from organisatieregister.errors import StorageError
from organisatieregister.views.generations import hold, remove_unless_held

KEPT = 8  # generations, those used last
MOST_ASKED = 16  # days that may wait at once

_UNFINISHED = ".new"
_ASKED = "asked"


class Differences(NamedTuple):
    """N-Triples that hold on one day and not on another, and the other way round."""

    removed: bytes
    added: bytes


class GraphsOnDays:
    """The generations of other days beside the graph view in a directory."""

    def __init__(self, graph: Path) -> None:
        self._directory = graph / "op"
        self._wanted = self._directory / _ASKED

    def find(self, day: date, base: Path) -> Path | None:
        """The graph on a day, of the records of a generation or newer ones; counts as used now."""
        made = [g for g in self._made() if g.name.startswith(f"{day}-") and _age(g) >= _age(base)]
        if not made:
            return None
        generation = max(made, key=_age)
        try:
            os.utime(generation)
        except FileNotFoundError:  # removed at this very moment
            return None
        return generation

    def ask(self, day: date) -> bool:
        """Ask for the graph on a day; False when too many days are waiting."""
        waiting = self.asked()
        if day not in waiting and len(waiting) >= MOST_ASKED:
            return False
        self._wanted.mkdir(parents=True, exist_ok=True)
        (self._wanted / day.isoformat()).touch()
        return True

    def asked(self) -> list[date]:
        """The days that wait, in the order of asking."""
        try:
            files = [(file.stat().st_mtime_ns, file.name) for file in self._wanted.iterdir()]
        except FileNotFoundError:  # nobody ever asked, or it was answered at this very moment
            return []
        return [date.fromisoformat(name) for _, name in sorted(files)]

    def answered(self, day: date) -> None:
        """A day no longer waits."""
        (self._wanted / day.isoformat()).unlink(missing_ok=True)

    def build(
        self, day: date, base: Path, differences: Callable[[], Iterable[Differences]]
    ) -> Path:
        """Make the graph on a day from a generation and what differs. Raises StorageError."""
        self._directory.mkdir(exist_ok=True)
        generation = self._directory / f"{day}-{base.name}"
        unfinished = generation.with_name(generation.name + _UNFINISHED)
        if unfinished.exists():
            shutil.rmtree(unfinished)  # of a process that was killed
        with _named_errors(unfinished):
            with hold(base):
                shutil.copytree(base, unfinished, copy_function=_link)
            _change(unfinished, differences())
            unfinished.rename(generation)
        self._remove_old()
        return generation

    def _remove_old(self) -> None:
        made = sorted(self._made(), key=lambda path: path.stat().st_mtime_ns)
        for generation in made[:-KEPT]:
            remove_unless_held(generation)

    def _made(self) -> list[Path]:
        return [path for path in self._directory.glob("*-*-*-*-*") if not path.suffix]


def _age(generation: Path) -> tuple[int, int]:
    """Position and time of the generation of today that this is, or was made from."""
    position, made = generation.name.split("-")[-2:]
    return int(position), int(made)


def _link(source: str, target: str) -> None:
    """What RocksDB never writes again is shared, the rest is copied."""
    if source.endswith(".sst"):
        os.link(source, target)
    else:
        shutil.copyfile(source, target)


def _change(directory: Path, differences: Iterable[Differences]) -> None:
    store = Store(str(directory))
    found = list(differences)
    for removed, _ in found:
        for quad in parse(removed, format=RdfFormat.N_TRIPLES, lenient=True):
            store.remove(quad)
    # After all removals: what one record no longer says another may still say.
    for _, added in found:
        store.bulk_load(added, RdfFormat.N_TRIPLES, lenient=True)
    store.flush()


@contextmanager
def _named_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, RuntimeError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise StorageError.of(path, error) from error
        raise StorageError(f"{path}: {error}") from error
