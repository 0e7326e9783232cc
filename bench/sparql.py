"""SPARQL: our endpoint against ``oxigraph serve-read-only`` on the same generation.

python -m bench.sparql [ORGANISATIONS | DIRECTORY]     (default 50,000; or a graph view)

Each server has core 0 (for ours that is the web process and its SPARQL workers together) and the
load core 1. What is compared is requests per second of CPU time of all processes of the server, and
per second of wall time. The endpoint alone, without HTTP, is compared with evaluation in process.
"""

from __future__ import annotations

import http.client
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlencode

import uvloop
from pyoxigraph import QueryResultsFormat, QuerySolutions, QueryTriples, RdfFormat, Store

from bench.documents import CONNECTIONS, _free_port, _load, _load_name, _running
from bench.measuring import descendants, resident
from organisatieregister.endpoint import Endpoint, Limits, Query
from organisatieregister.views.generations import current_generation
from organisatieregister.vocabulary import PREFIXES

GOAL = 0.8
SECONDS = 4
_ORGANISATION = "https://data.vlaanderen.be/id/organisatie/"
_TICKS = os.sysconf("SC_CLK_TCK")
_PROLOGUE = (
    "PREFIX org: <http://www.w3.org/ns/org#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    "PREFIX dct: <http://purl.org/dc/terms/> "
)
_TABLE = "application/sparql-results+json"
_POINTS = {
    "all of one organisation": "SELECT ?p ?o { <%s> ?p ?o }",
    "name by code": 'SELECT ?o ?n { ?o dct:identifier "%s" ; skos:prefLabel ?n }',
    "children by name": "SELECT ?k ?n { ?k org:subOrganizationOf <%s> ; skos:prefLabel ?n }",
    "description": "DESCRIBE <%s>",
}
_HEAVY = {
    "count per class": "SELECT ?c (COUNT(*) AS ?n) { ?o a ?c } GROUP BY ?c",
    "100,000 rows": "SELECT * { ?s ?p ?o } LIMIT 100000",
    "graph of 100,000": "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 100000",
}


