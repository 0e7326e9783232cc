"""``/sparql`` over HTTP: the protocol, the errors, and what happens when somebody hangs up."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx
import pytest
import uvicorn
from pyoxigraph import NamedNode, RdfFormat, Triple, parse
from starlette.types import ASGIApp, Message

from organisatieregister.endpoint import Endpoint, Limits
from organisatieregister.web.app import create_app
from organisatieregister.web.operations import Positions
from organisatieregister.web.sparql import sparql_routes
from organisatieregister.web.sparql_examples import Example
from organisatieregister.web.sparql_results import Table
from tests.endpoint.conftest import StartEndpoint, start_endpoint, view
from tests.endpoint.test_endpoint import ENDLESS, EVERYTHING, HUGE, is_running, only_pid, until
from tests.web.register import TODAY, DocumentsInMemory, PlainDocumentPages

__all__ = ["start_endpoint", "view"]
pytestmark = pytest.mark.anyio

QUERY = "SELECT ?o { ?o org:subOrganizationOf organisatie:OVO000007 } ORDER BY ?o"
ANSWER = b"OVO000014"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
SD = "http://www.w3.org/ns/sparql-service-description#"
FORM = {"content-type": "application/x-www-form-urlencoded"}
DIRECT = {"content-type": "application/sparql-query"}


class PlainQueryPages:
    """The form without any style."""

    def sparql(
        self,
        *,
        language: str,
        query: str = "",
        error: str | None = None,
        place: tuple[int, int] = (0, 0),
        examples: Sequence[Example] = (),
        table: Table | None = None,
        parameters: Sequence[tuple[str, str]] = (),
    ) -> str:
        error = f"{place} {error}"
        return f"<html lang={language}><pre>{error}</pre><textarea>{query}</textarea></html>"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def an_application(endpoint: Endpoint) -> ASGIApp:
    return create_app(
        documents=DocumentsInMemory([]),
        pages=PlainDocumentPages(),
        positions=Positions(lambda: 0, {}),
        today=lambda: TODAY,
        routes=sparql_routes(endpoint, PlainQueryPages()),
        request_log=False,
    )


def a_client(endpoint: Endpoint) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=an_application(endpoint), raise_app_exceptions=False),
        base_url="http://register.example",
    )


@pytest.fixture
async def client(start_endpoint: StartEndpoint) -> AsyncIterator[httpx.AsyncClient]:
    async with a_client(await start_endpoint(Limits(buffered=1000))) as client:
        yield client


class Server:
    """A real server in this loop, for what only a socket shows."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._server = uvicorn.Server(
            uvicorn.Config(an_application(endpoint), log_level="critical", lifespan="off")
        )
        self._serving: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Server:
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        while not self._server.started:
            await asyncio.sleep(0.01)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.should_exit = True
        assert self._serving
        await self._serving

    async def send(
        self, query: str, version: str = "1.1"
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(*self._socket.getsockname())
        head = f"GET /sparql?query={quote(query)} HTTP/{version}\r\nHost: x\r\n\r\n"
        writer.write(head.encode())
        return reader, writer

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/sparql"


# The protocol


async def test_a_query_comes_in_the_url_in_a_form_or_as_the_body(
    client: httpx.AsyncClient,
) -> None:
    answers = [
        await client.get("/sparql", params={"query": QUERY}),
        await client.post("/sparql", data={"query": QUERY}),
        await client.post("/sparql", content=QUERY, headers=DIRECT),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/sparql-results+json"
        assert ANSWER in answer.content
        assert "Accept" in answer.headers["vary"]
        assert answer.headers["access-control-allow-origin"] == "*"
    assert len({answer.content for answer in answers}) == 1


async def test_head_has_the_headers_of_get_and_options_the_methods(
    client: httpx.AsyncClient,
) -> None:
    head = await client.head("/sparql", params={"query": QUERY})
    got = await client.get("/sparql", params={"query": QUERY})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"]
    options = await client.options("/sparql")
    assert options.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert options.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS, POST"


async def test_the_dataset_of_the_protocol_is_taken_from_everywhere(
    client: httpx.AsyncClient,
) -> None:
    empty = {"default-graph-uri": "urn:empty"}
    form = await client.post("/sparql", data={"query": QUERY, **empty})
    direct = await client.post("/sparql", params=empty, content=QUERY, headers=DIRECT)
    several = await client.get(
        "/sparql",
        params=[("query", QUERY), *empty.items(), ("default-graph-uri", "urn:b")],
    )
    for answer in (form, direct, several):
        assert answer.status_code == 200
        assert ANSWER not in answer.content


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("text/csv", "text/csv; charset=utf-8"),
        ("application/sparql-results+xml, */*;q=0.1", "application/sparql-results+xml"),
        (BROWSER, "text/html; charset=utf-8"),
        ("*/*", "application/sparql-results+json"),
    ],
)
async def test_the_accept_header_chooses_the_format(
    client: httpx.AsyncClient, accept: str, content_type: str
) -> None:
    answer = await client.get("/sparql", params={"query": QUERY}, headers={"accept": accept})
    assert answer.headers["content-type"] == content_type


