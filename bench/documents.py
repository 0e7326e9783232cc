"""Documents per CPU second: one web worker against nginx with the same bytes.

python -m bench.documents [ORGANISATIONS]     (default 2,000)

One uvicorn worker (httptools, uvloop, no log) reads the documents view, negotiates and sends all
header fields; one nginx worker sends the same bytes from files. Each server has a core of its own
and the load (``wrk``, or a few lines of Python when it is not there) the other. What is compared is
requests per second of CPU time that the server took (user and system, from ``/proc``), so a load
that does not saturate the server does not matter.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.measuring import descendants

GOAL = 0.45
SECONDS = 5
CONNECTIONS = 16
_TICKS = os.sysconf("SC_CLK_TCK")
_BROWSER = {
    "Accept": "text/turtle;q=0.9,application/ld+json;q=0.8,*/*;q=0.1",
    "Accept-Language": "nl-BE,nl;q=0.9,en;q=0.8",
    "Accept-Encoding": "identity",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
}


@dataclass(frozen=True)
class Throughput:
    """Requests per second of wall time, and per second of the server's CPU time."""

    wall: float
    cpu: float


def main(organisations: int = 2_000) -> None:
    """Measure and print, each figure beside its goal."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        work = Path(name)
        work.chmod(0o755)  # nginx's worker reads the files as another user
        paths = _fill(work / "documents", organisations)
        with _register(work) as (port, pid):
            files = _copy(paths, port, work / "files")
            ours = measure(port, pid, paths)
            picky = measure(port, pid, paths, _BROWSER)
            moved = measure(port, pid, [path.replace("/doc/", "/id/") for path in paths])
        size = sum(file.stat().st_size for file in files) / len(files)
        print(f"{len(paths)} documents of {size:.0f} bytes on average, {_load_name()}")
        _report("documents, no Accept", ours)
        _report("documents, a browser's header fields", picky)
        _report("303 from /id/", moved)
        if shutil.which("nginx") is None:
            print("NGINX IS MISSING: no ratio (Debian: apt-get install nginx-light)")
            return
        with _nginx(work) as (port, pid):
            theirs = measure(port, pid, paths)
        _report("nginx, the same bytes", theirs)
        for what, measured in (("no Accept", ours), ("a browser's header fields", picky)):
            ratio = measured.cpu / theirs.cpu
            print(f"ratio per CPU second, {what}: {ratio:.2f} (goal {GOAL}: {ratio / GOAL:.2f})")


def measure(
    port: int, pid: int, paths: Sequence[str], headers: dict[str, str] | None = None
) -> Throughput:
    """Load the server for some seconds; the second time counts."""
    for seconds in (1, SECONDS):
        cpu, start = _cpu(pid), time.perf_counter()
        requests = _load(port, paths, headers or {}, seconds)
        wall, used = time.perf_counter() - start, _cpu(pid) - cpu
    return Throughput(requests / wall, requests / used)


def _report(what: str, measured: Throughput) -> None:
    print(f"  {what}: {measured.cpu:,.0f} requests per CPU second, {measured.wall:,.0f} per second")


# --- what is served --------------------------------------------------------------------------


def _fill(directory: Path, organisations: int) -> list[str]:
    """A documents view with a synthetic register; the paths of its organisations' documents."""
    from organisatieregister.generate import generate
    from organisatieregister.validity import is_organisation
    from organisatieregister.views import Change
    from organisatieregister.views.documents import DocumentsView

    paths = []
    now = datetime.now(UTC)

    def changes() -> Iterator[Change]:
        for position, record in enumerate(generate(organisations, seed=1), 1):
            if is_organisation(record):
                paths.append(f"/doc/organisatie/{record.iri.rpartition('/')[2]}")
            yield Change(record.iri, record, position, now, now.date())

    view = DocumentsView.open(directory)
    view.bulk(changes(), position=10 * organisations)
    view.close()
    return paths


def _copy(paths: Sequence[str], port: int, target: Path) -> list[Path]:
    """The documents as files, for nginx."""
    import httpx

    target.mkdir()
    files = []
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        for path in paths:
            file = target / path[1:]
            file.parent.mkdir(parents=True, exist_ok=True)
            response = client.get(path, headers={"accept-encoding": "identity"})
            file.write_bytes(response.raise_for_status().content)
            files.append(file)
    return files


# --- the servers -----------------------------------------------------------------------------


