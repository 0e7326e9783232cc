"""The register at size: load into journal and views, start of `ovo serve`, memory of a web worker.

python -m bench.register [ORGANISATIONS]      (default 50,000; goals are for that size)
"""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

from bench.measuring import OVO, Cost, descendants, resident, run

GOALS = {"load": 90.0, "load memory": 2560.0, "start": 2.0, "worker": 250.0}


def main(organisations: int = 50_000) -> None:
    """Measure and print, each figure beside its goal."""
    scale = organisations / 50_000
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        work = Path(name)
        file, data_dir = work / "register.nt", work / "data"
        made = run([OVO, "generate", "--organisations", str(organisations), "--output", file])
        print(f"generate {organisations}: {made.wall:.1f} s, {file.stat().st_size / 1e6:.0f} MB")
        loaded = run([OVO, "load", file, "--data-dir", data_dir, "--no-validate"])
        _report(loaded, scale)
        for part in ("journal.sqlite", "views/documents", "views/graph", "views/search"):
            print(f"  {part}: {_size(data_dir / part) / 1e6:.0f} MB")
        _serve(data_dir)


def _report(cost: Cost, scale: float) -> None:
    goal, memory = GOALS["load"] * scale, GOALS["load memory"]
    print(f"load into journal and all views: {cost.wall:.1f} s wall, {cost.cpu:.1f} s CPU "
          f"(goal {goal:.0f} s: {cost.wall / goal:.2f} of it)")  # fmt: skip
    print(
        f"  peak memory {cost.memory:.0f} MiB (goal {memory:.0f}: {cost.memory / memory:.2f} of it)"
    )


def _serve(data_dir: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(OVO), "serve", "--port", str(port), "--data-dir", str(data_dir)]
    for attempt in ("cold", "warm"):
        start = time.perf_counter()
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            _first_answer(f"http://127.0.0.1:{port}/health/live")
            took = time.perf_counter() - start
            print(f"start of serve to the first answer ({attempt}): {took:.2f} s "
                  f"(goal {GOALS['start']:.0f}: {took / GOALS['start']:.2f} of it)")  # fmt: skip
            if attempt == "warm":
                _worker_memory(process.pid, port)
        finally:
            process.terminate()
            process.wait()


def _worker_memory(pid: int, port: int) -> None:
    for number in range(100_000, 103_000):
        url = f"http://127.0.0.1:{port}/doc/organisatie/OVO{number}.ttl"
        urllib.request.urlopen(url).read()
    # The largest process of the tree is the web worker: it has served 3,000 documents.
    largest = max(resident(one) for one in descendants(pid))
    print(f"resident memory of a web worker after 3,000 documents: {largest:.0f} MiB "
          f"(goal {GOALS['worker']:.0f}: {largest / GOALS['worker']:.2f} of it)")  # fmt: skip


def _first_answer(url: str) -> None:
    deadline = time.monotonic() + 120
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).read()
        except (URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _size(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    # Generations are hard links of the store: count each file once.
    files = {f.stat().st_ino: f.stat().st_blocks * 512 for f in path.rglob("*") if f.is_file()}
    return sum(files.values())


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:2]))
