"""The worker processes: started, handed out one query at a time, killed and replaced."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import orjson

from organisatieregister.endpoint.connection import Connection, WorkerDied
from organisatieregister.endpoint.frames import QUERY, Frame, frame
from organisatieregister.endpoint.queries import Limits
from organisatieregister.errors import EndpointBusy, QueryFailed, QueryTimeout, QueryTooLarge
from organisatieregister.views.generations import take_lease

_LOG = logging.getLogger(__name__)

_START_SECONDS = 20.0
_RETRY_SECONDS = 1.0
_LAST_WORDS = 2000  # bytes of a dead worker's standard error that are looked at
# All that a worker gets to see of the environment, which may hold secrets.
_ENVIRONMENT = ("PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH")


class Worker:
    """One process and the socket to it; made with ``Worker.start``."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        connection: Connection,
        last_words: IO[bytes],
        limits: Limits,
    ) -> None:
        self._process = process
        self._connection = connection
        self._last_words = last_words
        self._limits = limits
        self._lease = -1
        self._generation: Path | None = None
        self._path = ""
        self._killed = False
        self._burial: asyncio.Task[QueryFailed] | None = None
        self.restricted = False

    @classmethod
    async def start(cls, limits: Limits, prefixes: Mapping[str, str]) -> Worker:
        """A worker that is ready. Raises QueryFailed when it does not come up."""
        ours, theirs = socket.socketpair()
        last_words = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the worker)
        with theirs:
            process = _spawn(theirs, last_words, limits, prefixes)
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_unix_connection(Connection, sock=ours)
        worker = cls(process, connection, last_words, limits)
        try:
            async with asyncio.timeout(_START_SECONDS):
                _, content = await worker.read()
            worker.restricted = json.loads(content)["restricted"]
        except (WorkerDied, TimeoutError) as error:
            reason = await worker.bury()
            raise QueryFailed(f"a SPARQL worker does not start: {reason}") from error
        except asyncio.CancelledError:
            worker.kill()
            raise
        return worker

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """False when the process has ended."""
        return self._process.poll() is None

    def ask(self, query: dict[str, Any], generation: Path) -> None:
        """Send a query to be evaluated on this generation; FileNotFoundError when that is gone."""
        if generation != self._generation:
            lease = take_lease(generation)
            if self._lease >= 0:
                os.close(self._lease)
            self._lease, self._generation = lease, generation
            self._path = str(generation.absolute())
        self._connection.write(frame(QUERY, orjson.dumps(query | {"generation": self._path})))

    async def read(self) -> Frame:
        """The next frame. Raises WorkerDied."""
        return await self._connection.read()

    def kill(self) -> None:
        """End the process, whatever it does."""
        self._killed = True
        self._process.kill()
        self._connection.close()

    async def bury(self) -> QueryFailed:
        """Wait for the end of the process, let go of all, and say what it died of."""
        if self._burial is None:
            self._burial = asyncio.create_task(self._bury())
        return await asyncio.shield(self._burial)

    async def _bury(self) -> QueryFailed:
        # A process that ends by itself closes the socket a moment before it can be waited for.
        self._process.kill()
        code = await asyncio.to_thread(self._process.wait)
        if self._lease >= 0:
            os.close(self._lease)
        self._connection.close()
        with self._last_words as words:
            words.seek(max(0, words.seek(0, os.SEEK_END) - _LAST_WORDS))
            return self._cause(code, words.read().decode("utf-8", "replace"))

    def _cause(self, code: int, words: str) -> QueryFailed:
        if self._killed:
            return QueryFailed("the query was stopped")
        if code == -signal.SIGXCPU:
            return QueryTimeout(self._limits.seconds)
        if "memory allocation" in words or "MemoryError" in words or "bad_alloc" in words:
            return QueryTooLarge(f"the query needs more than {self._limits.memory >> 20} MiB")
        if code == -signal.SIGKILL:
            return QueryTooLarge("the system ended the query's process, for want of memory")
        if code < 0:
            name = signal.Signals(-code).name
            return QueryFailed(f"the query made its process end ({name}); is it very deep?")
        return QueryFailed(f"a SPARQL worker ended by itself ({code}): {words.strip()[-200:]}")