@pytest.mark.parametrize(
    ("wanted", "query", "content_type"),
    [
        ("csv", QUERY, "text/csv; charset=utf-8"),
        ("text/tab-separated-values", QUERY, "text/tab-separated-values; charset=utf-8"),
        ("application/sparql-results xml", QUERY, "application/sparql-results+xml"),
        ("json", "DESCRIBE organisatie:OVO000007", "application/ld+json"),
        ("ttl", "DESCRIBE organisatie:OVO000007", "text/turtle; charset=utf-8"),
    ],
)
async def test_format_goes_before_the_accept_header(
    client: httpx.AsyncClient, wanted: str, query: str, content_type: str
) -> None:
    answer = await client.get(
        "/sparql", params={"query": query, "format": wanted}, headers={"accept": BROWSER}
    )
    assert answer.headers["content-type"] == content_type


async def test_a_format_that_is_none_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.get("/sparql", params={"query": QUERY, "format": "pdf"})
    assert (answer.status_code, "csv" in answer.text) == (400, True)


async def test_what_is_not_acceptable_is_406_with_the_alternates(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/sparql", params={"query": QUERY}, headers={"accept": "image/png"})
    assert answer.status_code == 406
    assert "application/sparql-results+json" in answer.json()["alternates"]


@pytest.mark.parametrize("charset", ["", "; charset=utf-8", ';CHARSET="UTF-8"', "; charset=utf8;"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
async def test_a_body_is_utf8_whether_it_says_so_or_not(
    client: httpx.AsyncClient, charset: str, mark: bytes
) -> None:
    answer = await client.post(
        "/sparql",
        content=mark + 'SELECT ("één" AS ?x) {}'.encode(),
        headers={"content-type": f"application/sparql-query{charset}"},
    )
    assert "één" in answer.text


@pytest.mark.parametrize("charset", ["utf-16", "utf-16le", "iso-8859-1", "utf-7", "idna", "\t"])
async def test_another_charset_is_refused_for_the_protocol_knows_just_one(
    client: httpx.AsyncClient, charset: str
) -> None:
    answer = await client.post(
        "/sparql",
        content="ASK {}".encode("utf-16"),
        headers={"content-type": f"application/sparql-query; charset={charset}"},
    )
    assert answer.status_code == (415 if charset.strip() else 400)


# Bad requests


@pytest.mark.parametrize(
    ("status", "method", "url", "headers", "body"),
    [
        (400, "GET", "?query=ASK{}&query=ASK{}", {}, b""),
        (400, "GET", "?query=", {}, b""),
        (400, "GET", "?query=%FF", {}, b""),
        (400, "GET", "?query=ASK{}" + "&x=1" * 300, {}, b""),
        (400, "POST", "", FORM, b""),
        (400, "POST", "", FORM, b"query=ASK{}&query=ASK{}"),
        (400, "POST", "?query=ASK{}", DIRECT, b"ASK{}"),
        (400, "POST", "", DIRECT, b"SELECT \xff"),
        (400, "POST", "", DIRECT, b"SELECT \x00 {}"),
        (400, "GET", "?query=ASK{}&default-graph-uri=no%20iri", {}, b""),
        (400, "GET", "?query=LOAD%20<http://x/>", {}, b""),
        (400, "GET", "?query=ASK{SERVICE%20<http://x/>{}}", {}, b""),
        (403, "GET", "?update=CLEAR%20ALL", {}, b""),
        (403, "POST", "", FORM, b"update=CLEAR+ALL"),
        (403, "POST", "", {"content-type": "application/sparql-update"}, b"CLEAR ALL"),
        (403, "POST", "", DIRECT, b"CLEAR ALL"),
        (415, "POST", "", {}, b"ASK{}"),
        (415, "POST", "", {"content-type": "text/plain"}, b"ASK{}"),
        (415, "POST", "", {"content-type": "application/sparql-query; charset=zlib"}, b"ASK{}"),
        (415, "POST", "", {"content-type": "application/sparql-query; charset=nix"}, b"ASK{}"),
        (413, "POST", "", DIRECT, b"#" * 70_000),
        (413, "POST", "", DIRECT, b"#" * 2_000_000),
        (405, "PUT", "", DIRECT, b"ASK{}"),
    ],
)
async def test_a_bad_request_is_a_problem(
    client: httpx.AsyncClient, status: int, method: str, url: str, headers: dict[str, str],
    body: bytes,
) -> None:  # fmt: skip
    answer = await client.request(method, "/sparql" + url, headers=headers, content=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status


async def test_a_syntax_error_says_where(client: httpx.AsyncClient) -> None:
    answer = await client.get("/sparql", params={"query": "SELECT * {\n ?s ?p }"})
    assert answer.status_code == 400
    assert (answer.json()["line"], answer.json()["column"]) == (2, 9)
    details = answer.json()["details"]
    assert "line 2, column 9: expected" in details["en"]
    assert "regel 2, kolom 9: verwacht wordt" in details["nl"]


async def test_a_browser_sees_the_error_above_its_query(client: httpx.AsyncClient) -> None:
    answer = await client.get(
        "/sparql", params={"query": "SELECT nonsense"}, headers={"accept": BROWSER}
    )
    assert answer.status_code == 400
    assert "<textarea>SELECT nonsense</textarea>" in answer.text
    assert "verwacht wordt" in answer.text


async def test_a_query_that_takes_too_long_is_504(start_endpoint: StartEndpoint) -> None:
    async with a_client(await start_endpoint(Limits(seconds=0.5))) as client:
        answer = await client.get("/sparql", params={"query": ENDLESS})
    assert answer.status_code == 504


async def test_an_endpoint_without_data_says_so_and_when_to_come_back(
    start_endpoint: StartEndpoint,
    tmp_path: Path,
) -> None:
    async with a_client(await start_endpoint(on=tmp_path)) as client:
        answer = await client.get(
            "/sparql", params={"query": QUERY}, headers={"accept-language": "en"}
        )
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["title"] == "No data to query yet"
    assert "busy" not in answer.text


# Without a query


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/turtle", RdfFormat.TURTLE),
        ("application/rdf+xml", RdfFormat.RDF_XML),
        ("application/ld+json", RdfFormat.JSON_LD),
        ("*/*", RdfFormat.TURTLE),
    ],
)
async def test_programs_get_the_service_description(
    client: httpx.AsyncClient, accept: str, form: RdfFormat
) -> None:
    answer = await client.get("/sparql", headers={"accept": accept})
    triples = {quad.triple for quad in parse(answer.content, form)}
    service = NamedNode("http://register.example/sparql")
    assert Triple(service, NamedNode(SD + "endpoint"), service) in triples
    language = Triple(service, NamedNode(SD + "supportedLanguage"), NamedNode(SD + "SPARQL11Query"))
    assert language in triples


async def test_people_get_a_form(client: httpx.AsyncClient) -> None:
    answer = await client.get(
        "/sparql",
        params={"voorbeeld": "ASK {}"},
        headers={"accept": BROWSER, "accept-language": "en"},
    )
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<textarea>ASK {}</textarea>" in answer.text
    assert "lang=en" in answer.text


async def test_a_host_that_makes_no_iri_is_a_bad_request(client: httpx.AsyncClient) -> None:
    answer = await client.get("/sparql", headers={"host": "a b", "accept": "text/turtle"})
    assert answer.status_code == 400


# Over a socket


@pytest.mark.parametrize("headers", [FORM, DIRECT])
async def test_who_hangs_up_before_the_query_is_complete_is_no_error(
    start_endpoint: StartEndpoint, headers: dict[str, str]
) -> None:
    arriving: list[Message] = [
        {"type": "http.request", "body": b"query=ASK", "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        return arriving.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/sparql",
        "query_string": b"",
        "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
    }
    await an_application(await start_endpoint())(scope, receive, send)
    assert sent[0]["status"] == 499


async def test_a_large_result_arrives_whole(
    start_endpoint: StartEndpoint,
) -> None:
    endpoint = await start_endpoint(Limits(buffered=1000))
    async with Server(endpoint) as server, httpx.AsyncClient() as client:
        query = urlencode({"query": EVERYTHING, "format": "csv"})
        answer = await client.get(f"{server.url}?{query}")
    assert "content-length" not in answer.headers
    assert answer.content.count(b"\r\n") == 2101


async def test_a_result_that_breaks_off_is_no_complete_answer(
    start_endpoint: StartEndpoint,
) -> None:
    endpoint = await start_endpoint(Limits(buffered=1000, result=200_000))
    async with Server(endpoint) as server, httpx.AsyncClient() as client:
        with pytest.raises(httpx.RemoteProtocolError, match="incomplete"):
            await client.get(server.url, params={"query": EVERYTHING})
        whole = await client.get(server.url, params={"query": QUERY})
    assert whole.status_code == 200


async def test_a_large_result_is_not_sent_to_a_client_that_cannot_see_its_end(
    start_endpoint: StartEndpoint,
) -> None:
    endpoint = await start_endpoint(Limits(buffered=1000))
    async with Server(endpoint) as server:
        reader, writer = await server.send(EVERYTHING, version="1.0")
        assert b" 413 " in await reader.readline()
        writer.close()


@pytest.mark.parametrize("query", [ENDLESS, HUGE])
async def test_who_hangs_up_frees_the_worker(
    start_endpoint: StartEndpoint,
    query: str,
) -> None:
    endpoint = await start_endpoint(Limits(buffered=1000, seconds=600))
    pid = only_pid(endpoint)
    async with Server(endpoint) as server:
        reader, writer = await server.send(query)
        if query != ENDLESS:
            assert b" 200 " in await reader.readline()
        await asyncio.sleep(0.2)
        assert is_running(pid)
        writer.transport.abort()
        await until(lambda: not is_running(pid))
        async with httpx.AsyncClient() as client:
            assert (await client.get(server.url, params={"query": QUERY})).status_code == 200
