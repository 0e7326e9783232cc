"""``/sparql?op=``: the register as valid on another day."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from organisatieregister.endpoint import Endpoint, Limits
from organisatieregister.endpoint.on_days import EndpointOnDays
from organisatieregister.journal import Activity, Draft
from organisatieregister.journal.sqlite import SqliteJournal
from organisatieregister.projector import DayFile, change_of
from organisatieregister.retrospect import Retrospect
from organisatieregister.views.generations import current_generation
from organisatieregister.views.graph import GraphView
from organisatieregister.vocabulary import PREFIXES
from organisatieregister.web.app import create_app
from organisatieregister.web.operations import Positions
from organisatieregister.web.sparql import sparql_routes
from tests.web.register import TODAY, DocumentsInMemory, PlainDocumentPages, a_register
from tests.web.test_sparql import PlainQueryPages

pytestmark = pytest.mark.anyio

ACTIVE = """SELECT ?code {
  ?o rov:orgStatus <https://data.vlaanderen.be/id/concept/organisatiestatus/actief> ;
     dct:identifier ?code } ORDER BY ?code"""
CSV = {"accept": "text/csv"}
BEFORE = ["OVO000001", "OVO002144", "OVO002188", "OVO053388"]
AFTER = ["OVO000001", "OVO053388"]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def retrospect(tmp_path: Path) -> Retrospect:
    journal = SqliteJournal.open(tmp_path / "journal.sqlite")
    drafts = (Draft(r.iri, r.canonical) for r in a_register().records.values())
    journal.append(drafts, Activity("laden"), datetime(2026, 11, 1, tzinfo=UTC))
    graph = GraphView.open(tmp_path / "graph")
    graph.bulk((change_of(v, TODAY) for v in journal.read_heads()), journal.position)
    DayFile(tmp_path / "day").write(TODAY)
    graph.publish()
    graph.close()
    journal.close()
    return Retrospect(tmp_path / "journal.sqlite", tmp_path / "graph", tmp_path / "day")


@pytest.fixture
async def client(retrospect: Retrospect) -> AsyncIterator[httpx.AsyncClient]:
    graph = retrospect.graph
    endpoint = Endpoint(
        lambda: current_generation(graph), 1, Limits(), PREFIXES, sandbox_required=False
    )
    await endpoint.start()
    app = create_app(
        documents=DocumentsInMemory([]),
        pages=PlainDocumentPages(),
        positions=Positions(lambda: 0, {}),
        today=lambda: TODAY,
        routes=sparql_routes(
            endpoint,
            PlainQueryPages(),
            endpoint_on=EndpointOnDays(endpoint, graph, lambda: TODAY, seconds=20),
        ),
        request_log=False,
    )
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://register.example", timeout=60
    ) as client:
        yield client
    await endpoint.stop()


async def active(client: httpx.AsyncClient, **parameters: str) -> list[str]:
    answer = await client.get("/sparql", params={"query": ACTIVE, **parameters}, headers=CSV)
    assert answer.status_code == 200, answer.text
    return answer.text.split()[1:]


async def looking_back(retrospect: Retrospect) -> None:
    """What the process beside the web workers does."""
    while not await asyncio.to_thread(retrospect.advance):
        await asyncio.sleep(0.02)


async def test_a_query_sees_the_register_as_valid_on_the_day(
    client: httpx.AsyncClient, retrospect: Retrospect
) -> None:
    for day, expected in (("2024-12-31", BEFORE), ("2025-01-01", AFTER)):
        found, _ = await asyncio.gather(active(client, op=day), looking_back(retrospect))
        assert found == expected
    assert await active(client) == AFTER
    assert await active(client, op=TODAY.isoformat()) == AFTER
    assert await active(client, op="") == AFTER


async def test_the_next_query_for_a_day_waits_for_nobody(
    client: httpx.AsyncClient, retrospect: Retrospect
) -> None:
    await asyncio.gather(active(client, op="2024-12-31"), looking_back(retrospect))
    assert await active(client, op="2024-12-31") == BEFORE  # nobody makes anything now
    posted = await client.post("/sparql", data={"query": ACTIVE, "op": "2024-12-31"}, headers=CSV)
    assert posted.text.split()[1:] == BEFORE


async def test_answers_about_two_days_have_two_tags(
    client: httpx.AsyncClient, retrospect: Retrospect
) -> None:
    await asyncio.gather(active(client, op="2024-12-31"), looking_back(retrospect))
    then = await client.get("/sparql", params={"query": ACTIVE, "op": "2024-12-31"}, headers=CSV)
    now = await client.get("/sparql", params={"query": ACTIVE}, headers=CSV)
    assert then.headers["etag"] != now.headers["etag"]


async def test_a_graph_that_does_not_come_in_time_is_503(retrospect: Retrospect) -> None:
    endpoint = Endpoint(lambda: None, 0, Limits(), PREFIXES, sandbox_required=False)
    app = create_app(
        documents=DocumentsInMemory([]),
        pages=PlainDocumentPages(),
        positions=Positions(lambda: 0, {}),
        today=lambda: TODAY,
        routes=sparql_routes(
            endpoint,
            PlainQueryPages(),
            endpoint_on=EndpointOnDays(endpoint, retrospect.graph, lambda: TODAY, seconds=0.1),
        ),
        request_log=False,
    )
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://register.example"
    ) as client:
        answer = await client.get("/sparql", params={"query": ACTIVE, "op": "2001-01-01"})
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_day_that_is_none_is_400(client: httpx.AsyncClient) -> None:
    for text in ("gisteren", "2024-02-30"):
        answer = await client.get("/sparql", params={"query": ACTIVE, "op": text})
        assert answer.status_code == 400
