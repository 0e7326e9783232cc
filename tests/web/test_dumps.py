"""``/dumps/``: the index in every form; files whole, in ranges, resumed, checked."""

from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import io
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import httpx
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from organisatieregister.dumps import Dumper
from organisatieregister.identifiers import DATASET
from organisatieregister.vocabulary import SPDX
from organisatieregister.web.app import create_app
from organisatieregister.web.dumps import dump_routes
from organisatieregister.web.operations import Positions
from organisatieregister.web.pages import Pages, load_theme
from organisatieregister.web.ranges import byte_range, range_applies
from tests.test_dumps import ALL, changes
from tests.web.register import TODAY, a_register
from tests.web.server import exchange, serving

pytestmark = pytest.mark.anyio

TURTLE = "/dumps/organisaties-2026-11-23.ttl.gz"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Two dumps, and a file beside them that is nobody's business."""
    for day in (22, 23):
        Dumper(lambda: changes(ALL), tmp_path / "dumps").write(date(2026, 11, day), day)
    (tmp_path / "journal.sqlite").write_text("geheim")
    return tmp_path / "dumps"


def application_of(directory: Path) -> ASGIApp:
    pages = Pages(load_theme())
    return create_app(
        documents=a_register(),
        pages=pages,
        positions=Positions(lambda: 1, {}),
        today=lambda: TODAY,
        routes=dump_routes(directory, pages),
        request_log=False,
    )


@pytest.fixture
async def client(directory: Path) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=application_of(directory))
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as opened:
        yield opened


# --- the index -------------------------------------------------------------------------------


