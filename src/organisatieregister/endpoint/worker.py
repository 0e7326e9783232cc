"""The program of a SPARQL worker: reads queries from a socket, evaluates, writes frames.

Started by the pool as ``python -m organisatieregister.endpoint.worker CONFIGURATION`` (JSON). It
imports little, so that it starts in a few hundredths of a second.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Iterator
from typing import IO, Any, cast

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    serialize,
)

from organisatieregister.endpoint.frames import (
    DATA,
    END,
    ERROR,
    FORM,
    LARGEST,
    READY,
    SIZE,
    frame,
    take_frame,
)
from organisatieregister.endpoint.sandbox import (
    die_with_parent,
    limit_cpu,
    limit_resources,
    restrict_system_calls,
)

Named = NamedNode | BlankNode
Default = Named | DefaultGraph

_WITH_PREFIXES = ("TURTLE", "TRIG")


class RefusedError(Exception):
    """The query ends with an ERROR frame of this kind; the worker goes on."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind, self.reason = kind, reason


class Output:
    """Takes the serialiser's bytes and writes them as frames, up to a limit."""

    def __init__(self, descriptor: int, form: bytes, limit: int) -> None:
        self._descriptor = descriptor
        self._limit = limit
        self._left = limit
        self._pieces = [frame(FORM, form)]
        self._data: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> int:
        """Called by pyoxigraph with some kilobytes; an exception cancels the query."""
        self._left -= len(data)
        if self._left < 0:
            raise RefusedError("large", f"the result has more than {self._limit} bytes")
        self._data.append(data)
        self._size += len(data)
        if self._size + 8192 > LARGEST:
            self._send()
        return len(data)

    def flush(self) -> None:
        """Called by pyoxigraph at the end; there is more to send then."""

    def finish(self, size: int) -> None:
        """Send what is left, and the end, with the memory that it took."""
        self._send(frame(END, SIZE.pack(size)))

    def _send(self, last: bytes = b"") -> None:
        if self._data:
            self._pieces.append(frame(DATA, b"".join(self._data)))
        write_all(self._descriptor, b"".join([*self._pieces, last]))
        self._pieces, self._data, self._size = [], [], 0


class Evaluator:
    """Evaluates on one generation; ``configuration`` as the pool gives it."""

    def __init__(self, configuration: dict[str, Any]) -> None:
        self._descriptor: int = configuration["socket"]
        self._prefixes: dict[str, str] = configuration["prefixes"]
        self._seconds: float = configuration["seconds"]
        self._limit: int = configuration["result"]
        self._memory = os.open("/proc/self/statm", os.O_RDONLY)
        self._generation = ""
        self._store: Store | None = None

    def answer(self, query: dict[str, Any]) -> None:
        """Write the frames that answer the query."""
        limit_cpu(self._seconds)
        try:
            self._evaluate(query)
        except RefusedError as error:
            content = json.dumps({"kind": error.kind, "reason": error.reason})
            write_all(self._descriptor, frame(ERROR, content.encode()))

    def _evaluate(self, query: dict[str, Any]) -> None:
        store = self._opened(query["generation"])
        default: list[Default] = [NamedNode(iri) for iri in query["default_graphs"]]
        named: list[Named] = [NamedNode(iri) for iri in query["named_graphs"]]
        given = bool(default or named)
        try:
            results = store.query(
                query["text"],
                base_iri=query["base"] or None,
                prefixes=self._prefixes,
                default_graph=default if given else None,
                named_graphs=named if given else None,
            )
            self._serialise(results, query["formats"])
        except SyntaxError as error:
            raise RefusedError("syntax", str(error)) from error
        except (OSError, RuntimeError, ValueError) as error:
            raise RefusedError("failed", str(error)) from error

    def _serialise(
        self, results: QuerySolutions | QueryBoolean | QueryTriples, formats: dict[str, str | None]
    ) -> None:
        form = "graph" if isinstance(results, QueryTriples) else "results"
        name = formats[form]
        if name is None:
            raise RefusedError("acceptable", form)
        output = Output(self._descriptor, form.encode(), self._limit)
        sink = cast("IO[bytes]", output)
        if not isinstance(results, QueryTriples):
            results.serialize(sink, getattr(QueryResultsFormat, name))
        elif name in _WITH_PREFIXES:
            serialize(results, sink, getattr(RdfFormat, name), prefixes=self._prefixes)
        else:
            results.serialize(sink, getattr(RdfFormat, name))
        output.finish(self._size())

    def _size(self) -> int:
        """Bytes of memory that this process holds.

        Not ``ru_maxrss``, which begins with what the parent held when it started us.
        """
        resident = os.pread(self._memory, 100, 0).split()[1]
        return int(resident) * resource.getpagesize()

    def _opened(self, generation: str) -> Store:
        if self._store is None or generation != self._generation:
            self._store = None  # let go of the old one first
            try:
                self._store = Store.read_only(generation)
            except (OSError, RuntimeError) as error:
                raise RefusedError("generation", str(error)) from error
            self._generation = generation
        return self._store


def queries(descriptor: int) -> Iterator[dict[str, Any]]:
    """The queries, until the other side closes the socket."""
    buffer = bytearray()
    while piece := os.read(descriptor, LARGEST):
        buffer += piece
        while (taken := take_frame(buffer)) is not None:
            yield json.loads(taken[1])


def write_all(descriptor: int, data: bytes) -> None:
    """Write everything, waiting for the reader as long as it takes."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def main() -> None:
    """Take the network and the disk away, say so, and answer queries."""
    configuration = json.loads(sys.argv[1])
    die_with_parent(configuration["parent"])
    limit_resources(configuration["memory"])
    restricted = restrict_system_calls()
    evaluator = Evaluator(configuration)
    descriptor = configuration["socket"]
    ready = {"restricted": restricted}
    write_all(descriptor, frame(READY, json.dumps(ready).encode()))
    for query in queries(descriptor):
        evaluator.answer(query)


if __name__ == "__main__":
    main()
