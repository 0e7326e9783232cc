"""The application as a whole: composition, FastAPI's defaults undone, operations, safety."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, StreamingResponse
from starlette.responses import Response as StarletteResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from organisatieregister.errors import EndpointBusy
from organisatieregister.web.app import create_app
from organisatieregister.web.assets import Assets
from organisatieregister.web.edge import family_of
from organisatieregister.web.observation import JsonLines
from organisatieregister.web.operations import Positions
from tests.web.register import TODAY, DocumentsInMemory, PlainDocumentPages, a_register

pytestmark = pytest.mark.anyio

DOC = "/doc/organisatie/OVO002188"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def head() -> list[int]:
    """The journal's position, to be changed by tests."""
    return [6]


@pytest.fixture
def application(head: list[int], tmp_path: Path) -> ASGIApp:
    documents = a_register()
    (tmp_path / "register.css").write_text("body { color: black }\n" * 100)
    (tmp_path / "merk.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    positions = Positions(lambda: head[0], {"documents": lambda: documents.position}, tolerance=10)
    return create_app(
        documents=documents,
        pages=PlainDocumentPages(),
        positions=positions,
        today=lambda: TODAY,
        routes=[*some_routes(), *Assets(tmp_path, "/assets", "merk.svg").routes()],
    )


def some_routes() -> list[Route]:
    """Routes as the other rooms have them."""

    async def page(_request: Request) -> HTMLResponse:
        return HTMLResponse("<p>pagina</p>" * 200, headers={"etag": '"p1"'})

    async def busy(_request: Request) -> StarletteResponse:
        raise EndpointBusy(3)

    async def broken(_request: Request) -> StarletteResponse:
        return PlainTextResponse(str(1 // 0))

    async def stream(_request: Request) -> StreamingResponse:
        async def pieces() -> AsyncIterator[bytes]:
            for number in range(3):
                yield b"%d\n" % number * 2000
                await asyncio.sleep(0)

        return StreamingResponse(pieces(), media_type="text/csv")

    async def listing(_request: Request) -> PlainTextResponse:
        return PlainTextResponse("lijst")

    router = APIRouter()

    @router.get("/typed")
    async def typed(op: date) -> dict[str, str]:
        return {"op": op.isoformat()}

    return [
        Route("/pagina", page),
        Route("/sparql", busy, methods=["GET", "POST"]),
        Route("/kapot", broken),
        Route("/stroom", stream),
        Route("/doc/organisatie", listing),
        *router.routes,  # type: ignore[list-item]
    ]


@pytest.fixture
async def client(application: ASGIApp) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=application, raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://register.example", headers={"accept-encoding": ""}
    ) as client:
        yield client


# --- composition -----------------------------------------------------------------------------


async def test_documents_are_in_front_and_the_list_is_not(client: httpx.AsyncClient) -> None:
    assert (await client.get("/id/organisatie/OVO002188")).status_code == 303
    assert (await client.get(DOC)).headers["content-type"].startswith("text/turtle")
    assert (await client.get("/doc/organisatie")).text == "lijst"
    moved = await client.get("/doc/organisatie/")
    assert (moved.status_code, moved.headers["location"]) == (308, "/doc/organisatie")


async def test_what_runs_beside_is_started_and_stopped() -> None:
    seen: list[str] = []

    @asynccontextmanager
    async def endpoint() -> AsyncIterator[None]:
        seen.append("started")
        yield
        seen.append("stopped")

    documents = DocumentsInMemory([])
    application = create_app(
        documents=documents,
        pages=PlainDocumentPages(),
        positions=Positions(lambda: 0, {}),
        today=lambda: TODAY,
        running=[endpoint],
    )
    received = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    sent: list[str] = []

    async def receive() -> dict[str, str]:
        if not sent:
            return next(received)
        assert seen == ["started"]
        return next(received)

    async def send(message: dict[str, str]) -> None:
        sent.append(message["type"])

    await application({"type": "lifespan", "app": None, "state": {}}, receive, send)  # type: ignore[arg-type]
    assert seen == ["started", "stopped"]
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


# --- FastAPI's defaults, undone --------------------------------------------------------------


async def test_head_works_on_every_route(client: httpx.AsyncClient) -> None:
    for path in ("/pagina", "/typed?op=2020-01-01", "/health/live", "/doc/organisatie", "/stroom"):
        head, get = await client.head(path), await client.get(path)
        assert head.status_code == 200
        assert head.content == b""
        assert head.headers.get("content-length") == get.headers.get("content-length")


async def test_a_slash_too_many_is_not_found_and_not_redirected(client: httpx.AsyncClient) -> None:
    response = await client.get("/pagina/")
    assert response.status_code == 404


async def test_errors_are_problems_and_not_details(client: httpx.AsyncClient) -> None:
    for path, method, status in (
        ("/bestaat-niet", "GET", 404),
        ("/pagina", "DELETE", 405),
        ("/typed?op=gisteren", "GET", 400),
        ("/sparql", "GET", 503),
        ("/kapot", "GET", 500),
    ):
        response = await client.request(method, path)
        assert response.status_code == status
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["status"] == status
        assert response.json()["request_id"] == response.headers["x-request-id"]
    assert (await client.get("/sparql")).headers["retry-after"] == "3"
    assert "GET" in (await client.delete("/pagina")).headers["allow"]


async def test_a_browser_gets_a_page_about_the_problem(client: httpx.AsyncClient) -> None:
    response = await client.get("/bestaat-niet", headers={"accept": "text/html"})
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")


async def test_options_names_the_methods_of_the_path(client: httpx.AsyncClient) -> None:
    response = await client.options("/sparql")
    assert response.status_code == 204
    assert response.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert (await client.options("/bestaat-niet")).status_code == 404


# --- on the way out --------------------------------------------------------------------------


async def test_reads_are_open_to_scripts_of_every_site(client: httpx.AsyncClient) -> None:
    for path in ("/pagina", "/health/live", "/bestaat-niet", DOC):
        response = await client.get(path, headers={"origin": "https://x.example"})
        assert response.headers.get_list("access-control-allow-origin") == ["*"]


async def test_pages_carry_what_keeps_them_safe(client: httpx.AsyncClient) -> None:
    headers = (await client.get("/pagina")).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "referrer-policy" in headers


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip"])
async def test_whole_answers_are_packed(client: httpx.AsyncClient, coding: str) -> None:
    plain = await client.get("/pagina")
    packed = await client.get("/pagina", headers={"accept-encoding": coding})
    assert packed.headers["content-encoding"] == coding
    assert "Accept-Encoding" in packed.headers["vary"]
    assert int(packed.headers["content-length"]) < len(plain.content)
    assert plain.headers["etag"] == '"p1"'
    assert packed.headers["etag"] == f'"p1+{coding}"'
    assert "Accept-Encoding" in plain.headers["vary"]


async def test_streams_go_through_as_they_come(client: httpx.AsyncClient) -> None:
    response = await client.get("/stroom", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in response.headers
    assert len(response.content) == 12_000


async def test_a_request_id_goes_in_and_out(client: httpx.AsyncClient) -> None:
    for path in ("/health/live", DOC, "/bestaat-niet"):
        given = await client.get(path, headers={"x-request-id": "abc-123"})
        assert given.headers["x-request-id"] == "abc-123"
        made = await client.get(path, headers={"x-request-id": 'x"; rm -rf'})
        assert made.headers["x-request-id"] not in {"", 'x"; rm -rf'}


async def test_each_request_is_a_line_of_json(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "organisatieregister.requests"):
        await client.get(f"{DOC}?x=1", headers={"x-request-id": "r1"})
        await client.get("/bestaat-niet", headers={"x-request-id": "r2"})
    lines = [json.loads(JsonLines().format(record)) for record in caplog.records]
    assert [(li["request_id"], li["status"], li["path"]) for li in lines] == [
        ("r1", 200, DOC),
        ("r2", 404, "/bestaat-niet"),
    ]
    assert lines[0]["query"] == "x=1"
    assert lines[0]["milliseconds"] >= 0


# --- operations ------------------------------------------------------------------------------


async def test_ready_as_long_as_the_views_are_near_the_journal(
    client: httpx.AsyncClient, head: list[int]
) -> None:
    assert (await client.get("/health/live")).json() == {"status": "live"}
    head[0] = 18
    ready = await client.get("/health/ready")
    assert (ready.status_code, ready.json()["behind"]) == (200, {"documents": 10})
    head[0] = 19
    behind = await client.get("/health/ready")
    assert (behind.status_code, behind.json()["status"]) == (503, "behind")
    assert (await client.get("/health/live")).status_code == 200


async def test_metrics_count_what_was_asked(client: httpx.AsyncClient, head: list[int]) -> None:
    head[0] = 10
    for path in (DOC, DOC, "/doc/organisatie/OVO999999", "/bestaat-niet/" + "x" * 50):
        await client.get(path)
    text = (await client.get("/metrics")).text
    assert 'ovo_requests_total{family="documents",status="200"} 2' in text
    assert 'ovo_requests_total{family="documents",status="404"} 1' in text
    assert 'ovo_requests_total{family="other",status="404"} 1' in text
    assert 'family=""' not in text
    assert 'ovo_request_seconds_bucket{family="documents",le="+Inf"} 3' in text
    assert 'ovo_view_behind{view="documents"} 2' in text
    assert "ovo_journal_position 10" in text


@pytest.mark.parametrize(
    ("path", "family"),
    [("/", "home"), ("/doc/organisatie", "lists"), ("/doc/organisatie.csv", "lists"),
     ("/doc/organisatie/OVO002188/versie/1", "documents"), ("/zoek", "zoek"),
     ("/dumps/x", "dumps"), ("/doc", "other"), ("//", "other"), ("*", "other")],
)  # fmt: skip
def test_every_request_is_counted_under_a_name(path: str, family: str) -> None:
    assert family_of(path) == family


async def test_operations_are_described_when_there_are_any() -> None:
    for routes, status in ((some_routes(), 200), ([], 404)):
        app = create_app(
            documents=a_register(), pages=PlainDocumentPages(), positions=Positions(lambda: 0, {}),
            today=lambda: TODAY, routes=routes,
        )  # fmt: skip
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            assert (await client.get("/openapi.json")).status_code == status


async def test_robots_and_the_favicon_are_there(client: httpx.AsyncClient) -> None:
    assert "Disallow: /sparql" in (await client.get("/robots.txt")).text
    icon = await client.get("/favicon.ico")
    assert (icon.status_code, icon.headers["content-type"]) == (200, "image/svg+xml")


async def test_a_problem_type_leads_to_its_explanation(client: httpx.AsyncClient) -> None:
    kind = (await client.get("/doc/organisatie/OVO999999")).json()["type"]
    explained = await client.get(kind)
    assert explained.json()["titles"]["en"] == "Not found"
    page = await client.get(kind, headers={"accept": "text/html", "accept-language": "en"})
    assert "Not found" in page.text
    assert (await client.get("/problemen/bestaat-niet")).status_code == 404


# --- assets ----------------------------------------------------------------------------------


async def test_an_asset_with_its_digest_may_be_kept_for_ever(client: httpx.AsyncClient) -> None:
    plain = await client.get("/assets/register.css")
    assert plain.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" not in plain.headers["cache-control"]
    digest = plain.headers["etag"].strip('"').partition("-")[0]
    kept = await client.get(f"/assets/register.css?v={digest}")
    assert "immutable" in kept.headers["cache-control"]
    again = await client.get(
        "/assets/register.css", headers={"if-none-match": plain.headers["etag"]}
    )
    assert again.status_code == 304
    packed = await client.get("/assets/register.css", headers={"accept-encoding": "br"})
    assert packed.headers["content-encoding"] == "br"
    assert packed.text == plain.text


@pytest.mark.parametrize("name", ["..%2f..%2fetc%2fpasswd", "bestaat-niet.css", "%00"])
async def test_there_is_nothing_beside_the_assets(client: httpx.AsyncClient, name: str) -> None:
    assert (await client.get(f"/assets/{name}")).status_code == 404
