"""Rows of CSV files: columns checked, lines counted, nothing lost in silence."""

from __future__ import annotations

import pytest

from organisatieregister.errors import UnreadableSource
from organisatieregister.sources import Refusal
from organisatieregister.sources.csv import FIELD_COUNT, Row, rows


def read(text: str, *columns: str, delimiter: str = ",") -> list[Row | Refusal]:
    return list(rows(text.encode().splitlines(True), "x.csv", columns, delimiter=delimiter))


def row(found: Row | Refusal) -> Row:
    assert isinstance(found, Row)
    return found


def test_a_row_gives_the_text_of_a_column_without_white_space_around_it() -> None:
    [found] = read("ovo, naam\nOVO000001, Aarschot \n", "ovo")
    assert row(found)["naam"] == "Aarschot"


def test_the_line_is_that_on_which_the_row_begins() -> None:
    found = read('a,b\n"over\ntwee lijnen",1\nx,2\n', "a")
    assert [row(each).line for each in found] == [2, 4]


def test_a_byte_order_mark_is_no_part_of_the_first_column() -> None:
    [found] = read("\ufeffovo\nOVO000001\n", "ovo")
    assert row(found)["ovo"] == "OVO000001"


def test_another_delimiter_may_be_told() -> None:
    [found] = read("a;b\n1;2,5\n", "a", "b", delimiter=";")
    assert row(found)["b"] == "2,5"


def test_a_row_with_too_few_fields_is_refused_with_its_line_and_the_others_come() -> None:
    first, second = read("a,b\n1\n2,3\n", "a")
    assert first == Refusal("x.csv", 2, "", "1", FIELD_COUNT)
    assert row(second)["a"] == "2"


def test_empty_lines_are_skipped() -> None:
    assert [row(each)["a"] for each in read("a\n1\n\n2\n", "a")] == ["1", "2"]


def test_it_reads_as_a_stream() -> None:
    def endless() -> object:
        yield b"a\n"
        while True:
            yield b"1\n"

    found = rows(endless(), "x.csv", ["a"])  # type: ignore[arg-type]
    assert row(next(found)).line == 2
    assert row(next(found)).line == 3


@pytest.mark.parametrize(
    ("content", "reason", "line"),
    [
        (b"", "empty", 0),
        (b"ovo\nOVO000001\n", "lacks the columns naam", 1),
        (b"ovo,naam,ovo\n", "column ovo twice", 1),
        (b"ovo,naam\nOVO000001,Beli\xebn\n", "not UTF-8", 2),
        (b'ovo,naam\nOVO000001,"open\n', "no CSV", 2),
    ],
)
def test_what_cannot_be_read_at_all_raises_with_the_place(
    content: bytes, reason: str, line: int
) -> None:
    with pytest.raises(UnreadableSource, match=reason) as raised:
        list(rows(content.splitlines(True), "x.csv", ("ovo", "naam")))
    assert (raised.value.source, raised.value.line) == ("x.csv", line)