@contextmanager
def _register(work: Path) -> Iterator[tuple[int, int]]:
    """One web worker; its port and process."""
    port = _free_port()
    command = [
        "taskset",
        "-c",
        "0",
        sys.executable,
        "-m",
        "bench.documents",
        "worker",
        str(work / "documents"),
        str(port),
    ]
    with _running(command, port) as pid:
        yield port, pid


@contextmanager
def _nginx(work: Path) -> Iterator[tuple[int, int]]:
    """One nginx worker; its port and process."""
    port = _free_port()
    configuration = work / "nginx.conf"
    configuration.write_text(
        f"""
        daemon off; worker_processes 1; pid {work}/nginx.pid; error_log stderr crit;
        events {{ worker_connections 256; }}
        http {{
            access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000;
            open_file_cache max=100000; default_type "text/turtle; charset=utf-8";
            client_body_temp_path {work}/t1; proxy_temp_path {work}/t2; fastcgi_temp_path {work}/t3;
            uwsgi_temp_path {work}/t4; scgi_temp_path {work}/t5;
            server {{ listen 127.0.0.1:{port}; root {work}/files; }}
        }}
        """
    )
    command = ["taskset", "-c", "0", "nginx", "-c", str(configuration), "-p", str(work)]
    with _running(command, port) as pid:
        yield port, next(one for one in descendants(pid) if one != pid)


@contextmanager
def _running(command: Sequence[str], port: int) -> Iterator[int]:
    process = subprocess.Popen(command, cwd=Path(__file__).parents[1])
    try:
        _wait_for(port, process)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def worker(directory: str, port: str) -> None:
    """The web worker: the application as it is, without the rooms that documents do not need."""
    import uvicorn

    from organisatieregister.views.documents import DocumentsView
    from organisatieregister.web.app import create_app
    from organisatieregister.web.operations import Positions
    from organisatieregister.web.pages import Pages, load_theme
    from organisatieregister.web.protocol import PromptProtocol

    documents = DocumentsView.open(Path(directory), readonly=True)
    application = create_app(
        documents=documents,
        pages=Pages(load_theme()),
        positions=Positions(lambda: documents.position, {}),
        today=lambda: datetime.now(UTC).date(),
        request_log=False,
    )
    uvicorn.run(
        application, port=int(port), http=PromptProtocol, loop="uvloop", access_log=False,
        log_level="warning", server_header=False, proxy_headers=False,
    )  # fmt: skip


# --- the load --------------------------------------------------------------------------------


def _load_name() -> str:
    return "load: wrk" if shutil.which("wrk") else "WRK IS MISSING: load from Python"


def _load(port: int, paths: Sequence[str], headers: dict[str, str], seconds: int) -> int:
    """Ask for the paths one after the other, again and again; how many answers came."""
    if shutil.which("wrk") is None:
        return _load_from_python(port, paths, headers, seconds)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        listed = ",".join(f'"{path}"' for path in paths)
        fields = ",".join(f'["{name}"]="{value}"' for name, value in headers.items())
        script.write(
            f"local paths = {{{listed}}}\nlocal headers = {{{fields}}}\nlocal n = 0\n"
            "function request() n = n * 7919 % 1000003 + 1\n"
            'return wrk.format("GET", paths[n % #paths + 1], headers) end\n'
        )
        script.flush()
        command = [
            "taskset", "-c", "1", "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s",
            "-s", script.name, f"http://127.0.0.1:{port}",
        ]  # fmt: skip
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output and "/id/" not in paths[0]:
        raise RuntimeError(output)
    return int(next(line for line in output.splitlines() if "requests in" in line).split()[0])


def _load_from_python(
    port: int, paths: Sequence[str], headers: dict[str, str], seconds: int
) -> int:
    os.sched_setaffinity(0, {(os.cpu_count() or 1) - 1})
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    wishes = [f"GET {path} HTTP/1.1\r\nHost: x\r\n{fields}\r\n".encode() for path in paths]
    answers, deadline = 0, time.monotonic() + seconds
    with socket.create_connection(("127.0.0.1", port)) as connection:
        stream = connection.makefile("rb")
        while time.monotonic() < deadline:
            connection.sendall(wishes[answers * 7919 % len(wishes)])
            length = 0
            while (line := stream.readline()) not in (b"\r\n", b""):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            stream.read(length)
            answers += 1
    return answers


def _cpu(pid: int) -> float:
    """Seconds of CPU that a process has taken, in user and system mode."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


if __name__ == "__main__":
    if sys.argv[1:2] == ["worker"]:
        worker(*sys.argv[2:4])
    else:
        main(*(int(word) for word in sys.argv[1:2]))
