"""Whatever is changed in the file behind the journal's back is found."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from organisatieregister.errors import DamagedJournal, StorageError
from organisatieregister.journal import Version
from organisatieregister.journal.sqlite import SqliteJournal
from tests.journal.specimens import ACTIVITY, NOON, draft, tombstone

ROWS = 8


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal of some operations, closed."""
    path = tmp_path_factory.mktemp("original") / "journal.sqlite"
    with closing(SqliteJournal.open(path)) as journal:
        journal.append([draft(n) for n in range(1, 5)], ACTIVITY, NOON)
        journal.append([draft(1, "Anders"), tombstone(2), draft(5)], ACTIVITY, NOON)
        journal.append([draft(1, "Weer anders")], ACTIVITY, NOON)
    return path


@pytest.fixture(scope="module")
def copy(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Gives a fresh copy of the journal to damage."""
    directory = tmp_path_factory.mktemp("copy")

    def fresh() -> Path:
        for left in directory.iterdir():
            left.unlink()
        return Path(shutil.copy(original, directory / "journal.sqlite"))

    return fresh


@contextmanager
def tampering(path: Path) -> Iterator[sqlite3.Connection]:
    """The file open for somebody who takes the locks off the door first."""
    with closing(sqlite3.connect(path)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        connection.commit()


def contents(path: Path) -> list[Version]:
    with closing(SqliteJournal.open(path, readonly=True)) as journal:
        assert journal.verify() == journal.position
        assert list(journal.read_heads())
        return list(journal.read(0))


def damage_of(path: Path) -> DamagedJournal:
    with (
        closing(SqliteJournal.open(path, readonly=True)) as journal,
        pytest.raises(DamagedJournal) as damage,
    ):
        journal.verify()
    return damage.value


CELLS = [
    ("version", column, "position", row)
    for column in ("position", "iri", "time", "kind", "activity", "previous", "digest", "record")
    for row in range(1, ROWS + 1)
] + [
    ("activity", column, "number", row)
    for column in ("number", "what", "agent", "reason", "source")
    for row in range(1, 4)
]


@pytest.mark.parametrize(("table", "column", "key", "row"), CELLS)
def test_a_cell_that_was_changed_is_found(
    copy: Callable[[], Path], table: str, column: str, key: str, row: int
) -> None:
    for change in (f"CAST({column} || '1' AS TEXT)", f"{column} + 100", "x'00ff'", "-1", "''"):
        path = copy()
        with tampering(path) as connection:
            select = f"SELECT typeof({column}), CAST({column} AS BLOB) FROM {table}"
            before = connection.execute(select).fetchall()
            with suppress(sqlite3.IntegrityError):  # a key that is no number
                connection.execute(
                    f"UPDATE OR IGNORE {table} SET {column} = {change} WHERE {key} = {row}"
                )
            if connection.execute(select).fetchall() == before:
                continue  # NULL || '1' and the like change nothing
        damage_of(path)


@settings(max_examples=150, deadline=None)
@given(cell=st.sampled_from(CELLS), at=st.integers(0, 1000), bit=st.integers(0, 7))
def test_any_bit_of_any_cell_counts(
    copy: Callable[[], Path], original: Path, cell: tuple[str, str, str, int], at: int, bit: int
) -> None:
    table, column, key, row = cell
    path = copy()
    with tampering(path) as connection:
        ((kind, value),) = connection.execute(
            f"SELECT typeof({column}), CAST({column} AS BLOB) FROM {table} WHERE {key} = {row}"
        )
        if not value:
            return
        changed = bytearray(value)
        changed[at % len(value)] ^= 1 << bit
        connection.execute(
            f"UPDATE OR IGNORE {table} SET {column} = CAST(? AS {kind}) WHERE {key} = {row}",
            (bytes(changed),),
        )
    try:
        found = contents(path)
    except StorageError:
        return
    # the compression has a few bits without meaning
    assert column == "record" or kind == "integer"
    assert found == contents(original)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_any_bit_of_the_file_counts_or_means_nothing(
    copy: Callable[[], Path], original: Path, data: st.DataObject
) -> None:
    path = copy()
    content = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(content)
    try:
        found = contents(path)
    except StorageError:
        return
    assert found == contents(original)


@pytest.mark.parametrize("row", range(1, ROWS + 1))
def test_a_row_that_is_missing_is_found_at_its_position(copy: Callable[[], Path], row: int) -> None:
    path = copy()
    with tampering(path) as connection:
        connection.execute("DELETE FROM version WHERE position = ?", (row,))
    assert damage_of(path).position == row


def test_a_row_too_many_is_found(copy: Callable[[], Path]) -> None:
    path = copy()
    with tampering(path) as connection:
        connection.execute(
            f"""INSERT INTO version SELECT {ROWS + 1}, iri, time, kind, activity, previous, digest,
                record FROM version WHERE position = {ROWS}"""
        )
    assert damage_of(path).position == ROWS + 1


def test_two_rows_that_changed_places_are_found(copy: Callable[[], Path]) -> None:
    path = copy()
    with tampering(path) as connection:
        for old, new in ((3, 99), (4, 3), (99, 4)):
            connection.execute("UPDATE version SET position = ? WHERE position = ?", (new, old))
    assert damage_of(path).position == 3


@pytest.mark.parametrize("column", ["position", "digest", "time", "living", "code"])
def test_a_changed_head_is_found(copy: Callable[[], Path], column: str) -> None:
    path = copy()
    with tampering(path) as connection:
        connection.execute(f"UPDATE head SET {column} = {column} - 1")
    damage_of(path)


def test_a_changed_dictionary_is_found(copy: Callable[[], Path]) -> None:
    for change in ("CAST(replace(specimen, 'org#', 'gro#') AS BLOB)", "x''", "'text'"):
        path = copy()
        with tampering(path) as connection:
            connection.execute(f"UPDATE dictionary SET specimen = {change}")
        with pytest.raises(DamagedJournal):
            contents(path)


def test_a_file_cut_short_is_found(copy: Callable[[], Path]) -> None:
    path = copy()
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    with pytest.raises(DamagedJournal):
        contents(path)


def test_a_slip_of_the_hand_with_sqlite3_is_refused(copy: Callable[[], Path]) -> None:
    with closing(sqlite3.connect(copy())) as connection:
        for statement in (
            "UPDATE version SET kind = 'update'",
            "DELETE FROM version",
            "UPDATE activity SET reason = ''",
            "DELETE FROM activity",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(statement)
