"""Fill empty views side by side, one process a view: two cores instead of one."""

from __future__ import annotations

import gc
import multiprocessing
import sqlite3
import sys
from collections.abc import Callable
from multiprocessing.queues import Queue
from queue import Empty

from organisatieregister.errors import DataDirectoryFull, StorageError
from organisatieregister.projector import fill
from organisatieregister.settings import Settings
from organisatieregister.views.generations import current_generation
from organisatieregister.views.graph import GraphView
from organisatieregister.views.search import SearchView
from organisatieregister.wiring import VIEW_NAMES, day_file, open_journal, open_view, today

_SPAWN = multiprocessing.get_context("spawn")

Progress = Callable[[str, int], None]


def fill_empty_views(settings: Settings, progress: Progress) -> None:
    """Fill the views that hold nothing yet; does nothing when all have started.

    Raises StorageError when a process does not end well.
    """
    settings.views.mkdir(parents=True, exist_ok=True)
    empty = [name for name in VIEW_NAMES if _is_empty(settings, name)]
    if not empty:
        return
    day, fresh = day_file(settings), today()
    if "documents" in empty and day.read() != fresh:
        day.forget()  # the schedule of the next midnights begins today, the other views are older
    news: Queue[tuple[str, int]] = _SPAWN.Queue()
    faults: Queue[StorageError] = _SPAWN.Queue()
    processes = [
        _SPAWN.Process(target=_fill_one, args=(settings, name, news, faults), name=f"fill-{name}")
        for name in empty
    ]
    for process in processes:
        process.start()
    while any(process.is_alive() for process in processes):
        try:
            progress(*news.get(timeout=0.1))
        except Empty:
            continue
    failed = [process.name.removeprefix("fill-") for process in processes if process.exitcode]
    if failed:
        raise _fault(failed, faults)
    if len(empty) == len(VIEW_NAMES):
        day.write(fresh)


def _is_empty(settings: Settings, name: str) -> bool:
    """True when readers find nothing yet; what is damaged is for the writer of the view to see."""
    path = settings.views / name
    if name != "search":
        return current_generation(path) is None
    view = SearchView.open(path, readonly=True)
    try:
        return view.position == 0
    finally:
        view.close()


def _fault(failed: list[str], faults: Queue[StorageError]) -> StorageError:
    """What went wrong, and what holds all the same."""
    try:
        first = faults.get(timeout=1)
    except Empty:
        first = StorageError("a process ended without a word")
    return type(first)(
        f"{first}\nThe journal holds all that was loaded; what failed is building the views "
        f"({', '.join(failed)}). Mend the cause, then: ovo rebuild"
    )


def _fill_one(
    settings: Settings, name: str, news: Queue[tuple[str, int]], faults: Queue[StorageError]
) -> None:
    # Millions of terms come and go, none in a cycle: the search for cycles is a tenth of the time.
    gc.set_threshold(100_000, 50, 50)
    try:
        _fill(settings, name, news)
    except StorageError as error:
        faults.put(_plain(error))
    except (OSError, sqlite3.Error) as error:
        faults.put(StorageError(f"{settings.views / name}: {error}"))
    else:
        return
    faults.close()
    faults.join_thread()
    sys.exit(1)


def _plain(error: StorageError) -> StorageError:
    """The error as one that can cross to another process."""
    kind = DataDirectoryFull if isinstance(error, DataDirectoryFull) else StorageError
    return kind(str(error))


def _fill(settings: Settings, name: str, news: Queue[tuple[str, int]]) -> None:
    view = open_view(settings, name)
    try:
        with open_journal(settings, readonly=True) as journal:
            fill(view, journal, today(), lambda what, count: news.put((what, count)))
        if isinstance(view, GraphView):
            view.publish()  # so that there is something to query from the first second
    finally:
        view.close()