async def test_the_index_for_programs_names_files_with_size_and_checksum(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/dumps/", headers={"accept": "application/json"})
    newest, older = answer.json()["dumps"]
    assert (newest["datum"], older["datum"]) == ("2026-11-23", "2026-11-22")
    assert (newest["positie"], newest["organisaties"]) == (23, 2)
    names = [file["naam"].partition(".")[2] for file in newest["bestanden"]]
    assert names == ["ttl.gz", "nt.gz", "csv"]
    for file in newest["bestanden"]:
        content = (await client.get(file["href"])).content
        assert len(content) == file["bytes"]
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
    data = gzip.decompress((await client.get(TURTLE)).content)
    assert len(rdflib.Graph().parse(data=data, format="turtle")) == newest["triples"]


async def test_the_index_for_people_is_a_page_in_their_language(client: httpx.AsyncClient) -> None:
    dutch = await client.get("/dumps/", headers={"accept": BROWSER})
    english = await client.get("/dumps/?taal=en", headers={"accept": BROWSER})
    assert dutch.headers["content-type"] == "text/html; charset=utf-8"
    assert "Accept-Language" in dutch.headers["vary"]
    for page in (dutch, english):
        assert f'href="{TURTLE}"' in page.text
        assert "/dumps/latest.csv" in page.text
    assert '<html lang="en"' in english.text


@pytest.mark.parametrize(
    ("accept", "suffix", "form"),
    [("text/turtle", "ttl", "turtle"), ("application/ld+json", "jsonld", "json-ld"),
     ("application/n-triples", "nt", "nt"), ("application/rdf+xml", "rdf", "xml")],
)  # fmt: skip
async def test_the_index_as_rdf_describes_distributions(
    client: httpx.AsyncClient, accept: str, suffix: str, form: str
) -> None:
    negotiated = await client.get("/dumps/", headers={"accept": accept})
    named = await client.get(f"/dumps/index.{suffix}")
    assert negotiated.content == named.content
    assert negotiated.headers["content-type"].startswith(accept)
    graph = rdflib.Graph().parse(data=named.text, format=form)
    distributions = set(graph.objects(rdflib.URIRef(DATASET), rdflib.DCAT.distribution))
    assert len(distributions) == 6
    turtle = rdflib.URIRef(f"https://data.vlaanderen.be{TURTLE}")
    assert turtle in distributions
    size = graph.value(turtle, rdflib.DCAT.byteSize)
    content = (await client.get(TURTLE)).content
    assert str(size) == str(len(content))
    checksum = graph.value(turtle, rdflib.URIRef(SPDX.checksum.value))
    assert isinstance(checksum, rdflib.URIRef)
    value = graph.value(checksum, rdflib.URIRef(SPDX.checksumValue.value))
    expected = rdflib.Literal(hashlib.sha256(content).hexdigest(), datatype=rdflib.XSD.hexBinary)
    assert value == expected
    algorithm = graph.value(checksum, rdflib.URIRef(SPDX.algorithm.value))
    assert str(algorithm) == SPDX.checksumAlgorithm_sha256.value


@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize("path", ["/dumps/", "/dumps/index.ttl", "/dumps/index.json"])
async def test_the_index_holds_until_there_is_another_dump(
    client: httpx.AsyncClient, directory: Path, path: str, coding: str
) -> None:
    first = await client.get(path, headers={"accept-encoding": coding})
    known = {"accept-encoding": coding, "if-none-match": first.headers["etag"]}
    again = await client.get(path, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    Dumper(lambda: changes(ALL), directory).write(date(2026, 11, 24), 24)
    changed = await client.get(path, headers=known)
    assert (changed.status_code, changed.headers["etag"] != first.headers["etag"]) == (200, True)


async def test_an_empty_directory_has_an_empty_index(tmp_path: Path) -> None:
    transport = httpx.ASGITransport(app=application_of(tmp_path / "nowhere"))
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        assert (await client.get("/dumps/index.json")).json() == {"dumps": []}
        assert (await client.get("/dumps/", headers={"accept": BROWSER})).status_code == 200
        assert (await client.get("/dumps/index.ttl")).status_code == 200
        assert (await client.get("/dumps/latest.ttl.gz")).status_code == 404
        assert (await client.get(TURTLE)).status_code == 404


async def test_what_the_index_is_not_made_in_is_refused(client: httpx.AsyncClient) -> None:
    assert (await client.get("/dumps/", headers={"accept": "image/png"})).status_code == 406
    assert (await client.get("/dumps/index.xlsx")).status_code == 404
    moved = await client.get("/dumps")
    assert (moved.status_code, moved.headers["location"]) == (308, "/dumps/")


# --- files -----------------------------------------------------------------------------------


async def test_latest_leads_to_the_newest_file(client: httpx.AsyncClient) -> None:
    for form in ("ttl.gz", "nt.gz", "csv"):
        answer = await client.get(f"/dumps/latest.{form}")
        assert answer.status_code == 307
        assert answer.headers["location"] == f"/dumps/organisaties-2026-11-23.{form}"
        assert (await client.get(answer.headers["location"])).status_code == 200
    assert (await client.get("/dumps/latest.zip")).status_code == 404


async def test_a_file_comes_as_it_is_with_what_one_needs_to_check_it(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get(TURTLE, headers={"accept-encoding": "br, gzip"})
    digest = hashlib.sha256(answer.content).digest()
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/gzip"
    assert "content-encoding" not in answer.headers, "a client would unpack it on the way"
    assert answer.headers["etag"] == f'"{digest.hex()}"'
    assert answer.headers["repr-digest"] == f"sha-256=:{base64.b64encode(digest).decode()}:"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-length"] == str(len(answer.content))
    assert "organisaties-2026-11-23.ttl.gz" in answer.headers["content-disposition"]
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-content-type-options"] == "nosniff"
    rdflib.Graph().parse(data=gzip.decompress(answer.content), format="turtle")


async def test_the_sheet_keeps_its_bytes_whatever_coding_the_client_likes(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/dumps/latest.csv", follow_redirects=True)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "content-encoding" not in answer.headers
    assert answer.headers["etag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";")
    assert next(rows)[0] == "OVO-code"


async def test_head_tells_what_get_would_and_takes_no_range(client: httpx.AsyncClient) -> None:
    got = await client.get(TURTLE)
    told = await client.head(TURTLE, headers={"range": "bytes=0-9"})
    assert (told.status_code, told.content) == (200, b"")
    for name in ("content-length", "etag", "content-type", "last-modified"):
        assert told.headers[name] == got.headers[name]


@pytest.mark.parametrize(
    ("field", "first", "stop"),
    [("bytes=0-9", 0, 10), ("bytes=100-", 100, None), ("bytes=-7", -7, None),
     ("bytes=10-99999999", 10, None), ("Bytes=5-5", 5, 6), ("bytes=-99999999", 0, None)],
)  # fmt: skip
async def test_a_range_is_answered_with_just_these_bytes(
    client: httpx.AsyncClient, field: str, first: int, stop: int | None
) -> None:
    whole = (await client.get(TURTLE)).content
    part = await client.get(TURTLE, headers={"range": field})
    assert part.status_code == 206
    assert part.content == whole[first:stop]
    assert part.headers["content-length"] == str(len(part.content))
    start = first if first >= 0 else len(whole) + first
    last = start + len(part.content) - 1
    assert part.headers["content-range"] == f"bytes {start}-{last}/{len(whole)}"


@pytest.mark.parametrize(
    "field",
    ["items=0-5", "bytes=5-2", "bytes=a-b", "bytes", "bytes=-", "bytes=0-1,5-9", "=", "0-5"],
)
async def test_a_range_that_we_do_not_understand_is_ignored(
    client: httpx.AsyncClient, field: str
) -> None:
    answer = await client.get(TURTLE, headers={"range": field})
    assert answer.status_code == 200
    assert "content-range" not in answer.headers


@pytest.mark.parametrize("field", ["bytes=999999999-", "bytes=999999999-1999999999", "bytes=-0"])
async def test_a_range_behind_the_end_is_416_with_the_size(
    client: httpx.AsyncClient, field: str
) -> None:
    answer = await client.get(TURTLE, headers={"range": field, "accept": "application/json"})
    assert answer.status_code == 416
    size = (await client.get(TURTLE)).headers["content-length"]
    assert answer.headers["content-range"] == f"bytes */{size}"
    assert answer.json()["status"] == 416


async def test_a_download_is_resumed_only_when_the_file_is_still_the_same(
    client: httpx.AsyncClient, directory: Path
) -> None:
    whole = await client.get(TURTLE)
    resume = {"range": "bytes=50-", "if-range": whole.headers["etag"]}
    by_date = {"range": "bytes=50-", "if-range": whole.headers["last-modified"]}
    assert (await client.get(TURTLE, headers=resume)).status_code == 206
    assert (await client.get(TURTLE, headers=by_date)).status_code == 206
    weak = {**resume, "if-range": "W/" + whole.headers["etag"]}
    assert (await client.get(TURTLE, headers=weak)).status_code == 200
    Dumper(lambda: changes(ALL[:2]), directory).write(date(2026, 11, 23), 99)
    replaced = await client.get(TURTLE, headers=resume)
    assert (replaced.status_code, replaced.content[:2]) == (200, b"\x1f\x8b")
    assert replaced.headers["etag"] != whole.headers["etag"]


async def test_who_has_the_file_already_is_told_so(client: httpx.AsyncClient) -> None:
    first = await client.get(TURTLE)
    again = await client.get(
        TURTLE, headers={"if-none-match": first.headers["etag"], "range": "bytes=0-5"}
    )
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    since = {"if-modified-since": first.headers["last-modified"]}
    assert (await client.get(TURTLE, headers=since)).status_code == 304


@pytest.mark.parametrize(
    "path",
    ["../journal.sqlite", "..%2fjournal.sqlite", "%2e%2e/journal.sqlite", "lock", "index.json.new",
     "..%5c..%5cjournal.sqlite", "%00", "organisaties-2026-11-23.ttl.gz%00.csv", "2026-11-23-x/",
     "....//journal.sqlite", "%2fetc%2fpasswd"],
)  # fmt: skip
def test_nothing_but_the_files_of_the_index_can_be_had(directory: Path, path: str) -> None:
    with serving(application_of(directory)) as port:
        answer = exchange(
            port, f"GET /dumps/{path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".encode()
        )
    assert answer.split(b" ", 2)[1] in (b"404", b"400")
    assert b"geheim" not in answer


def test_over_a_real_connection_a_range_is_a_range(directory: Path) -> None:
    with serving(application_of(directory)) as port, httpx.Client() as client:
        address = f"http://127.0.0.1:{port}{TURTLE}"
        whole = client.get(address)
        start = client.get(address, headers={"range": "bytes=0-99"})
        rest = client.get(address, headers={"range": "bytes=100-"})
        assert start.content + rest.content == whole.content
        assert client.head(address).headers["content-length"] == str(len(whole.content))


# --- ranges, purely --------------------------------------------------------------------------


@given(st.integers(1, 50), st.integers(0, 60), st.integers(0, 60))
def test_a_range_of_anything_lies_inside_it(size: int, first: int, last: int) -> None:
    content = bytes(range(size))
    try:
        chosen = byte_range(f"bytes={first}-{last}", size)
    except HTTPException as error:
        assert first >= size
        assert error.headers == {"Content-Range": f"bytes */{size}"}
        return
    if last < first:
        assert chosen is None
    else:
        assert chosen
        assert content[chosen[0] : chosen[1]] == content[first : last + 1] != b""


@given(st.text(max_size=30))
def test_no_range_field_is_an_error_of_ours(field: str) -> None:
    try:
        chosen = byte_range(field, 10)
    except HTTPException as error:
        assert error.status_code == 416
    else:
        assert chosen is None or 0 <= chosen[0] < chosen[1] <= 10


def test_without_if_range_the_range_counts() -> None:
    assert range_applies("", '"a"', "Mon, 23 Nov 2026 12:00:00 GMT")
    assert not range_applies('"b"', '"a"', "Mon, 23 Nov 2026 12:00:00 GMT")