def main(data: str = "50000") -> None:
    """Measure and print, each figure beside its goal."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        view = fill(Path(name), int(data)) if data.isdecimal() else Path(data)
        generation = current_generation(view)
        if generation is None:
            raise SystemExit(f"{view} has no generation")
        codes = organisations(generation)
        uvloop.run(overhead(generation, codes))
        over_http(view, generation, codes)


def fill(directory: Path, count: int) -> Path:
    """A graph view with a synthetic register, filled in bulk and published."""
    from organisatieregister.generate import generate
    from organisatieregister.views import Change
    from organisatieregister.views.graph import GraphView

    now = datetime.now(UTC)
    changes = [
        Change(record.iri, record, position, now, now.date())
        for position, record in enumerate(generate(count, seed=1), 1)
    ]
    triples = sum(len(change.published or ()) for change in changes)
    before = resident(os.getpid())
    start = time.perf_counter()
    view = GraphView.open(directory)
    view.bulk(changes, len(changes))
    filled = time.perf_counter() - start
    print(f"graph view: {triples:,} triples in {filled:.1f} s ({triples / filled:,.0f} a second), "
          f"{resident(os.getpid()) - before:+.0f} MiB")  # fmt: skip
    start = time.perf_counter()
    view.publish()
    print(f"  published in {1000 * (time.perf_counter() - start):.0f} ms")
    start = time.perf_counter()
    for position, change in enumerate(changes[:50], len(changes) + 1):
        view.apply([change], position)
        view.publish()
    each = (time.perf_counter() - start) / 50
    print(f"  one change applied durably and published in {1000 * each:.0f} ms")
    view.close()
    return directory


def organisations(generation: Path) -> list[str]:
    """The codes of up to 2,000 organisations."""
    rows = Store.read_only(str(generation)).query(
        _PROLOGUE + "SELECT ?c { ?o a org:Organization ; dct:identifier ?c } LIMIT 2000"
    )
    assert isinstance(rows, QuerySolutions)
    return [row["c"].value for row in rows]


def texts(template: str, codes: list[str]) -> list[str]:
    """The query for each organisation."""
    if "%s" not in template:
        return [_PROLOGUE + template]
    return [
        _PROLOGUE + template % (f"{_ORGANISATION}{c}" if "<%s>" in template else c) for c in codes
    ]


async def overhead(generation: Path, codes: list[str]) -> None:
    """The endpoint without HTTP against the engine in this process: CPU time of one query."""
    store = Store.read_only(str(generation))
    endpoint = Endpoint(lambda: generation, 1, Limits(seconds=120, kept=0), PREFIXES)
    await endpoint.start()
    print("endpoint without HTTP against evaluation in process, microseconds of CPU a query:")
    for title, template in _POINTS.items():
        queries = texts(template, codes)
        for text in queries:
            evaluate(store, text)
            await endpoint.answer(Query(text), "")
        with cpu_of(os.getpid()) as alone:
            for text in queries:
                evaluate(store, text)
        with cpu_of(os.getpid()) as through:
            for text in queries:
                await endpoint.answer(Query(text), "")
        inside, outside = (1e6 * spent() / len(queries) for spent in (alone, through))
        print(f"  {title}: {outside:.0f} against {inside:.0f} ({outside - inside:+.0f})")
    await endpoint.stop()


def evaluate(store: Store, text: str) -> None:
    """Evaluate and serialise as the worker does."""
    results = store.query(text, prefixes=dict(PREFIXES))
    if isinstance(results, QueryTriples):
        results.serialize(format=RdfFormat.TURTLE)
    else:
        results.serialize(format=QueryResultsFormat.JSON)


def over_http(view: Path, generation: Path, codes: list[str]) -> None:
    """Both servers under the same load."""
    print(f"over HTTP, {CONNECTIONS} connections, {_load_name()}:")
    port = _free_port()
    ours = [
        "taskset",
        "-c",
        "0",
        sys.executable,
        "-m",
        "bench.sparql",
        "worker",
        str(view),
        str(port),
    ]
    figures: dict[str, list[tuple[float, float]]] = {}
    with _running(ours, port) as pid:
        measure_all(port, pid, "/sparql", codes, figures)
    port = _free_port()
    oxigraph = Path(sys.executable).with_name("oxigraph")
    # It tells every connection that the load ends half-way.
    serve = f"exec {oxigraph} serve-read-only -l {generation} -b 127.0.0.1:{port} 2>/dev/null"
    theirs = ["taskset", "-c", "0", "sh", "-c", serve]
    with _running(theirs, port) as pid:
        measure_all(port, pid, "/query", codes, figures)
    product = 1.0
    for title, ((our_cpu, our_wall), (their_cpu, their_wall)) in figures.items():
        print(f"  {title}: {our_cpu:,.1f} against {their_cpu:,.1f} requests per CPU second")
        print(
            f"    ratio {our_cpu / their_cpu:.2f}; per second of wall {our_wall / their_wall:.2f}"
        )
        if title in _POINTS:
            product *= our_cpu / their_cpu
    mean = product ** (1 / len(_POINTS))
    print(
        f"point queries, geometric mean of the ratios: {mean:.2f} (goal {GOAL}: {mean / GOAL:.2f})"
    )


def measure_all(
    port: int, pid: int, path: str, codes: list[str], figures: dict[str, list[tuple[float, float]]]
) -> None:
    """Requests per second of CPU and of wall time, for every query."""
    for title, template in (_POINTS | _HEAVY).items():
        accept = "text/turtle" if template.startswith(("DESCRIBE", "CONSTRUCT")) else _TABLE
        wishes = [
            f"{path}?{urlencode({'query': text}, quote_via=quote, safe='')}"
            for text in texts(template, codes)
        ]
        load = _load if title in _POINTS else one_by_one
        for seconds in (1, SECONDS):
            with cpu_of(pid) as spent:
                start = time.perf_counter()
                requests = load(port, wishes, {"Accept": accept}, seconds)
                wall = time.perf_counter() - start
        figures.setdefault(title, []).append((requests / spent(), requests / wall))


def one_by_one(port: int, paths: Sequence[str], headers: dict[str, str], seconds: int) -> int:
    """Ask again and again over one connection, reading everything; how many answers came."""
    answers, deadline = 0, time.monotonic() + seconds
    connection = http.client.HTTPConnection("127.0.0.1", port)
    while not answers or time.monotonic() < deadline:
        connection.request("GET", paths[answers % len(paths)], headers=headers)
        response = connection.getresponse()
        while response.read(1 << 20):
            pass
        answers += 1
    connection.close()
    return answers


@contextmanager
def cpu_of(pid: int) -> Iterator[Callable[[], float]]:
    """Seconds of CPU that a process and its descendants took inside; ask after the end."""
    before = _cpu(pid)
    after: list[float] = []
    yield lambda: after[0] - before
    after.append(_cpu(pid))


def _cpu(pid: int) -> float:
    """User and system time of the tree, with that of children that have ended."""
    ticks = 0
    for one in descendants(pid):
        with suppress(FileNotFoundError):
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(int(field) for field in fields[11:15])
    return ticks / _TICKS


def worker(view: str, port: str) -> None:
    """A web worker with one SPARQL worker, as ``ovo serve`` has them, and nothing else."""
    from collections.abc import AsyncIterator
    from contextlib import asynccontextmanager

    import uvicorn

    from organisatieregister.views.documents import DocumentsView
    from organisatieregister.web.app import create_app
    from organisatieregister.web.operations import Positions
    from organisatieregister.web.pages import Pages, load_theme
    from organisatieregister.web.protocol import PromptProtocol
    from organisatieregister.web.sparql import sparql_routes

    endpoint = Endpoint(
        lambda: current_generation(Path(view)), 1, Limits(seconds=120, kept=0), PREFIXES
    )

    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        await endpoint.start()
        yield
        await endpoint.stop()

    with tempfile.TemporaryDirectory() as directory:
        documents = DocumentsView.open(Path(directory))
        pages = Pages(load_theme())
        application = create_app(
            documents=documents,
            pages=pages,
            positions=Positions(lambda: 0, {}),
            today=lambda: datetime.now(UTC).date(),
            routes=sparql_routes(endpoint, pages),
            running=[running],
            request_log=False,
        )
        uvicorn.run(
            application, port=int(port), http=PromptProtocol, loop="uvloop", access_log=False,
            log_level="warning", server_header=False, proxy_headers=False,
        )  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1:2] == ["worker"]:
        worker(*sys.argv[2:4])
    else:
        main(*sys.argv[1:2])
