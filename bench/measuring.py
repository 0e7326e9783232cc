"""Run a command and watch what it costs: wall time, CPU time, peak memory of the whole tree."""

from __future__ import annotations

import resource
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

OVO = Path(sys.executable).with_name("ovo")


@dataclass(frozen=True)
class Cost:
    """Seconds and MiB."""

    wall: float
    cpu: float
    memory: float


def run(command: Sequence[str | Path]) -> Cost:
    """Run to the end; raises CalledProcessError. Memory is the peak of the sum of the PSS."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    peak = [0.0]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.25):
            peak[0] = max(peak[0], memory_of_tree(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait()
    done.set()
    watcher.join()
    if code:
        raise subprocess.CalledProcessError(code, command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(time.perf_counter() - start, cpu, peak[0])


def memory_of_tree(pid: int) -> float:
    """MiB that a process and its descendants hold (proportional set size)."""
    return sum(memory_of(one) for one in descendants(pid))


def descendants(pid: int) -> list[int]:
    """The process and all below it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            parents.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(entry.name))
    found, ahead = [], [pid]
    while ahead:
        found.append(ahead.pop())
        ahead += parents.get(found[-1], [])
    return found


def memory_of(pid: int) -> float:
    """MiB of one process (proportional set size, without what it maps from files)."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    sizes = {line.split()[0]: int(line.split()[1]) for line in lines[1:]}
    return (sizes.get("Pss_Anon:", 0) + sizes.get("Pss_Shmem:", 0)) / 1024


def resident(pid: int) -> float:
    """MiB resident (RSS), files that are mapped included."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
