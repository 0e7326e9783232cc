"""Queries to answers: every format, every limit, and no worker left running behind."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import io
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import (
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
)

from organisatieregister.endpoint import Answer, Endpoint, Limits, Query
from organisatieregister.endpoint import pool as pool_module
from organisatieregister.endpoint.evaluation import Evaluation
from organisatieregister.endpoint.formats import GRAPHS, RESULTS, choose
from organisatieregister.errors import (
    EndpointBusy,
    NoDataYet,
    NotAcceptable,
    QueryFailed,
    QueryRefused,
    QueryTimeout,
    QueryTooLarge,
)
from organisatieregister.views.generations import current_generation, publish_generation
from organisatieregister.vocabulary import ORG
from tests.endpoint.conftest import SIZE, StartEndpoint, a_store, organisation

pytestmark = pytest.mark.anyio

CHILDREN = "SELECT ?child { ?child org:subOrganizationOf organisatie:OVO000007 } ORDER BY ?child"
EVERYTHING = "SELECT * { ?s ?p ?o }"
HUGE = "SELECT * { ?a ?b ?c . ?d ?e ?f }"  # far more than all buffers on its way can hold
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?c < ?i) }"
HUNGRY = (
    "SELECT ?a ?d (CONCAT(STR(?c), STR(?f), STR(?c), STR(?f)) AS ?x) "
    "{ ?a ?b ?c . ?d ?e ?f } ORDER BY ?x"
)
BRACES = "SELECT * WHERE " + "{" * 2304 + "}" * 2304
TABLE = "application/sparql-results+json"
PATIENCE = 20.0  # seconds for what must come, on a machine that has much else to do


async def whole(answer: Answer) -> bytes:
    if isinstance(answer.body, bytes):
        return answer.body
    try:
        return b"".join([piece async for piece in answer.body])
    finally:
        await answer.body.aclose()


async def ask(endpoint: Endpoint, text: str, accept: str = "") -> bytes:
    return await whole(await endpoint.answer(Query(text), accept))


async def works(endpoint: Endpoint) -> bool:
    # With RAND, so that a worker has to answer it each time.
    return b'"value":"7"' in await ask(endpoint, "SELECT (7 AS ?x) (RAND() AS ?y) {}", TABLE)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return "zombie" not in Path(f"/proc/{pid}/status").read_text()
    except (ProcessLookupError, FileNotFoundError):
        return False


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.01)


def only_pid(endpoint: Endpoint) -> int:
    (worker,) = endpoint.pool.workers
    return worker.pid


# Results


@pytest.mark.parametrize("content_type", list(RESULTS))
async def test_a_table_comes_in_every_result_format(endpoint: Endpoint, content_type: str) -> None:
    answer = await endpoint.answer(Query(CHILDREN), content_type)
    expected = [organisation(14).value, organisation(15).value]
    assert answer.content_type == content_type
    assert answer.generation.startswith("7-")
    body = await whole(answer)
    name = RESULTS[content_type]
    if name == "CSV":
        assert list(csv.reader(io.StringIO(body.decode(), newline=""))) == [
            ["child"],
            *([iri] for iri in expected),
        ]
    else:
        rows = parse_query_results(body, getattr(QueryResultsFormat, name))
        assert isinstance(rows, QuerySolutions)
        assert [row["child"].value for row in rows] == expected


@pytest.mark.parametrize("accept", list(RESULTS))
async def test_a_truth_value_comes_in_every_result_format(endpoint: Endpoint, accept: str) -> None:
    body = await ask(endpoint, "ASK { organisatie:OVO000007 a org:Organization }", accept)
    assert b"true" in body


@pytest.mark.parametrize("content_type", list(GRAPHS))
async def test_a_graph_comes_in_every_format(endpoint: Endpoint, content_type: str) -> None:
    text = "CONSTRUCT { ?s skos:prefLabel ?o } { ?s skos:prefLabel ?o }"
    answer = await endpoint.answer(Query(text), content_type)
    assert answer.content_type == content_type
    triples = parse(await whole(answer), getattr(RdfFormat, GRAPHS[content_type]))
    assert len({quad.triple for quad in triples}) == SIZE


async def test_describe_gives_what_is_said_of_the_resource(endpoint: Endpoint) -> None:
    body = await ask(endpoint, "DESCRIBE organisatie:OVO000007", "application/n-triples")
    triples = {quad.triple for quad in parse(body, RdfFormat.N_TRIPLES)}
    assert {t.subject for t in triples} == {organisation(7)}
    assert Triple(organisation(7), ORG.subOrganizationOf, organisation(3)) in triples


async def test_turtle_is_written_with_the_known_prefixes(endpoint: Endpoint) -> None:
    body = await ask(endpoint, "DESCRIBE organisatie:OVO000007")
    assert b"organisatie:OVO000007 a org:Organization" in body


async def test_a_prefix_of_the_query_goes_before_a_known_one(endpoint: Endpoint) -> None:
    text = "PREFIX org: <urn:other#> SELECT (org:x AS ?x) {}"
    assert b"urn:other#x" in await ask(endpoint, text)


async def test_the_protocols_dataset_replaces_the_stores(endpoint: Endpoint) -> None:
    query = Query("ASK { ?s ?p ?o }", default_graphs=("urn:g",), named_graphs=("urn:h",))
    assert b"false" in await whole(await endpoint.answer(query, TABLE))
    with pytest.raises(QueryRefused, match="no IRI"):
        await endpoint.answer(Query("ASK {}", default_graphs=("no iri",)), "")


async def test_nothing_that_fits_the_accept_header_is_said_with_what_there_is(
    endpoint: Endpoint,
) -> None:
    with pytest.raises(NotAcceptable) as refused:
        await endpoint.answer(Query("ASK {}"), "image/png")
    assert "text/csv; charset=utf-8" in refused.value.alternates
    with pytest.raises(NotAcceptable) as refused:
        await endpoint.answer(Query("DESCRIBE <urn:x>"), "text/csv")
    assert "application/n-triples" in refused.value.alternates
    assert await works(endpoint)


async def test_a_form_that_only_the_parser_sees_is_negotiated_too(endpoint: Endpoint) -> None:
    # The keyword is glued to the prologue, so that the lexer does not find it.
    with pytest.raises(NotAcceptable) as refused:
        await endpoint.answer(Query("PREFIXex:<urn:x>CONSTRUCT{?s ?p ?o}{?s ?p ?o}"), "text/csv")
    assert "application/n-triples" in refused.value.alternates
    assert await works(endpoint)


async def test_a_syntax_error_says_where(endpoint: Endpoint) -> None:
    with pytest.raises(QueryRefused) as refused:
        await endpoint.answer(Query("SELECT * {\n ?s ?p }"), "")
    assert (refused.value.line, refused.value.column, refused.value.status) == (2, 9, 400)
    with pytest.raises(QueryRefused) as refused:
        await endpoint.answer(Query("SELECT * { ?s ?p "), "")
    assert str(refused.value).startswith("line 1, column 18: expected one of")
    assert "u{" not in str(refused.value)
    assert "[_]" not in str(refused.value)
    assert await works(endpoint)


async def test_updates_and_excess_are_refused_before_a_worker_sees_them(
    endpoint: Endpoint,
) -> None:
    for text in ("CLEAR ALL", "SELECT * { SERVICE <http://x/> {} }", BRACES, "#" * 70_000):
        with pytest.raises(QueryRefused):
            await endpoint.answer(Query(text), "")


# Limits


async def test_a_query_that_takes_too_long_is_killed(start_endpoint: StartEndpoint) -> None:
    endpoint = await start_endpoint(Limits(seconds=0.5))
    pid = only_pid(endpoint)
    with pytest.raises(QueryTimeout) as failed:
        async with asyncio.timeout(PATIENCE):
            await ask(endpoint, ENDLESS)
    assert failed.value.seconds == 0.5
    assert await works(endpoint)
    assert not is_running(pid)


async def test_other_queries_are_answered_meanwhile(start_endpoint: StartEndpoint) -> None:
    endpoint = await start_endpoint(Limits(seconds=600), workers=2)
    hog = asyncio.create_task(ask(endpoint, ENDLESS))
    for _ in range(20):
        assert await works(endpoint)
    assert not hog.done()
    hog.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hog


async def test_a_query_that_needs_too_much_memory_ends_clearly(
    start_endpoint: StartEndpoint,
) -> None:
    endpoint = await start_endpoint(Limits(seconds=120, memory=600 << 20))
    with pytest.raises(QueryTooLarge, match="600 MiB"):
        await ask(endpoint, HUNGRY)
    assert await works(endpoint)


async def test_a_query_that_crashes_the_engine_ends_clearly(start_endpoint: StartEndpoint) -> None:
    endpoint = await start_endpoint(Limits(nesting=10_000, links=10_000))
    with pytest.raises(QueryFailed, match="SIGSEGV"):
        await ask(endpoint, BRACES)
    assert await works(endpoint)


@pytest.mark.parametrize(
    "deep",
    [
        f"ASK {{ FILTER({'!' * 20_000} true) }}",
        f"ASK {{ ?s a{'/^a' * 20_000} ?o }}",
        f"SELECT (1{' - 1' * 15_000} AS ?x) {{}}",
        f"ASK {{ FILTER(?a{'||?a' * 16_000}) }}",
        f"ASK {{ {'MINUS{}' * 9_000} }}",
    ],
    ids=["not", "path", "minus", "or", "group"],
)
async def test_a_query_that_would_is_refused_before_a_worker_sees_it(
    endpoint: Endpoint, deep: str
) -> None:
    pid = only_pid(endpoint)
    with pytest.raises(QueryRefused, match="joined"):
        await ask(endpoint, deep)
    assert only_pid(endpoint) == pid


async def test_a_result_that_is_too_large_is_an_error_and_no_short_answer(
    start_endpoint: StartEndpoint,
) -> None:
    endpoint = await start_endpoint(Limits(result=100_000))
    pid = only_pid(endpoint)
    with pytest.raises(QueryTooLarge, match="100000 bytes"):
        await endpoint.answer(Query(EVERYTHING), TABLE)
    assert await works(endpoint)
    assert only_pid(endpoint) == pid, "the worker itself is unharmed"


async def test_so_it_is_when_the_answer_has_begun(start_endpoint: StartEndpoint) -> None:
    endpoint = await start_endpoint(Limits(result=200_000, buffered=1000))
    answer = await endpoint.answer(Query(EVERYTHING), TABLE)
    assert not isinstance(answer.body, bytes)
    with pytest.raises(QueryTooLarge):
        await whole(answer)
    assert await works(endpoint)


async def test_a_large_result_streams_whole(start_endpoint: StartEndpoint, view: Path) -> None:
    endpoint = await start_endpoint(Limits(buffered=1000))
    answer = await endpoint.answer(Query(EVERYTHING), "text/tab-separated-values")
    assert not isinstance(answer.body, bytes)
    rows = Store.read_only(str(current_generation(view))).query(EVERYTHING)
    assert isinstance(rows, QuerySolutions)
    expected = rows.serialize(format=QueryResultsFormat.TSV)
    assert await whole(answer) == expected
    assert await works(endpoint)


async def test_a_slow_reader_makes_the_worker_wait(start_endpoint: StartEndpoint) -> None:
    endpoint = await start_endpoint(Limits(buffered=1000))
    answer = await endpoint.answer(Query(f"{HUGE} LIMIT 100000"), TABLE)
    (worker,) = endpoint.pool.workers
    await until(lambda: worker._connection._paused)
    await asyncio.sleep(0.1)
    assert len(worker._connection._buffer) < 1 << 20
    assert len(await whole(answer)) > 10 << 20


async def test_a_reader_that_never_comes_back_loses_the_worker(
    start_endpoint: StartEndpoint,
) -> None:
    endpoint = await start_endpoint(Limits(buffered=1000, delivery_seconds=0.3))
    pid = only_pid(endpoint)
    answer = await endpoint.answer(Query(HUGE), TABLE)
    await until(lambda: not is_running(pid))
    with pytest.raises(QueryTimeout) as failed:
        await whole(answer)
    assert failed.value.seconds == 0.3
    assert await works(endpoint)


# Who waits, and who goes away


async def test_when_all_workers_are_busy_and_the_line_is_full_the_next_is_sent_away(
    start_endpoint: StartEndpoint,
) -> None:
    endpoint = await start_endpoint(Limits(seconds=600, waiting=1, waiting_seconds=1))
    busy = asyncio.create_task(ask(endpoint, ENDLESS))
    await asyncio.sleep(0)
    in_line = asyncio.create_task(ask(endpoint, "ASK {}"))
    await asyncio.sleep(0)
    with pytest.raises(EndpointBusy) as at_once:
        await ask(endpoint, "ASK {}")
    assert at_once.value.retry_after >= 1
    assert not in_line.done()
    with pytest.raises(EndpointBusy):
        await in_line
    busy.cancel()
    with pytest.raises(asyncio.CancelledError):
        await busy
    assert await works(endpoint)


async def test_who_waits_in_line_is_served(start_endpoint: StartEndpoint) -> None:
    endpoint = await start_endpoint()
    answers = await asyncio.gather(*(ask(endpoint, "ASK {}", TABLE) for _ in range(30)))
    assert len(set(answers)) == 1


async def test_a_client_that_goes_away_frees_its_worker(start_endpoint: StartEndpoint) -> None:
    endpoint = await start_endpoint(Limits(seconds=600))
    pid = only_pid(endpoint)
    asked = asyncio.create_task(ask(endpoint, ENDLESS))
    await asyncio.sleep(0.1)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    async with asyncio.timeout(PATIENCE):
        assert await works(endpoint)
    assert not is_running(pid)


async def test_so_does_one_that_stops_reading(start_endpoint: StartEndpoint) -> None:
    endpoint = await start_endpoint(Limits(buffered=1000))
    answer = await endpoint.answer(Query(HUGE), TABLE)
    assert not isinstance(answer.body, bytes)
    await anext(aiter(answer.body))
    await answer.body.aclose()
    async with asyncio.timeout(PATIENCE):
        assert await works(endpoint)


async def test_a_worker_that_dies_while_idle_is_replaced_unseen(endpoint: Endpoint) -> None:
    pid = only_pid(endpoint)
    os.kill(pid, signal.SIGKILL)
    await until(lambda: not is_running(pid))
    assert await works(endpoint)
    assert only_pid(endpoint) != pid


async def test_the_memory_of_the_server_does_not_count_for_its_workers(
    start_endpoint: StartEndpoint,
) -> None:
    ballast = b"x" * (600 << 20)
    endpoint = await start_endpoint(Limits(memory=1 << 30))
    pid = only_pid(endpoint)
    assert await works(endpoint)
    assert only_pid(endpoint) == pid
    assert len(ballast) == 600 << 20


async def test_an_interrupt_in_the_terminal_is_not_for_the_workers(endpoint: Endpoint) -> None:
    assert os.getsid(only_pid(endpoint)) != os.getsid(0)


async def test_stopping_ends_every_process(start_endpoint: StartEndpoint) -> None:
    endpoint = await start_endpoint(workers=2)
    pids = [worker.pid for worker in endpoint.pool.workers]
    asked = asyncio.create_task(ask(endpoint, ENDLESS))
    await asyncio.sleep(0.05)
    await endpoint.stop()
    with pytest.raises(QueryFailed):
        await asked
    assert not any(is_running(pid) for pid in pids)


ORPHANS = """
import asyncio, sys
from pathlib import Path
from organisatieregister.endpoint import Endpoint, Limits, Query
async def main():
    endpoint = Endpoint(lambda: Path(sys.argv[1]), 2, Limits(), {})
    await endpoint.start()
    print(*(worker.pid for worker in endpoint.pool.workers), flush=True)
    await endpoint.answer(Query(sys.argv[2]), "")
