"""What a process cannot do any more behind the filter, tried in a process of its own."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

PREPARED = """
import ctypes, mmap, os, resource, socket, threading
import pyoxigraph
from organisatieregister.endpoint import sandbox
libc = ctypes.CDLL(None, use_errno=True)
assert sandbox.can_open_socket()
assert sandbox.restrict_system_calls()
"""


def behind_the_filter(code: str) -> subprocess.CompletedProcess[str]:
    return run(PREPARED + code)


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.socket()",
        "socket.socket(socket.AF_UNIX)",
        "socket.socketpair()",
        "open('/tmp/never-made', 'w')",
        "open('/dev/null', 'a')",
        "os.open('/tmp', os.O_TMPFILE | os.O_RDWR)",
        "os.mkdir('/tmp/never-made')",
        "os.unlink('/tmp/never-made')",
        "os.rename('/tmp/never-made', '/tmp/never-made-2')",
        "os.symlink('a', '/tmp/never-made')",
        "os.chmod('/tmp', 0o777)",
        "os.truncate('/dev/null', 0)",
        "os.fork()",
        "os.posix_spawn('/bin/true', ['true'], {})",
        "os.execv('/bin/true', ['true'])",
        "os.kill(os.getppid(), 0)",
        "os.memfd_create('x')",
        "mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC)",
        "resource.prlimit(os.getppid(), resource.RLIMIT_CORE)",
    ],
)
def test_refused(attempt: str) -> None:
    outcome = behind_the_filter(attempt)
    assert outcome.returncode == 1
    assert "PermissionError: [Errno 1]" in outcome.stderr


@pytest.mark.parametrize(
    ("name", "number"), [("ptrace", 101), ("io_uring_setup", 425), ("bpf", 321), ("socket", 41)]
)
def test_refused_by_number(name: str, number: int) -> None:
    if platform.machine() != "x86_64":
        pytest.skip("numbers of x86-64")
    x32 = 0x40000000
    for call in (number, number | x32):
        outcome = behind_the_filter(
            f"assert libc.syscall({call}, 0, 0, 0, 0) == -1\nprint(ctypes.get_errno())"
        )
        assert outcome.stdout.strip() == "1", f"{name}: {outcome.stderr}"


@pytest.mark.parametrize(
    "code",
    [
        "open('/proc/self/status').read()",
        "os.listdir('/')",
        "t = threading.Thread(target=print); t.start(); t.join()",
        "bytearray(200 << 20)",
        "list(pyoxigraph.Store().query('SELECT * {VALUES ?x {1 2}}'))",
        "sandbox.limit_cpu(5)",
    ],
)
def test_allowed(code: str) -> None:
    outcome = behind_the_filter(code)
    assert outcome.returncode == 0, outcome.stderr


def test_abort_still_ends_the_process() -> None:
    assert behind_the_filter("os.abort()").returncode == -6


def test_cpu_time_is_limited() -> None:
    outcome = behind_the_filter("sandbox.limit_cpu(0.2)\nwhile True: pass")
    assert outcome.returncode == -24


def test_memory_is_limited() -> None:
    code = "from organisatieregister.endpoint import sandbox\n"
    code += "sandbox.limit_resources(900 << 20)\nbytearray(1 << 30)"
    outcome = run(code)
    assert "MemoryError" in outcome.stderr
