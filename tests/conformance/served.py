"""`ovo endpoint` as a process of its own, on files."""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.running import OVO, await_answer


@contextmanager
def endpoint(*words: str | Path) -> Iterator[httpx.Client]:
    """A client whose paths are relative to the host of the endpoint."""
    command = [str(OVO), "endpoint", "--port", "0", *map(str, words)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr
        address = re.search(r"http://\S+(?=/sparql)", process.stderr.readline())
        assert address, process.stderr.read()
        with httpx.Client(base_url=address[0], timeout=30) as client:
            await_answer(client, "/sparql?query=ASK%7B%7D")
            yield client
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) in (0, -signal.SIGTERM)
        assert process.stderr
        process.stderr.close()
