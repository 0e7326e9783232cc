"""The CSV of a dump: a row for each organisation."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol

import orjson
from pyoxigraph import Literal, Triple

from organisatieregister.records import text_of
from organisatieregister.summaries import (
    BYTE_ORDER_MARK,
    COLUMNS,
    Hit,
    Summary,
    cells,
    csv_line,
    in_dutch,
)
from organisatieregister.vocabulary import SKOS


class Output(Protocol):
    """Where the bytes go."""

    def write(self, content: bytes) -> None:
        """Add to the content."""


class Sheet:
    """The rows; they wait aside in a file without a name until all labels are known."""

    def __init__(self, output: Output, folder: Path) -> None:
        self._output = output
        self._waiting: IO[bytes] = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  # __exit__
        self._labels: dict[str, str] = {}

    def put(self, summary: Summary) -> None:
        """Take the row of an organisation."""
        self._labels[summary.iri] = summary.name
        row = Hit(
            summary.iri, summary.code, summary.name, summary.short_name, summary.status,
            tuple((iri, "") for iri in summary.classifications), summary.municipality, summary.kbo,
            summary.parent, "", summary.start, summary.end,
        )  # fmt: skip
        self._waiting.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))

    def label(self, triples: Iterable[Triple]) -> None:
        """Remember what the concepts among the triples are called in Dutch."""
        found: dict[str, list[Literal]] = {}
        for triple in triples:
            if triple.predicate == SKOS.prefLabel and isinstance(triple.object, Literal):
                found.setdefault(text_of(triple.subject), []).append(triple.object)
        self._labels |= {iri: in_dutch(labels) for iri, labels in found.items()}

    def finish(self) -> None:
        """Write all rows, with their labels."""
        self._output.write((BYTE_ORDER_MARK + csv_line(COLUMNS)).encode())
        self._waiting.seek(0)
        for line in self._waiting:
            row = Hit(**orjson.loads(line))
            labelled = replace(
                row,
                classification=tuple((iri, self._label(iri)) for iri, _ in row.classification),
                parent_name=self._label(row.parent_iri),
            )
            self._output.write(csv_line(cells(labelled)).encode())

    def _label(self, iri: str) -> str:
        return self._labels.get(iri) or iri.rpartition("/")[2]

    def __enter__(self) -> Sheet:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._waiting.close()
