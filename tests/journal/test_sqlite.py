"""What is particular to the journal in a SQLite file."""

from __future__ import annotations

import multiprocessing
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from organisatieregister.compression import MAX_SIZE
from organisatieregister.errors import (
    DamagedJournal,
    DataDirectoryBusy,
    DataDirectoryUnusable,
    MalformedRecord,
    NewerFormat,
)
from organisatieregister.journal import Draft
from organisatieregister.journal.database import FORMAT, Database, migrate
from organisatieregister.journal.sqlite import SqliteJournal
from tests.journal.specimens import ACTIVITY, NOON, draft, organisation


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A closed journal of three records."""
    path = tmp_path / "journal.sqlite"
    with closing(SqliteJournal.open(path)) as journal:
        journal.append([draft(n) for n in (1, 2, 3)], ACTIVITY, NOON)
    return path


# --- the file ---


def test_a_closed_journal_is_one_file(path: Path) -> None:
    assert [p.name for p in path.parent.iterdir()] == ["journal.sqlite"]


def test_a_commit_waits_for_the_disk(path: Path) -> None:
    with closing(SqliteJournal.open(path)) as journal:
        assert journal._writer
        assert journal._writer.row("PRAGMA synchronous") == (2,)
        assert journal._writer.row("PRAGMA journal_mode") == ("wal",)


@pytest.mark.parametrize("readonly", [False, True])
def test_a_newer_format_is_refused_and_nothing_touched(path: Path, readonly: bool) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    before = path.read_bytes()
    with pytest.raises(NewerFormat) as refusal:
        SqliteJournal.open(path, readonly=readonly)
    assert (refusal.value.found, refusal.value.known) == (FORMAT + 1, FORMAT)
    assert path.read_bytes() == before


@pytest.mark.parametrize("readonly", [False, True])
def test_a_database_of_another_application_is_refused(tmp_path: Path, readonly: bool) -> None:
    path = tmp_path / "journal.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    before = path.read_bytes()
    with pytest.raises(DataDirectoryUnusable, match="another application"):
        SqliteJournal.open(path, readonly=readonly)
    assert path.read_bytes() == before


@pytest.mark.parametrize("readonly", [False, True])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, readonly: bool) -> None:
    path = tmp_path / "journal.sqlite"
    path.write_bytes(b"Dit is geen journaal. " * 500)
    with pytest.raises(DamagedJournal, match="not a database"):
        SqliteJournal.open(path, readonly=readonly)


def test_reading_needs_a_journal_that_exists(tmp_path: Path) -> None:
    with pytest.raises(DataDirectoryUnusable):
        SqliteJournal.open(tmp_path / "none.sqlite", readonly=True)
    (tmp_path / "empty.sqlite").touch()
    with pytest.raises(DataDirectoryUnusable, match="is empty"):
        SqliteJournal.open(tmp_path / "empty.sqlite", readonly=True)


def test_a_directory_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataDirectoryUnusable, match="nowhere"):
        SqliteJournal.open(tmp_path / "nowhere" / "journal.sqlite")


def test_an_older_format_is_brought_up_step_by_step(path: Path) -> None:
    def second(database: Database) -> None:
        database.rows("ALTER TABLE head ADD COLUMN second INTEGER")

    def third(database: Database) -> None:
        database.rows("UPDATE head SET second = 3")

    with closing(Database(path, "rw", 5)) as database:
        migrate(database, {1: second, 2: third}, target=3)
        assert database.row("PRAGMA user_version") == (3,)
        assert database.row("SELECT second FROM head") == (3,)


def test_a_format_that_no_step_leads_from_is_refused(path: Path) -> None:
    with (
        closing(Database(path, "rw", 5)) as database,
        pytest.raises(DataDirectoryUnusable, match="no way from format version 1"),
    ):
        migrate(database, {}, target=2)


def test_a_journal_open_for_reading_does_not_write(path: Path) -> None:
    with (
        closing(SqliteJournal.open(path, readonly=True)) as journal,
        pytest.raises(DataDirectoryUnusable, match="reading only"),
    ):
        journal.append([draft(4)], ACTIVITY, NOON)


def test_a_record_beyond_the_limit_is_refused(path: Path) -> None:
    with closing(SqliteJournal.open(path)) as journal:
        huge = Draft(organisation(4).iri, bytes(MAX_SIZE + 1))
        with pytest.raises(MalformedRecord, match="larger than"):
            journal.append([huge], ACTIVITY, NOON)
        assert journal.position == 3


# --- several at once ---


def test_a_second_writer_that_waits_in_vain_is_told_so(path: Path) -> None:
    with closing(SqliteJournal.open(path)) as one:
        other = SqliteJournal.open(path, timeout=0.05)

        def drafts() -> Iterator[Draft]:
            with pytest.raises(DataDirectoryBusy):
                other.append([draft(9)], ACTIVITY, NOON)
            yield draft(4)

        assert one.append(drafts(), ACTIVITY, NOON) == 4
        assert other.append([draft(9)], ACTIVITY, NOON) == 5
        other.close()


def test_a_thread_that_waits_in_vain_is_told_so(path: Path) -> None:
    with closing(SqliteJournal.open(path, timeout=0.05)) as journal:

        def drafts() -> Iterator[Draft]:
            with pytest.raises(DataDirectoryBusy):
                journal.append([draft(9)], ACTIVITY, NOON)
            yield draft(4)

        assert journal.append(drafts(), ACTIVITY, NOON) == 4


def _append_many(path: Path, first: int) -> None:
    with closing(SqliteJournal.open(path, timeout=30)) as journal:
        for number in range(first, first + 50):
            journal.append([draft(number)], ACTIVITY, NOON)


def test_processes_that_write_at_once_make_one_chain(path: Path) -> None:
    fork = multiprocessing.get_context("fork")
    writers = [fork.Process(target=_append_many, args=(path, n)) for n in (100, 200, 300)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with closing(SqliteJournal.open(path, readonly=True)) as journal:
        assert journal.verify() == journal.count() == 153


def test_readers_in_other_processes_follow_the_writer(path: Path) -> None:
    fork = multiprocessing.get_context("fork")
    with closing(SqliteJournal.open(path)) as journal:
        here, there = fork.Pipe()

        def follow() -> None:
            with closing(SqliteJournal.open(path, readonly=True)) as reader:
                after = 0
                while after < 53:
                    for version in reader.read(after):
                        after = version.position
                there.send([v.position for v in reader.read(0)])

        followers = [fork.Process(target=follow) for _ in range(2)]
        for follower in followers:
            follower.start()
        for number in range(10, 60):
            journal.append([draft(number)], ACTIVITY, NOON)
        for follower in followers:
            assert here.recv() == list(range(1, 54))
            follower.join()


# --- backup ---


def test_a_backup_is_a_journal_of_its_own(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "backup.sqlite"
    with closing(SqliteJournal.open(path)) as journal:
        journal.append([draft(4)], ACTIVITY, NOON)
        journal.backup(target)
        with closing(SqliteJournal.open(target)) as copy:
            assert copy.verify() == 4
            assert copy.head_digest == journal.head_digest
            copy.append([draft(5)], ACTIVITY, NOON)
        assert journal.position == 4


def test_a_backup_made_while_writing_is_consistent(path: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def write(journal: SqliteJournal) -> None:
        for turn in range(100_000):
            journal.append((draft(n, f"Beurt {turn}") for n in range(1, 51)), ACTIVITY, NOON)
            if stop.is_set():
                return

    target = tmp_path / "backup.sqlite"
    with closing(SqliteJournal.open(path)) as journal:
        writer = threading.Thread(target=write, args=(journal,))
        writer.start()
        positions = []
        for _ in range(5):
            before = journal.position
            journal.backup(target)
            with closing(SqliteJournal.open(target, readonly=True)) as copy:
                assert copy.verify() >= before
                positions.append(copy.position)
        stop.set()
        writer.join()
    assert all((position - 3) % 50 == 0 for position in positions)
    assert not [p.name for p in tmp_path.iterdir() if p.name.endswith(".half")]


def test_a_backup_never_goes_over_a_journal_in_use(path: Path, tmp_path: Path) -> None:
    with closing(SqliteJournal.open(path)) as journal:
        with pytest.raises(DataDirectoryBusy):
            journal.backup(path)
        other = tmp_path / "other.sqlite"
        with closing(SqliteJournal.open(other)) as used:
            used.append([draft(1)], ACTIVITY, NOON)
            with pytest.raises(DataDirectoryBusy):
                journal.backup(other)
        journal.backup(other)


def test_a_backup_to_nowhere_is_named(path: Path, tmp_path: Path) -> None:
    with (
        closing(SqliteJournal.open(path)) as journal,
        pytest.raises(DataDirectoryUnusable, match="nowhere"),
    ):
        journal.backup(tmp_path / "nowhere" / "backup.sqlite")
