"""One query on one worker, which goes back to the pool at the end or is killed."""

from __future__ import annotations

import asyncio
import json
import re
from collections import deque
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from organisatieregister.endpoint.connection import WorkerDied
from organisatieregister.endpoint.frames import DATA, ERROR, SIZE, Frame
from organisatieregister.endpoint.pool import Pool, Worker
from organisatieregister.endpoint.queries import Limits
from organisatieregister.errors import QueryFailed, QueryRefused, QueryTimeout, QueryTooLarge

_PLACE = re.compile(r"error at (\d+):(\d+): ")
# Character classes and "[_]" (white space) in the parser's list of what it expected.
_CLASSES = re.compile(r"(,\s+)?\[(_|'[^\]]*)\](\s*\|\s*\['[^\]]*\])*")
# What the parser says around words of SPARQL.
_PARSER_IN_DUTCH = (
    ("not expected", "dit wordt niet verwacht"),
    ("expected one of", "verwacht wordt een van"),
    ("expected", "verwacht wordt"),
    ("Prefix not found", "een gekend voorvoegsel"),
)


class GenerationGone(QueryFailed):
    """The generation cannot be opened; when it was removed a newer one can."""


class Unacceptable(QueryFailed):
    """The result is of a form for which no format was offered."""


class Evaluation:
    """From ``begin`` until nothing is left to read; ``close`` at any time before kills the worker.

    It is also the ``Stream`` of an answer that is too large to be kept.
    """

    def __init__(self, worker: Worker, pool: Pool, limits: Limits) -> None:
        self._worker: Worker | None = worker
        self._pool = pool
        self._limits = limits
        self._overrun: QueryTimeout | None = None
        self._timer = self._kill_after(limits.seconds)
        self._head: deque[bytes] = deque()
        self.streaming = False

    async def begin(self, query: dict[str, Any], generation: Path) -> str:
        """Send the query; the form of its result (see ``frames.py``).

        Raises QueryRefused, QueryFailed and its kinds, GenerationGone and Unacceptable.
        """
        if self._worker is None:
            raise QueryFailed("the query has ended")
        try:
            self._worker.ask(query, generation)
        except FileNotFoundError as error:
            self._end(size=0)
            raise GenerationGone(str(error)) from error
        return (await self._frame())[1].decode()

    async def read(self) -> bytes | None:
        """The next piece of the result; None at the end. Raises as ``begin``."""
        if self._worker is None:
            return None
        kind, content = await self._frame()
        if kind == DATA:
            return content
        self._end(*SIZE.unpack(content))
        return None

    def stream(self, head: deque[bytes]) -> Evaluation:
        """Become the stream of an answer that begins with these pieces."""
        self._timer.cancel()
        self._timer = self._kill_after(self._limits.delivery_seconds)
        self._head = head
        self.streaming = True
        return self

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The pieces; raises as ``begin``."""
        while self._head:
            yield self._head.popleft()
        while (piece := await self.read()) is not None:
            yield piece

    async def aclose(self) -> None:
        """The same as ``close``."""
        self.close()

    def close(self) -> None:
        """Have the worker killed when it is not done."""
        if self._worker is not None:
            self._pool.discard(self._worker)
            self._let_go()

    async def _frame(self) -> Frame:
        """The next frame that is no error."""
        worker = self._worker
        assert worker is not None  # noqa: S101 (checked by the callers)
        try:
            kind, content = await worker.read()
        except WorkerDied:
            try:
                raise self._overrun or await worker.bury() from None
            finally:
                self.close()
        if kind == ERROR:
            self._end(size=0)
            raise _failure(**json.loads(content))
        return kind, content

    def _end(self, size: int) -> None:
        if self._worker is not None:
            self._pool.give_back(self._worker, size)
            self._let_go()

    def _let_go(self) -> None:
        self._timer.cancel()
        self._worker = None

    def _kill_after(self, seconds: float) -> asyncio.TimerHandle:
        def kill() -> None:
            self._overrun = QueryTimeout(seconds)
            if self._worker is not None:
                self._worker.kill()

        return asyncio.get_running_loop().call_later(seconds, kill)


def _in_dutch(text: str) -> str:
    for english, dutch in _PARSER_IN_DUTCH:
        text = text.replace(english, dutch)
    return text


def _failure(kind: str, reason: str) -> QueryFailed | QueryRefused:
    """What an ERROR frame means."""
    if kind == "syntax":
        place = _PLACE.match(reason)
        if place is None:
            return QueryRefused(reason, nl=f"de vraag is niet goed gevormd ({reason})")
        text = _CLASSES.sub("", reason[place.end() :]).removesuffix("expected ") or "not expected"
        return QueryRefused(text, line=int(place[1]), column=int(place[2]), nl=_in_dutch(text))
    kinds = {"large": QueryTooLarge, "generation": GenerationGone, "acceptable": Unacceptable}
    return kinds.get(kind, QueryFailed)(reason)
