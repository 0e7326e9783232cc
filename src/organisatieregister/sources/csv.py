"""Rows of a CSV file, with their line numbers, columns checked, read as a stream."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from organisatieregister.errors import UnreadableSource
from organisatieregister.sources import Reason, Refusal

FIELD_COUNT = Reason(
    "aantal-velden",
    "De rij heeft een ander aantal velden dan de kop; ze is overgeslagen.",
    "The row has another number of fields than the header; it was skipped.",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: ``row["kbo"]`` is the text of a column, without white space around it."""

    file: str
    line: int
    values: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values[column].strip()


def rows(
    lines: Iterable[bytes], file: str, columns: Collection[str], *, delimiter: str = ","
) -> Iterator[Row | Refusal]:
    """The rows of a UTF-8 file with a header that has at least these columns, in any order.

    A row with too many or too few fields comes out as a Refusal; empty lines are skipped. Raises
    UnreadableSource for another encoding, missing columns or quotes that do not close.
    """
    reader = csv.reader(_decoded(lines, file), delimiter=delimiter, strict=True)
    header: list[str] = []
    before = 0
    try:
        for fields in reader:
            line, before = before + 1, reader.line_num
            if not header:
                header = [field.strip() for field in fields]
                _check(header, file, columns)
            elif len(fields) == len(header):
                yield Row(file, line, dict(zip(header, fields, strict=True)))
            elif fields:
                yield Refusal(file, line, "", delimiter.join(fields)[:200], FIELD_COUNT)
    except csv.Error as error:
        raise UnreadableSource(file, f"is no CSV: {error}", reader.line_num) from error
    if not header:
        raise UnreadableSource(file, "is empty; a header with column names is needed")


def _decoded(lines: Iterable[bytes], file: str) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        try:
            text = line.decode()
        except UnicodeDecodeError as error:
            raise UnreadableSource(file, "is not UTF-8", number, error.start + 1) from error
        yield text.removeprefix("\ufeff") if number == 1 else text


def _check(header: list[str], file: str, columns: Collection[str]) -> None:
    missing = [column for column in columns if column not in header]
    if missing:
        raise UnreadableSource(file, f"lacks the columns {', '.join(missing)}", 1)
    twice = {column for column in header if header.count(column) > 1}
    if twice:
        raise UnreadableSource(file, f"has the column {min(twice)} twice", 1)
