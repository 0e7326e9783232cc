"""The processes of a running register: projector, dumper, retrospect, and web workers.

The parent holds the data directory's lock and the listening socket, starts the others with *spawn*
(a fork would inherit locks and threads), and starts a process again that ended without being asked.
A child whose parent is gone stops by itself.
"""

from __future__ import annotations

import logging
import multiprocessing
import multiprocessing.connection
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from types import FrameType

from organisatieregister.errors import DataDirectoryBusy, StorageError
from organisatieregister.journal.lock import DataDirectoryLock
from organisatieregister.settings import Settings

_SPAWN = multiprocessing.get_context("spawn")
_PATIENCE = 15.0  # seconds for a child to end by itself
_POLL = 0.2  # seconds between two looks at the journal
_DUMP_POLL = 5.0  # seconds between two looks whether a dump is due
_log = logging.getLogger(__name__)


@contextmanager
def listen(host: str, port: int) -> Iterator[socket.socket]:
    """A listening socket. Raises StorageError when the address is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
        except OSError as error:
            raise StorageError(f"cannot listen on {host}:{port}: {error.strerror}") from error
        listening.listen(1024)
        yield listening


@dataclass
class _Child:
    name: str
    start: Callable[[], BaseProcess]
    process: BaseProcess
    started: float


def supervise(settings: Settings, listening: socket.socket) -> None:
    """Run until SIGTERM or SIGINT; then let requests finish, and return."""
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    children = [_child(f"web-{n}", run_web, settings, listening) for n in range(settings.workers)]
    children.append(_child("projector", run_projector, settings))
    children.append(_child("dumper", run_dumper, settings))
    children.append(_child("retrospect", run_retrospect, settings))
    while not stopping.wait(_POLL):
        for child in children:
            if not child.process.is_alive():
                _restart(child, stopping)
    for child in children:
        child.process.terminate()
    deadline = time.monotonic() + _PATIENCE
    for child in children:
        child.process.join(max(0.0, deadline - time.monotonic()))
        if child.process.is_alive():
            child.process.kill()
            child.process.join()


def _child(name: str, target: Callable[..., None], *arguments: object) -> _Child:
    def start() -> BaseProcess:
        process = _SPAWN.Process(target=target, args=arguments, name=name)
        process.start()
        return process

    return _Child(name, start, start(), time.monotonic())


def _restart(child: _Child, stopping: threading.Event) -> None:
    _log.error("%s ended with exit code %s; starting it again", child.name, child.process.exitcode)
    if time.monotonic() - child.started < 1:
        stopping.wait(1)  # one that cannot start must not eat a core
    if not stopping.is_set():
        child.process, child.started = child.start(), time.monotonic()


# --- the children ----------------------------------------------------------------------------


def run_web(settings: Settings, listening: socket.socket) -> None:
    """A web worker: read-only views, its own SPARQL workers, the shared socket."""
    from organisatieregister.web.server import run  # the parent need not load all of the web

    _log_to_standard_error()
    _end_with_parent()
    run(settings, listening)


def run_projector(settings: Settings) -> None:
    """The one process that writes views: it follows the journal, and the calendar."""
    from organisatieregister.wiring import open_journal, open_views, projector, today

    stopping = _begin_background()
    with (
        _wait_for_lock(settings),
        open_journal(settings, readonly=True) as journal,
        open_views(settings) as views,
    ):
        projecting = projector(settings, journal, views)
        while not stopping.is_set():
            projecting.advance(today())
            stopping.wait(_POLL)


def run_dumper(settings: Settings) -> None:
    """Writes the dumps, every day, and at once when there are none."""
    from organisatieregister.wiring import dumper, open_journal, today

    stopping = _begin_background()
    with open_journal(settings, readonly=True) as journal:
        while not stopping.is_set():
            position = journal.position
            dumper(settings, journal, position).write_if_due(today(), position)
            stopping.wait(_DUMP_POLL)


def run_retrospect(settings: Settings) -> None:
    """Makes the graph as valid on other days, when somebody asks."""
    from organisatieregister.wiring import retrospect

    stopping = _begin_background()
    looking_back = retrospect(settings)
    while not stopping.is_set():
        try:
            waiting = not looking_back.advance()
        except StorageError as error:  # a full disk, or a generation that was removed meanwhile
            _log.error("no graph of another day: %s", error)
            waiting = True
        if waiting:
            stopping.wait(_POLL)


def _begin_background() -> threading.Event:
    """Set up a process without HTTP; the event is set when it has to stop."""
    _log_to_standard_error()
    stopping = _end_with_parent()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    return stopping


@contextmanager
def _wait_for_lock(settings: Settings) -> Iterator[None]:
    """The lock on the views; a projector that was told to end may need a moment to let go."""
    deadline = time.monotonic() + _PATIENCE
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(DataDirectoryLock(settings.views))
                break
            except DataDirectoryBusy:
                if time.monotonic() > deadline:
                    raise
                time.sleep(_POLL)
        yield


def _end_with_parent() -> threading.Event:
    """An event that is set when the parent ends; the process gets SIGTERM then."""
    ended = threading.Event()
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            multiprocessing.connection.wait([parent.sentinel])
            ended.set()
            os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
    return ended


def _log_to_standard_error() -> None:
    from organisatieregister.web.observation import JsonLines

    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
