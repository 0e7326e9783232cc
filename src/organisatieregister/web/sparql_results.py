"""A result as people see it: the first rows of a table, whatever the form of the query."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from organisatieregister.endpoint import Answer

# Formats with a row a line, so that one can stop after any of them.
ACCEPT = "text/tab-separated-values, application/n-triples"
ROWS = 1000
_LARGEST = 1 << 20  # bytes that are read of a result

Term = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True, slots=True)
class Table:
    """The beginning of a result; ``truth`` is the answer to ASK, which has no rows.

    ``columns`` are the variables; a graph has none, and rows of subject, predicate and object.
    """

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Term | None, ...], ...] = ()
    truth: bool | None = None
    is_graph: bool = False
    is_cut: bool = False


async def read_table(answer: Answer) -> Table:
    """The first rows of an answer in one of the formats of ``ACCEPT``; closes its stream.

    Raises QueryFailed when the result breaks off before there is enough to show.
    """
    is_graph = answer.content_type.startswith("application/n-triples")
    wanted = ROWS if is_graph else ROWS + 1  # the line with the variables
    body, is_whole = await _beginning(answer, wanted)
    lines = body.splitlines(keepends=True)
    if not is_whole and lines and not lines[-1].endswith(b"\n"):
        lines.pop()
    is_cut = len(lines) > wanted or not is_whole
    content = b"".join(lines[:wanted])
    if is_graph:
        triples = parse(content, RdfFormat.N_TRIPLES)
        rows = tuple((t.subject, t.predicate, t.object) for t in triples)
        return Table(rows=rows, is_graph=True, is_cut=is_cut)
    results = parse_query_results(content, QueryResultsFormat.TSV)
    if isinstance(results, QuerySolutions):
        columns = tuple(variable.value for variable in results.variables)
        return Table(columns, tuple(tuple(solution) for solution in results), is_cut=is_cut)
    return Table(truth=isinstance(results, QueryBoolean) and bool(results))


async def _beginning(answer: Answer, lines: int) -> tuple[bytes, bool]:
    """Somewhat more than so many lines, and whether that is all."""
    if isinstance(answer.body, bytes):
        return answer.body, True
    taken = bytearray()
    try:
        async for piece in answer.body:
            taken += piece
            if len(taken) > _LARGEST or taken.count(b"\n") > lines:
                return bytes(taken), False
    finally:
        await answer.body.aclose()
    return bytes(taken), True
