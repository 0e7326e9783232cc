"""A real server: the short way for documents is HTTP like the long one, and heads have a bound."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Iterator

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from organisatieregister.web.app import create_app
from organisatieregister.web.operations import Positions
from organisatieregister.web.protocol import MAX_HEAD
from organisatieregister.web.responses import Response
from tests.web.register import TODAY, PlainDocumentPages, a_register
from tests.web.server import exchange, serving

DOC = "/doc/organisatie/OVO002188"
CLOSE = b"host: x\r\nconnection: close\r\n"


class WithoutAShortWay:
    """The same application, only as ASGI."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._application(scope, receive, send)


class Faulty:
    """An application whose documents fail."""

    def at_once(self, scope: Scope) -> Response | None:
        raise ZeroDivisionError

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})


def application() -> ASGIApp:
    async def slow(_request: Request) -> PlainTextResponse:
        await asyncio.sleep(0.1)
        return PlainTextResponse("traag")

    async def echo(request: Request) -> PlainTextResponse:
        return PlainTextResponse(await request.body())

    documents = a_register()
    return create_app(
        documents=documents,
        pages=PlainDocumentPages(),
        positions=Positions(lambda: 0, {}),
        today=lambda: TODAY,
        routes=[Route("/traag", slow), Route("/echo", echo, methods=["POST"])],
        request_log=False,
    )


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving(application()) as port:
        yield port


@pytest.fixture(scope="module")
def long_way() -> Iterator[int]:
    with serving(WithoutAShortWay(application())) as port:
        yield port


def without_date(answer: bytes) -> tuple[list[bytes], bytes]:
    """The header lines, sorted, without those that may differ; and the body."""
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = [li for li in head.split(b"\r\n") if not li.startswith((b"date:", b"x-request-id:"))]
    return sorted(lines), re.sub(rb'"request_id":"[^"]*"', b"", body)


def test_the_way_leads_from_resource_to_document(port: int) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", follow_redirects=True) as client:
        response = client.get("/id/organisatie/ovo002188", headers={"accept": "application/json"})
        assert [r.status_code for r in response.history] == [308, 303]
        assert response.json()["code"] == "OVO002188"
        assert client.get("/health/live").status_code == 200


@pytest.mark.parametrize(
    "request_line",
    [
        f"GET {DOC} HTTP/1.1", f"HEAD {DOC} HTTP/1.1", f"GET {DOC}.jsonld HTTP/1.1",
        f"GET {DOC}?op=2018-06-30 HTTP/1.1", "GET /id/organisatie/ovo-002188 HTTP/1.1",
        "GET /id/organisatie/OVO%20002188 HTTP/1.1", "GET /doc/organisatie/OVO999999 HTTP/1.1",
        "GET /doc/organisatie/%FF%00 HTTP/1.1", f"POST {DOC} HTTP/1.1", f"OPTIONS {DOC} HTTP/1.1",
        f"GET {DOC} HTTP/1.0", f"HEAD {DOC}.rdf HTTP/1.0",
    ],
)  # fmt: skip
def test_the_short_way_says_the_same_as_the_long_one(
    port: int, long_way: int, request_line: str
) -> None:
    request = request_line.encode() + b"\r\n" + CLOSE + b"\r\n"
    assert without_date(exchange(port, request)) == without_date(exchange(long_way, request))


def test_a_connection_is_kept_and_answers_keep_their_order(port: int) -> None:
    wanted = [f"{DOC}.nt", "/traag", f"{DOC}.ttl", "/health/live", "/id/organisatie/OVO002188"]
    requests = b"".join(f"GET {path} HTTP/1.1\r\nhost: x\r\n\r\n".encode() for path in wanted)
    last = f"GET {DOC}.json HTTP/1.1\r\n".encode() + CLOSE + b"\r\n"
    answer = exchange(port, requests + last)
    kinds = re.findall(rb"content-type: ([^\r]*)\r|(HTTP/1.1 303)", answer)
    assert [kind or moved for kind, moved in kinds] == [
        b"application/n-triples",
        b"text/plain; charset=utf-8",
        b"text/turtle; charset=utf-8",
        b"application/json",
        b"HTTP/1.1 303",
        b"application/json",
    ]
    assert answer.count(b"connection: close") == 1


def test_a_body_that_nobody_asked_for_does_not_confuse_what_follows(port: int) -> None:
    first = f"GET {DOC}.nt HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nhallo".encode()
    second = b"POST /echo HTTP/1.1\r\n" + CLOSE + b"content-length: 4\r\n\r\necho"
    answer = exchange(port, first + second)
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert answer.endswith(b"\r\n\r\necho")


def test_an_idle_connection_is_closed_after_a_while(port: int) -> None:
    request = f"GET {DOC}.nt HTTP/1.1\r\nhost: x\r\n\r\n".encode()
    assert exchange(port, request).startswith(b"HTTP/1.1 200 OK")


def test_a_fault_of_ours_is_500_and_stands_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    request = f"GET {DOC} HTTP/1.1\r\n".encode() + CLOSE + b"\r\n"
    with serving(Faulty()) as port, caplog.at_level(logging.ERROR, "uvicorn.error"):
        answer = exchange(port, request)
    assert answer.startswith(b"HTTP/1.1 500")
    assert b"application/problem+json" in answer
    assert "ZeroDivisionError" in caplog.text


def test_a_head_that_is_too_large_is_refused(port: int) -> None:
    line = f"GET {DOC} HTTP/1.1\r\n".encode() + CLOSE
    fits = exchange(port, line + b"x: " + b"y" * (MAX_HEAD // 2) + b"\r\n\r\n")
    assert fits.startswith(b"HTTP/1.1 200")
    for large in (
        line + b"x: " + b"y" * (MAX_HEAD + 1) + b"\r\n\r\n",
        line + b"x: " + b"y" * (8 * MAX_HEAD),  # and never an end
        b"GET /?" + b"y" * (2 * MAX_HEAD) + b" HTTP/1.1\r\nhost: x\r\n\r\n",
        line + b"".join(b"X-%d: 1\r\n" % number for number in range(9000)) + b"\r\n",
    ):
        answer = exchange(port, large)
        assert answer.startswith(b"HTTP/1.1 431")
        assert b"application/problem+json" in answer


@pytest.mark.parametrize(
    "request_line",
    [b"ho ho ho", b"BREW / HTTP/1.1", "GET /doc/organisatie/café HTTP/1.1".encode(), b"\x00\x01"],
)
def test_what_is_not_http_is_a_bad_request_as_a_problem(port: int, request_line: bytes) -> None:
    answer = exchange(port, request_line + b"\r\nhost: x\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400")
    assert b"content-type: application/problem+json" in head
    problem = json.loads(body)
    assert (problem["status"], problem["type"]) == (400, "/problemen/ongeldig-verzoek")
