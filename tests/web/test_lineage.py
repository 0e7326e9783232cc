"""``/opvolgers/`` and ``/voorgangers/`` over HTTP, on the real documents view."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import rdflib
from rdflib.compare import isomorphic

from organisatieregister.views import Change
from organisatieregister.views.documents import DocumentsView
from organisatieregister.vocabulary import HYDRA
from organisatieregister.web.app import create_app
from organisatieregister.web.lineage import lineage_routes
from organisatieregister.web.operations import Positions
from organisatieregister.web.pages import Pages, load_theme
from tests.web.register import MODIFIED, TODAY, a_register

pytestmark = pytest.mark.anyio

SUCCESSORS, PREDECESSORS = "/opvolgers/OVO002188", "/voorgangers/OVO053388"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    view = DocumentsView.open(tmp_path / "documents")
    records = a_register().records.values()
    view.bulk(
        (Change(r.iri, r, n, MODIFIED, TODAY) for n, r in enumerate(records, 1)), len(records)
    )
    pages = Pages(load_theme())
    app = create_app(
        documents=view,
        pages=pages,
        positions=Positions(lambda: 0, {}),
        today=lambda: TODAY,
        routes=lineage_routes(view, pages, lambda: TODAY),
        request_log=False,
    )
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://register.example"
    ) as client:
        yield client
    view.close()


async def codes(client: httpx.AsyncClient, path: str) -> list[str]:
    answer = await client.get(path, headers={"accept": "application/json"})
    assert answer.status_code == 200, answer.text
    name = path.split("/")[1]
    return [found["code"] for found in answer.json()[name]]


async def test_before_the_merger_it_is_itself_and_after_it_the_merged_one(
    client: httpx.AsyncClient,
) -> None:
    assert await codes(client, f"{SUCCESSORS}?op=2024-12-31") == ["OVO002188"]
    assert await codes(client, f"{SUCCESSORS}?op=2025-01-01") == ["OVO053388"]
    assert await codes(client, SUCCESSORS) == ["OVO053388"]


async def test_predecessors_are_those_that_merged(client: httpx.AsyncClient) -> None:
    assert await codes(client, PREDECESSORS) == ["OVO002144", "OVO002188"]
    assert await codes(client, f"{PREDECESSORS}?op=2025-01-01") == ["OVO053388"]


async def test_the_chain_says_what_happened_and_when(client: httpx.AsyncClient) -> None:
    answer = (await client.get(SUCCESSORS)).json()
    (event,) = answer["gebeurtenissen"]
    assert event["datum"] == "2025-01-01"
    assert [kind["naam"] for kind in event["soort"]] == ["Fusie"]
    assert event["naam"] == "Fusie van gemeenten"
    assert {o["code"]: o["inVoege"] for o in answer["organisaties"]} == {
        "OVO002144": False, "OVO002188": False, "OVO053388": True,
    }  # fmt: skip


async def test_every_graph_says_the_same(client: httpx.AsyncClient) -> None:
    graphs = []
    for suffix, form in (("ttl", "turtle"), ("nt", "nt"), ("jsonld", "json-ld")):
        answer = await client.get(f"{SUCCESSORS}.{suffix}")
        graphs.append(rdflib.Graph().parse(data=answer.text, format=form))
    assert all(isomorphic(graphs[0], other) for other in graphs)
    members = list(graphs[0].objects(predicate=rdflib.URIRef(HYDRA.member.value)))
    assert [str(member)[-9:] for member in members] == ["OVO053388"]


async def test_the_page_leads_on_in_both_languages(client: httpx.AsyncClient) -> None:
    for language, title in (("nl", "Opvolgers van"), ("en", "Successors of")):
        page = await client.get(f"{SUCCESSORS}?taal={language}", headers={"accept": BROWSER})
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.headers["content-language"] == language
        assert title in page.text
        assert "/doc/organisatie/OVO053388" in page.text
    itself = await client.get(f"{SUCCESSORS}.html?op=2024-12-31")
    assert "bestond op deze dag zelf" in itself.text


async def test_a_client_that_has_it_gets_304(client: httpx.AsyncClient) -> None:
    first = await client.get(SUCCESSORS)
    again = await client.get(SUCCESSORS, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = await client.get(f"{SUCCESSORS}?op=2024-12-31")
    assert other.headers["etag"] != first.headers["etag"]


async def test_links_lead_to_the_answer_and_to_other_forms(client: httpx.AsyncClient) -> None:
    answer = await client.get(SUCCESSORS)
    assert 'OVO053388>; rel="successor-version"' in answer.headers["link"]
    assert '</opvolgers/OVO002188.ttl>; rel="alternate"' in answer.headers["link"]
    assert "Accept" in answer.headers["vary"]
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/opvolgers/OVO12", 400),
        ("/opvolgers/OVO002188?op=gisteren", 400),
        ("/opvolgers/OVO002188?op=", 400),
        ("/opvolgers/OVO999999", 404),
        ("/opvolgers/OVO002188.docx", 404),
        ("/voorgangers/x/y", 400),
    ],
)
async def test_what_is_wrong_is_a_problem(
    client: httpx.AsyncClient, path: str, status: int
) -> None:
    answer = await client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_another_spelling_of_the_code_moves_to_the_right_one(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/opvolgers/ovo-002188.ttl?op=2020-01-01")
    assert answer.status_code == 308
    assert answer.headers["location"] == "/opvolgers/OVO002188.ttl?op=2020-01-01"


async def test_what_we_do_not_have_is_406(client: httpx.AsyncClient) -> None:
    answer = await client.get(SUCCESSORS, headers={"accept": "image/png"})
    assert answer.status_code == 406
