"""Power, disks and processes fail; what was acknowledged stays, and nothing is left half."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from organisatieregister.errors import DataDirectoryFull
from organisatieregister.journal import Activity
from organisatieregister.journal.sqlite import SqliteJournal
from tests.journal.specimens import ACTIVITY, NOON, draft

SIZES = (1, 3, 400)
KILLS = 18


def in_child(work: Callable[[], None]) -> int:
    """Run in a fork, which never comes back into the test; the child's process id."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(1)
    return child


def append_for_ever(path: Path, acknowledged: int) -> None:
    """Operations of known size, each position acknowledged on the pipe once it is durable."""
    journal = SqliteJournal.open(path)
    for turn in range(1_000_000):
        size = SIZES[turn % len(SIZES)]
        activity = Activity(str(size), reason=f"{os.getpid()}/{turn}")
        drafts = (draft(n, f"Beurt {turn}") for n in range(1, size + 1))
        position = journal.append(drafts, activity, NOON)
        os.write(acknowledged, position.to_bytes(8, "big"))


def test_a_killed_writer_loses_nothing_acknowledged_and_leaves_nothing_half(
    tmp_path: Path,
) -> None:
    path = tmp_path / "journal.sqlite"
    chance = random.Random(2026)
    positions = []
    for _ in range(KILLS):
        hear, say = os.pipe()
        child = in_child(lambda say=say: append_for_ever(path, say))  # type: ignore[misc]
        os.close(say)
        told = os.read(hear, 8)
        time.sleep(chance.uniform(0, 0.04))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        while more := os.read(hear, 8):
            told = more
        os.close(hear)
        with closing(SqliteJournal.open(path)) as journal:
            assert journal.verify() == journal.position >= int.from_bytes(told, "big")
            positions.append(journal.position)
    with closing(SqliteJournal.open(path)) as journal:
        whole = Counter(v.activity for v in journal.read(0, journal.position))
        assert all(count == int(activity.what) for activity, count in whole.items())
    assert positions == sorted(set(positions))


def test_a_writer_killed_while_it_makes_the_file_leaves_one_that_opens(tmp_path: Path) -> None:
    chance = random.Random(1)
    for turn in range(10):
        path = tmp_path / f"{turn}.sqlite"
        child = in_child(lambda path=path: append_for_ever(path, os.open("/dev/null", os.O_WRONLY)))  # type: ignore[misc]
        time.sleep(chance.uniform(0, 0.01))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with closing(SqliteJournal.open(path)) as journal:
            assert journal.verify() == journal.position
            journal.append([draft(1)], ACTIVITY, NOON)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(tmp_path)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("only root may mount")
    yield tmp_path
    subprocess.run(["umount", "-l", str(tmp_path)], check=True)


def test_a_full_disk_is_named_and_the_operation_leaves_nothing(small_disk: Path) -> None:
    with closing(SqliteJournal.open(small_disk / "journal.sqlite")) as journal:
        journal.append([draft(1)], ACTIVITY, NOON)
        before = free(small_disk)
        with pytest.raises(DataDirectoryFull):
            journal.append((draft(n) for n in range(1, 20_000)), ACTIVITY, NOON)
        assert journal.verify() == journal.position == 1
        assert free(small_disk) > before - 100_000
        assert journal.append([draft(2)], ACTIVITY, NOON) == 2


def test_a_backup_that_does_not_fit_is_named_and_leaves_nothing(small_disk: Path) -> None:
    with closing(SqliteJournal.open(small_disk / "journal.sqlite")) as journal:
        journal.append((draft(n) for n in range(1, 500)), ACTIVITY, NOON)
        (small_disk / "ballast").write_bytes(bytes(free(small_disk) - 50_000))
        before = sorted(small_disk.iterdir())
        with pytest.raises(DataDirectoryFull):
            journal.backup(small_disk / "copy.sqlite")
        assert sorted(small_disk.iterdir()) == before
        assert journal.verify() == 499


def test_a_disk_that_fills_up_slowly_keeps_what_was_acknowledged(small_disk: Path) -> None:
    path = small_disk / "journal.sqlite"
    (small_disk / "ballast").write_bytes(bytes(1_200_000))
    position = 0
    with closing(SqliteJournal.open(path)) as journal, pytest.raises(DataDirectoryFull):
        for number in range(1, 100_000):
            position = journal.append([draft(number)], ACTIVITY, NOON)
    (small_disk / "ballast").unlink()
    with closing(SqliteJournal.open(path)) as journal:
        assert journal.verify() == position
        assert journal.append([draft(1)], ACTIVITY, NOON) == position + 1


def free(path: Path) -> int:
    state = os.statvfs(path)
    return state.f_bavail * state.f_frsize


def append_beyond_the_limit(path: Path) -> None:
    journal = SqliteJournal.open(path)
    journal.append([draft(1)], ACTIVITY, NOON)
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    try:
        journal.append((draft(n) for n in range(1, 5000)), ACTIVITY, NOON)
    except DataDirectoryFull:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        journal.append([draft(2)], ACTIVITY, NOON)
        os._exit(0)


def test_a_limit_on_file_size_counts_as_a_full_disk(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    child = in_child(lambda: append_beyond_the_limit(path))
    assert os.waitpid(child, 0)[1] == 0
    with closing(SqliteJournal.open(path, readonly=True)) as journal:
        assert journal.verify() == 2