class Pool:
    """A fixed number of workers; who is not served at once waits in line, up to a limit."""

    def __init__(
        self, size: int, limits: Limits, prefixes: Mapping[str, str], *, sandbox_required: bool
    ) -> None:
        self._size = size
        self._limits = limits
        self._prefixes = prefixes
        self._sandbox_required = sandbox_required
        # Last in, first out: the worker whose caches are warm.
        self._idle: asyncio.LifoQueue[Worker] = asyncio.LifoQueue()
        self._workers: set[Worker] = set()
        self._waiting = 0
        self._replacing: set[asyncio.Task[None]] = set()

    @property
    def workers(self) -> frozenset[Worker]:
        """Those that live now."""
        return frozenset(self._workers)

    async def start(self) -> None:
        """Start all workers. Raises QueryFailed when one does not come up as it should."""
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._size):
                    group.create_task(self._add())
        except* QueryFailed as failures:
            await self.stop()
            raise failures.exceptions[0] from None

    async def stop(self) -> None:
        """End all workers, busy or not."""
        for task in self._replacing:
            task.cancel()
        await asyncio.gather(*self._replacing, return_exceptions=True)
        for worker in self._workers:
            worker.kill()
        await asyncio.gather(*(worker.bury() for worker in self._workers))
        self._workers.clear()
        self._idle = asyncio.LifoQueue()

    async def take(self) -> Worker:
        """A worker for one query, to be given back or discarded. Raises EndpointBusy."""
        while not self._waiting and not self._idle.empty():
            worker = self._idle.get_nowait()
            if worker.alive:
                return worker
            self.discard(worker)
        if self._waiting >= self._limits.waiting:
            raise EndpointBusy(self._retry_after)
        self._waiting += 1
        try:
            async with asyncio.timeout(self._limits.waiting_seconds):
                return await self._idle.get()
        except TimeoutError as error:
            raise EndpointBusy(self._retry_after) from error
        finally:
            self._waiting -= 1

    def give_back(self, worker: Worker, size: int) -> None:
        """Take the worker in again; one that grew to a large ``size`` (bytes) is replaced."""
        if size > self._limits.memory // 2:
            self.discard(worker)
        else:
            self._idle.put_nowait(worker)

    def discard(self, worker: Worker) -> None:
        """Kill the worker and start another."""
        worker.kill()
        self._workers.discard(worker)
        task = asyncio.create_task(self._replace(worker))
        self._replacing.add(task)
        task.add_done_callback(self._replacing.discard)

    @property
    def _retry_after(self) -> int:
        return max(1, round(self._limits.waiting_seconds / 2))

    async def _add(self) -> None:
        worker = await Worker.start(self._limits, self._prefixes)
        if not worker.restricted:
            if self._sandbox_required:
                await worker.bury()
                raise QueryFailed("this machine has no system call filter (seccomp) for workers")
            _LOG.warning("SPARQL workers run without a system call filter")
        self._workers.add(worker)
        self._idle.put_nowait(worker)

    async def _replace(self, worker: Worker) -> None:
        reason = await worker.bury()
        _LOG.info("SPARQL worker %d is replaced: %s", worker.pid, reason)
        while True:
            try:
                return await self._add()
            except QueryFailed as error:
                _LOG.error("%s", error)
                await asyncio.sleep(_RETRY_SECONDS)


def _spawn(
    theirs: socket.socket, last_words: IO[bytes], limits: Limits, prefixes: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    configuration = {
        "socket": theirs.fileno(),
        "parent": os.getpid(),
        "memory": limits.memory,
        "seconds": limits.seconds,
        "result": limits.result,
        "prefixes": dict(prefixes),
    }
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    return subprocess.Popen(  # noqa: S603 (our own program)
        [
            sys.executable,
            "-P",
            "-m",
            "organisatieregister.endpoint.worker",
            json.dumps(configuration),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=last_words,
        pass_fds=[theirs.fileno()],
        start_new_session=True,  # Ctrl-C in a terminal is for the server, which then ends them
        env=environment | {"RUST_BACKTRACE": "0"},
    )
