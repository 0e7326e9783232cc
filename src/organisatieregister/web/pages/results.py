"""The page of SPARQL: the examples, and a result as a table with links and downloads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

from organisatieregister.vocabulary import XSD, shorten
from organisatieregister.web.pages.links import Links, external, resource_path, with_parameters
from organisatieregister.web.pages.wording import Wording
from organisatieregister.web.sparql_examples import Example
from organisatieregister.web.sparql_results import Table, Term

PATH = "/sparql"

# Values of ``format`` in a SPARQL request, which go before its Accept header, and their names.
TABLE_FORMATS = (
    ("text/csv", "CSV"),
    ("text/tab-separated-values", "TSV"),
    ("application/sparql-results+json", "JSON"),
    ("application/sparql-results+xml", "XML"),
)
GRAPH_FORMATS = (
    ("text/turtle", "Turtle"),
    ("application/n-triples", "N-Triples"),
    ("application/ld+json", "JSON-LD"),
)
_GRAPH_COLUMNS = ("subject", "predicate", "object")

CELL_LENGTH = 2000  # characters
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]"
)  # not in HTML
_PLAIN = frozenset(f"{XSD.iri}{name}" for name in ("string", "date", "dateTime", "integer"))


@dataclass(frozen=True, slots=True)
class Cell:
    """A term: its text, where it leads, its language and its datatype when that matters."""

    text: str = ""
    href: str = ""
    external: bool = False
    language: str = ""
    datatype: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What is shown of a result; ``permanent`` is the path that gives it again."""

    table: Table
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    downloads: tuple[tuple[str, str], ...]  # name of the format and path
    permanent: str


def result_of(table: Table, parameters: Sequence[tuple[str, str]], links: Links) -> Result:
    """The table as it is shown; ``parameters`` are those of the request that gave it."""
    formats = GRAPH_FORMATS if table.is_graph else TABLE_FORMATS
    return Result(
        table,
        _GRAPH_COLUMNS if table.is_graph else table.columns,
        tuple(tuple(cell(term, links) for term in row) for row in table.rows),
        tuple(
            (name, with_parameters(PATH, [*parameters, ("format", value)]))
            for value, name in formats
        ),
        links.here(PATH, *parameters),
    )


def offered(examples: Sequence[Example], links: Links, say: Wording) -> Iterator[dict[str, str]]:
    """The examples in the reader's language."""
    for example in examples:
        yield {
            "title": example.title(say.language),
            "comment": example.comment(say.language),
            "query": example.query,
            "href": links.here(PATH, ("voorbeeld", example.query)),
        }


def faulty_line(query: str, line: int, column: int) -> str:
    """The line of the query that cannot be read, with a mark under the column."""
    lines = query.splitlines()
    if not 0 < line <= len(lines):
        return ""
    start = max(0, column - 60)
    shown = lines[line - 1][start : start + 120].replace("\t", " ")
    return f"{shown}\n{' ' * (column - 1 - start)}^"


def cell(term: Term | None, links: Links) -> Cell:
    """The cell of a term."""
    if isinstance(term, NamedNode):
        return _resource(term.value, links)
    if isinstance(term, BlankNode):
        return Cell(f"_:{term.value}")
    if isinstance(term, Literal):
        datatype = "" if term.language or term.datatype.value in _PLAIN else term.datatype.value
        return Cell(_cut(term.value), language=term.language or "", datatype=shorten(datatype))
    return Cell(_cut(str(term)) if term is not None else "")


def _resource(iri: str, links: Links) -> Cell:
    path = resource_path(iri)
    text = _cut(shorten(iri))
    if path:
        return Cell(text, links.here(path))
    link = external(iri)
    return Cell(text, link.href, external=link.external)


def _cut(text: str) -> str:
    shown = text if len(text) <= CELL_LENGTH else text[:CELL_LENGTH] + "…"
    return _CONTROL.sub("\ufffd", shown)
