"""What goes into the endpoint and what comes out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may take; sizes in bytes, times in seconds of wall clock."""

    seconds: float = 30.0  # until the answer is complete, or begins to stream; as much CPU time
    delivery_seconds: float = 600.0  # until the last byte of a streamed answer is taken
    memory: int = 2048 * _MIB  # address space of a worker; it needs about 500 MiB idle
    result: int = 512 * _MIB
    buffered: int = _MIB  # results up to this size are complete before the first byte is sent
    query: int = 64 << 10
    nesting: int = 64  # brackets of any kind inside each other
    links: int = 1500  # operators, brackets and neighbouring terms; see ``lexer.py``
    kept: int = 32 * _MIB  # answers that are given again without a worker, in all
    kept_each: int = 256 << 10  # and one of them, with its query
    waiting: int = 64  # queries that wait for a worker
    waiting_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Query:
    """A query; ``default_graphs`` and ``named_graphs`` are the protocol's dataset (IRIs).

    Relative IRIs in it are resolved against ``base``, when that is given.
    """

    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    base: str = ""


class Stream(Protocol):
    """A body that is still being made; who stops early calls ``aclose``, which frees the worker."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The pieces; raises QueryFailed when the rest will not come."""
        ...

    async def aclose(self) -> None:
        """Stop; may be called at any time, also when all was read."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """A result as ``content_type``, of the data in ``generation``; bytes when it is small."""

    content_type: str
    body: bytes | Stream
    generation: str
