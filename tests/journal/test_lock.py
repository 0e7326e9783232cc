"""One process writes in a data directory."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from organisatieregister.errors import DataDirectoryBusy, DataDirectoryUnusable
from organisatieregister.journal.lock import DataDirectoryLock

HOLD = """
import sys, time
from pathlib import Path
from organisatieregister.journal.lock import DataDirectoryLock
with DataDirectoryLock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_directory_is_made(tmp_path: Path) -> None:
    with DataDirectoryLock(tmp_path / "new" / "data"):
        assert (tmp_path / "new" / "data" / "lock").read_text().strip() == str(os.getpid())


def test_a_second_process_is_told_who_holds_the_directory(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(DataDirectoryBusy, match=f"process {holder.pid} writes"):
            DataDirectoryLock(tmp_path).__enter__()
        # however it ends, the directory is free again at once
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        with DataDirectoryLock(tmp_path):
            assert (tmp_path / "lock").read_text().strip() == str(os.getpid())


def test_the_lock_can_be_taken_again_after_it_was_let_go(tmp_path: Path) -> None:
    for _ in range(2):
        with DataDirectoryLock(tmp_path), pytest.raises(DataDirectoryBusy):
            DataDirectoryLock(tmp_path).__enter__()


def test_a_program_that_the_holder_starts_does_not_hold_the_lock(tmp_path: Path) -> None:
    with DataDirectoryLock(tmp_path):
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        with DataDirectoryLock(tmp_path):
            pass
    finally:
        child.kill()
        child.wait()


def test_a_directory_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataDirectoryUnusable, match="file"):
        DataDirectoryLock(tmp_path / "file").__enter__()
