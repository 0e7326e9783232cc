"""The program as its users run it: `ovo` in processes of its own."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from organisatieregister.generate import generate, write

OVO = Path(sys.executable).with_name("ovo")


def ovo(*words: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    command = [str(OVO), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert not check or done.returncode == 0, done.stderr
    return done


def synthetic(target: Path, organisations: int, seed: int = 1) -> Path:
    """A file with a synthetic register."""
    with target.open("wb") as file:
        write(generate(organisations, seed), file, target.suffix.removeprefix("."))
    return target


@dataclass(frozen=True)
class Served:
    """A running register."""

    client: httpx.Client
    process: subprocess.Popen[bytes]


@contextmanager
def serving(data_dir: Path, *, wait_ready: bool = True) -> Iterator[Served]:
    """`ovo serve` on a free port, stopped as an operator would."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(OVO), "serve", "--port", str(port), "--data-dir", str(data_dir)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            await_answer(client, "/health/ready" if wait_ready else "/health/live")
            yield Served(client, process)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def await_answer(client: httpx.Client, path: str, seconds: float = 90) -> None:
    """Wait until the path answers 200."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if client.get(path).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise TimeoutError(path)