asyncio.run(main())
"""


async def test_workers_do_not_outlive_a_parent_that_is_killed(view: Path) -> None:
    generation = str(current_generation(view))
    with subprocess.Popen(
        [sys.executable, "-c", ORPHANS, generation, ENDLESS], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 2
        assert all(is_running(pid) for pid in pids)
        parent.kill()
    await until(lambda: not any(is_running(pid) for pid in pids))


# Generations


async def test_every_query_is_answered_from_the_newest_generation(
    start_endpoint: StartEndpoint, tmp_path: Path
) -> None:
    store = a_store(tmp_path / "store")
    publish_generation(tmp_path, 1, store.backup)
    endpoint = await start_endpoint(on=tmp_path)
    pid = only_pid(endpoint)
    count = "SELECT (COUNT(*) AS ?n) { ?s a org:Organization }"
    assert str(SIZE).encode() in await ask(endpoint, count, "text/csv")
    for position in range(2, 6):
        store.update(f"INSERT DATA {{ <urn:x{position}> a <{ORG.Organization.value}> }}")
        publish_generation(tmp_path, position, store.backup)
        answer = await endpoint.answer(Query(count), "text/csv")
        assert answer.generation.startswith(f"{position}-")
        assert str(SIZE + position - 1).encode() in await whole(answer)
    assert only_pid(endpoint) == pid, "no new process is needed for it"


async def test_a_running_query_keeps_its_generation(
    start_endpoint: StartEndpoint, tmp_path: Path
) -> None:
    store = a_store(tmp_path / "store", 3000)
    first = publish_generation(tmp_path, 1, store.backup)
    endpoint = await start_endpoint(Limits(buffered=1000), on=tmp_path)
    answer = await endpoint.answer(Query(EVERYTHING), "text/csv")
    for position in range(2, 5):
        publish_generation(tmp_path, position, store.backup)
    assert first.exists()
    assert (await whole(answer)).count(b"\r\n") == 9001
    assert await works(endpoint)
    publish_generation(tmp_path, 5, store.backup)
    assert not first.exists()


async def test_without_a_generation_it_says_that_there_is_nothing_yet(
    start_endpoint: StartEndpoint, tmp_path: Path
) -> None:
    endpoint = await start_endpoint(on=tmp_path)
    with pytest.raises(NoDataYet, match="no data to query yet"):
        await ask(endpoint, "ASK {}")
    publish_generation(tmp_path, 1, a_store(tmp_path / "store").backup)
    assert await works(endpoint)


async def test_a_generation_that_cannot_be_opened_is_an_error(
    start_endpoint: StartEndpoint, tmp_path: Path
) -> None:
    publish_generation(tmp_path, 1, Path.mkdir)
    endpoint = await start_endpoint(on=tmp_path)
    with pytest.raises(QueryFailed, match="cannot be opened"):
        await ask(endpoint, "ASK {}")


# Answers that are kept


async def test_a_repeat_needs_no_worker(start_endpoint: StartEndpoint) -> None:
    endpoint = await start_endpoint(Limits(seconds=600))
    first = await endpoint.answer(Query(CHILDREN), TABLE)
    hog = asyncio.create_task(ask(endpoint, ENDLESS))
    await asyncio.sleep(0)
    assert await endpoint.answer(Query(CHILDREN), TABLE) == first
    assert not hog.done()
    hog.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hog


async def test_what_decides_on_an_answer_is_not_mixed_up(endpoint: Endpoint) -> None:
    text = "SELECT ?o { <OVO000007> skos:prefLabel ?o }"
    base = "https://data.vlaanderen.be/id/organisatie/"
    for _ in range(2):
        for query, found in [
            (Query(text, base=base), True),
            (Query(text, base="urn:other/"), False),
            (Query(text, default_graphs=("urn:g",), base=base), False),
            (Query(text, named_graphs=("urn:g",), base=base), False),
        ]:
            for accept in ("text/csv", TABLE):
                answer = await endpoint.answer(query, accept)
                assert answer.content_type.startswith(accept)
                assert (b"Organisatie 7" in await whole(answer)) == found


async def test_other_data_are_not_answered_from_what_is_kept(
    start_endpoint: StartEndpoint, tmp_path: Path
) -> None:
    endpoint = await start_endpoint(on=tmp_path)
    store = a_store(tmp_path / "store", 3)
    (tmp_path / "other").mkdir()
    other = publish_generation(tmp_path / "other", 1, store.backup)
    count = "SELECT (COUNT(*) AS ?n) { ?s a org:Organization }"
    for position in (1, 2):
        publish_generation(tmp_path, position, store.backup)
        for _ in range(2):
            expected = str(position + 2).encode()
            assert (await ask(endpoint, count, "text/csv")).split() == [b"n", expected]
            there = endpoint.over(lambda: other)
            assert (await ask(there, count, "text/csv")).split() == [b"n", b"3"]
        store.update(f"INSERT DATA {{ <urn:x> a <{ORG.Organization.value}> }}")


@pytest.mark.parametrize("call", ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()"])
async def test_what_changes_each_time_is_not_kept(endpoint: Endpoint, call: str) -> None:
    text = f"SELECT (STR({call}) AS ?x) {{}}" if call != "BNODE()" else "SELECT (BNODE() AS ?x) {}"
    assert await ask(endpoint, text, "text/csv") != await ask(endpoint, text, "text/csv")


async def test_a_large_answer_and_a_failure_are_not_kept(start_endpoint: StartEndpoint) -> None:
    endpoint = await start_endpoint(Limits(seconds=600, waiting=0, kept_each=10_000))
    for accept in ("text/csv", "text/turtle"):
        with contextlib.suppress(NotAcceptable):
            await ask(endpoint, EVERYTHING, accept)
    hog = asyncio.create_task(ask(endpoint, ENDLESS))
    await asyncio.sleep(0)
    with pytest.raises(EndpointBusy):
        await ask(endpoint, EVERYTHING, "text/csv")
    with pytest.raises(NotAcceptable):
        await ask(endpoint, EVERYTHING, "text/turtle")
    hog.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hog


# Isolation


def a_listener(seconds: float = 0.5) -> socket.socket:
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(seconds)
    return listener


def federated(listener: socket.socket, silent: str = "") -> str:
    port = listener.getsockname()[1]
    return f"SELECT * {{ SERVICE {silent} <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"


def test_the_engine_alone_would_open_connections() -> None:
    with a_listener(PATIENCE) as listener:
        code = "import sys, pyoxigraph; pyoxigraph.Store().query(sys.argv[1])"
        with subprocess.Popen([sys.executable, "-c", code, federated(listener)]) as engine:
            connection, _ = listener.accept()
            connection.close()
            engine.kill()


@pytest.mark.parametrize("silent", ["", "SILENT"])
async def test_a_worker_opens_none_even_when_nobody_looks_at_the_query(
    endpoint: Endpoint, view: Path, silent: str
) -> None:
    generation = current_generation(view)
    assert generation is not None
    with a_listener() as listener:
        evaluation = Evaluation(await endpoint.pool.take(), endpoint.pool, Limits())
        query = {
            "text": federated(listener, silent),
            "default_graphs": (),
            "named_graphs": (),
            "base": "",
            "formats": choose("").formats,
        }
        if silent:
            assert await evaluation.begin(query, generation) == "results"
        else:
            with pytest.raises(QueryFailed):
                await evaluation.begin(query, generation)
        evaluation.close()
        with pytest.raises(TimeoutError):
            listener.accept()


async def test_workers_say_that_they_are_behind_the_filter(endpoint: Endpoint) -> None:
    assert all(worker.restricted for worker in endpoint.pool.workers)


async def test_without_a_filter_the_setting_decides(
    view: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = pool_module.Worker.start

    async def unrestricted(limits: Limits, prefixes: dict[str, str]) -> pool_module.Worker:
        worker = await start(limits, prefixes)
        worker.restricted = False
        return worker

    monkeypatch.setattr(pool_module.Worker, "start", unrestricted)
    strict = Endpoint(lambda: current_generation(view), 1, Limits(), {})
    with pytest.raises(QueryFailed, match="seccomp"):
        await strict.start()
    lenient = Endpoint(lambda: current_generation(view), 1, Limits(), {}, sandbox_required=False)
    await lenient.start()
    assert await works(lenient)
    await lenient.stop()


async def test_a_worker_that_cannot_start_is_an_error(
    view: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    endpoint = Endpoint(lambda: current_generation(view), 2, Limits(), {})
    with pytest.raises(QueryFailed, match="does not start"):
        await endpoint.start()


async def test_workers_see_nothing_of_the_environment(
    start_endpoint: StartEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JOURNAL", "postgresql://user:secret@host/")
    endpoint = await start_endpoint()
    environment = Path(f"/proc/{only_pid(endpoint)}/environ").read_bytes()
    assert b"secret" not in environment


async def test_there_is_nothing_but_the_default_graph(endpoint: Endpoint) -> None:
    text = "SELECT ?g { GRAPH ?g { ?s ?p ?o } }"
    assert (await ask(endpoint, text, "text/csv")).split() == [b"g"]
