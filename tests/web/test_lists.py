"""``/doc/organisatie`` in every form, ``/zoek`` and the home page."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import rdflib
from rdflib.compare import isomorphic
from starlette.types import ASGIApp

from organisatieregister import facets
from organisatieregister.identifiers import OvoCode, concept_iri
from organisatieregister.validity import ACTIVE, INACTIVE
from organisatieregister.views.search import SearchView
from organisatieregister.vocabulary import HYDRA
from organisatieregister.web.app import create_app
from organisatieregister.web.lists import list_routes
from organisatieregister.web.operations import Positions
from organisatieregister.web.pages import Pages, load_theme
from tests.examples import KBO, an_organisation, kbo_number
from tests.views.test_search import ALL, MUNICIPALITY, OCMW, change, changes, gone, scheme
from tests.web.register import TODAY, a_register
from tests.web.server import serving

pytestmark = pytest.mark.anyio

LIST = "/doc/organisatie"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
MEMBER, VIEW, TOTAL, NEXT, PREVIOUS = (
    rdflib.URIRef(term.value)
    for term in (HYDRA.member, HYDRA.view, HYDRA.totalItems, HYDRA.next, HYDRA.previous)
)
FORMULA = an_organisation(
    "OVO000099", '=HYPERLINK("http://x")', parent="OVO000001",
    more=facets.identifier(OvoCode("OVO000099").iri, KBO, kbo_number(2074514)),
)  # fmt: skip


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def search(tmp_path: Path) -> Iterator[SearchView]:
    view = SearchView.open(tmp_path)
    view.bulk([*changes(*ALL), change(scheme((MUNICIPALITY, "Gemeente", "Municipality")))], 7)
    yield view
    view.close()


def application_of(search: SearchView) -> ASGIApp:
    pages = Pages(load_theme())
    return create_app(
        documents=a_register(),
        pages=pages,
        positions=Positions(lambda: 7, {}),
        today=lambda: TODAY,
        routes=list_routes(search, pages),
        request_log=False,
    )


@pytest.fixture
async def client(search: SearchView) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=application_of(search))
    async with httpx.AsyncClient(
        transport=transport, base_url="http://x", headers={"accept-encoding": "identity"}
    ) as opened:
        yield opened


def many(view: SearchView, count: int) -> None:
    """Add ``Dienst 1000`` and so on."""
    records = [
        an_organisation(f"OVO{number + 9000:06d}", f"Dienst {number:04d}")
        for number in range(1000, 1000 + count)
    ]
    view.apply(changes(*records), 8)


# --- forms -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "suffix", "content_type"),
    [
        ("", "ttl", "text/turtle; charset=utf-8"),
        ("*/*", "ttl", "text/turtle; charset=utf-8"),
        (BROWSER, "html", "text/html; charset=utf-8"),
        ("application/json", "json", "application/json"),
        ("application/ld+json", "jsonld", "application/ld+json"),
        ("text/csv", "csv", "text/csv; charset=utf-8; header=present"),
        ("application/n-triples", "nt", "application/n-triples"),
        ("application/rdf+xml", "rdf", "application/rdf+xml"),
    ],
)
async def test_a_form_is_chosen_by_accept_or_by_suffix(
    client: httpx.AsyncClient, accept: str, suffix: str, content_type: str
) -> None:
    negotiated = await client.get(LIST, headers={"accept": accept})
    named = await client.get(f"{LIST}.{suffix}")
    assert negotiated.status_code == named.status_code == 200
    assert negotiated.headers["content-type"] == named.headers["content-type"] == content_type
    assert negotiated.content == named.content
    assert "Accept" in negotiated.headers["vary"]
    assert f'<{LIST}.{suffix}>; rel="alternate"' in negotiated.headers["link"]
    assert negotiated.headers["access-control-allow-origin"] == "*"


async def test_what_a_list_is_not_made_in_is_refused(client: httpx.AsyncClient) -> None:
    refused = await client.get(LIST, headers={"accept": "image/png"})
    assert refused.status_code == 406
    assert "text/csv" in refused.json()["alternates"]
    assert (await client.get(f"{LIST}.xlsx")).status_code == 404


async def test_all_rdf_forms_are_the_same_graph(client: httpx.AsyncClient) -> None:
    graphs = [
        rdflib.Graph().parse(data=(await client.get(f"{LIST}.{suffix}?q=gent")).text, format=form)
        for suffix, form in (("ttl", "turtle"), ("jsonld", "json-ld"), ("nt", "nt"), ("rdf", "xml"))
    ]
    assert len(graphs[0]) > 20
    for other in graphs[1:]:
        assert isomorphic(graphs[0], other)


async def test_rdf_is_a_collection_with_labelled_members_and_its_pages(
    client: httpx.AsyncClient, search: SearchView
) -> None:
    many(search, 120)
    page = await client.get(f"{LIST}.ttl?q=dienst&pagina=2")
    graph = rdflib.Graph().parse(data=page.text, format="turtle")
    collection = rdflib.URIRef("https://data.vlaanderen.be/doc/organisatie?q=dienst")
    view = rdflib.URIRef(f"{collection}&pagina=2")
    assert graph.value(collection, TOTAL) == rdflib.Literal(120)
    assert graph.value(collection, VIEW) == view
    assert graph.value(view, NEXT) == rdflib.URIRef(f"{collection}&pagina=3")
    assert graph.value(view, PREVIOUS) == rdflib.URIRef(f"{collection}&pagina=1")
    members = list(graph.objects(collection, MEMBER))
    assert len(members) == 50
    assert all(graph.value(member, rdflib.SKOS.prefLabel) for member in members)


async def test_rdf_labels_what_members_link_to_but_invents_no_labels(
    client: httpx.AsyncClient,
) -> None:
    graph = rdflib.Graph().parse(data=(await client.get(f"{LIST}.ttl")).text, format="turtle")
    labels = {str(s): str(o) for s, o in graph.subject_objects(rdflib.SKOS.prefLabel)}
    assert labels[MUNICIPALITY] == "Gemeente"
    assert labels[OvoCode("OVO000001").iri] == "Stad Gent"
    assert OCMW not in labels
    assert OvoCode("OVO000009").iri not in labels, "a parent that the register does not have"


async def test_json_has_hits_facets_and_the_pages_beside_it(
    client: httpx.AsyncClient, search: SearchView
) -> None:
    many(search, 120)
    content = (await client.get(f"{LIST}.json?q=dienst&pagina=2")).json()
    assert (content["totaal"], content["pagina"], content["paginas"]) == (120, 2, 3)
    assert content["volgende"] == f"{LIST}.json?q=dienst&pagina=3"
    assert content["vorige"] == f"{LIST}.json?q=dienst"
    assert len(content["resultaten"]) == 50
    followed = (await client.get(content["volgende"])).json()
    assert (len(followed["resultaten"]), followed["volgende"]) == (20, None)
    assert content["facetten"]["status"] == [
        {"waarde": ACTIVE.value, "naam": "actief", "aantal": 120}
    ]


async def test_json_of_an_organisation_uses_our_names(client: httpx.AsyncClient) -> None:
    (hit,) = (await client.get(f"{LIST}.json?q=ocmwg")).json()["resultaten"]
    assert hit == {
        "id": OvoCode("OVO000002").iri, "code": "OVO000002", "naam": "OCMW Gent",
        "korteNaam": "OCMWG", "vroegereNaam": None, "status": ACTIVE.value, "kbo": None,
        "gemeente": "Gent", "classificatie": [{"id": OCMW, "naam": "ocmw"}],
        "moederorganisatie": {"id": OvoCode("OVO000001").iri, "naam": "Stad Gent"},
        "van": None, "tot": None, "href": "/doc/organisatie/OVO000002",
    }  # fmt: skip


async def test_csv_is_the_whole_list_unless_a_page_is_asked(
    client: httpx.AsyncClient, search: SearchView
) -> None:
    many(search, 620)
    whole = await client.get(f"{LIST}.csv?q=dienst")
    rows = list(csv.DictReader(io.StringIO(whole.content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 620
    assert rows[0]["Naam"] == "Dienst 1000"
    assert len((await client.get(f"{LIST}.csv?q=dienst&pagina=1")).text.splitlines()) == 51
    told = await client.head(f"{LIST}.csv?q=dienst")
    assert (told.status_code, told.content) == (200, b"")


async def test_csv_opens_in_a_spreadsheet_without_computing_anything(
    client: httpx.AsyncClient, search: SearchView
) -> None:
    search.apply([change(FORMULA)], 8)
    answer = await client.get(f"{LIST}.csv?q=hyperlink")
    assert answer.content.startswith(b"\xef\xbb\xbfOVO-code;Naam;")
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    assert row["Naam"] == '\'=HYPERLINK("http://x")'
    assert row["KBO-nummer"] == "0207.451.425"
    assert (row["Status"], row["Moederorganisatie"]) == ("actief", "Stad Gent")


async def test_a_page_for_people_lists_and_escapes_what_was_found(
    client: httpx.AsyncClient, search: SearchView
) -> None:
    search.apply([change(an_organisation("OVO000099", "<script>alert(1)</script> Gent"))], 8)
    page = await client.get(f"{LIST}?q=gent", headers={"accept": BROWSER})
    assert "Stad Gent" in page.text
    assert "<script>alert" not in page.text
    assert 'href="/doc/organisatie/OVO000001"' in page.text
    assert page.headers["content-language"] == "nl"
    english = await client.get(
        LIST, headers={"accept": BROWSER, "accept-language": "en-GB,en;q=0.9"}
    )
    assert english.headers["content-language"] == "en"
    assert "Municipality" in english.text


# --- what is asked ---------------------------------------------------------------------------


async def codes(client: httpx.AsyncClient, query: str) -> list[str]:
    content = (await client.get(f"{LIST}.json?{query}")).json()
    return [hit["code"] for hit in content["resultaten"]]


async def test_filters_take_iris_and_what_people_write(client: httpx.AsyncClient) -> None:
    assert await codes(client, "status=nietactief") == ["OVO002188"]
    assert await codes(client, f"status={INACTIVE.value}") == ["OVO002188"]
    for parent in ("OVO000001", "ovo-000001", OvoCode("OVO000001").iri):
        assert await codes(client, f"ouder={parent}") == ["OVO000005", "OVO000002"]
    assert await codes(client, "gemeente=Gent") == ["OVO000002", "OVO000001"]
    assert await codes(client, f"classificatie={OCMW}&q=gent") == ["OVO000002"]
    assert await codes(client, "q=gent&volgorde=code") == ["OVO000001", "OVO000002"]
    assert await codes(client, f"classificatie={concept_iri('Bestuurstype', 'geen')}") == []


@pytest.mark.parametrize(
    "query",
    ["pagina=0", "pagina=-1", "pagina=x", "pagina=1e3", "pagina=100001", "pagina=" + "9" * 5000,
     "pagina=000000001999999999999999999999", "pagina=000",
     "pagina=%D9%A1", "ouder=iets", "volgorde=kleur", "q=" + "a" * 201, "op=2018-06-30",
     "gemeente=" + "a" * 1001],
)  # fmt: skip
async def test_what_cannot_be_understood_is_a_clear_problem(
    client: httpx.AsyncClient, query: str
) -> None:
    answer = await client.get(f"{LIST}?{query}", headers={"accept": "application/json"})
    assert answer.status_code == 400
    details = answer.json()["details"]
    for english in ("a number", "at most", "characters", " or ", "as it is", "must be"):
        assert english not in details["nl"]
    assert details["nl"] != details["en"]


async def test_a_query_that_is_too_long_is_refused(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"{LIST}?x={'a' * 9000}")).status_code == 414


async def test_a_page_after_the_last_is_empty_and_knows_the_way_back(
    client: httpx.AsyncClient,
) -> None:
    content = (await client.get(f"{LIST}.json?pagina=9")).json()
    assert (content["resultaten"], content["totaal"], content["paginas"]) == ([], 6, 1)
    assert content["vorige"] == f"{LIST}.json"
    page = await client.get(f"{LIST}?pagina=9", headers={"accept": BROWSER})
    assert page.status_code == 200


@pytest.mark.parametrize("typed", ["OVO000001", "ovo 000001", "0207.451.425", "BE0207451425"])
async def test_who_types_a_code_goes_straight_to_the_organisation(
    client: httpx.AsyncClient, typed: str
) -> None:
    answer = await client.get(LIST, params={"q": typed}, headers={"accept": BROWSER})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{LIST}/OVO000001")
    english = await client.get(f"{LIST}.html", params={"q": typed, "taal": "en"})
    assert english.headers["location"] == f"{LIST}/OVO000001?taal=en"
    as_data = await client.get(f"{LIST}.json", params={"q": typed})
    assert [hit["code"] for hit in as_data.json()["resultaten"]] == ["OVO000001"]


async def test_a_number_that_several_have_leads_to_the_list_of_them(
    client: httpx.AsyncClient, search: SearchView
) -> None:
    search.apply([change(FORMULA)], 8)
    answer = await client.get(LIST, params={"q": "0207.451.425"}, headers={"accept": BROWSER})
    assert answer.status_code == 200
    assert "Stad Gent" in answer.text
    assert "HYPERLINK" in answer.text


# --- caching ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", [f"{LIST}.json?q=gent", f"{LIST}.html", f"{LIST}.ttl", "/", "/zoek?q=ge"]
)
async def test_an_answer_holds_until_the_register_changes(
    client: httpx.AsyncClient, search: SearchView, path: str
) -> None:
    first = await client.get(path)
    known = {"if-none-match": first.headers["etag"]}
    again = await client.get(path, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert (await client.get(path)).content == first.content
    search.apply([gone(ALL[1])], 7)
    changed = await client.get(path, headers=known)
    assert changed.status_code == 200
    assert changed.content != first.content
    assert changed.headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize("path", ["/", f"{LIST}.json", f"{LIST}.html"])
async def test_each_coding_has_a_strong_tag_of_its_own(
    client: httpx.AsyncClient, path: str
) -> None:
    tags = {
        coding: (await client.get(path, headers={"accept-encoding": coding})).headers["etag"]
        for coding in ("identity", "br", "zstd", "gzip")
    }
    assert len(set(tags.values())) == 4
    for coding, tag in tags.items():
        assert tag.startswith('"')
        for asked in tags:
            sent = {"accept-encoding": asked, "if-none-match": tag}
            again = await client.get(path, headers=sent)
            if asked == coding:
                assert (again.status_code, again.headers["etag"]) == (304, tag)
            elif coding != "identity":
                assert again.status_code == 200


async def test_other_questions_have_other_tags(client: httpx.AsyncClient) -> None:
    paths = [f"{LIST}.json", f"{LIST}.json?q=gent", f"{LIST}.json?pagina=2", f"{LIST}.ttl",
             f"{LIST}.html", f"{LIST}.html?taal=en", f"{LIST}.json?taal=en"]  # fmt: skip
    tags = {(await client.get(path)).headers["etag"] for path in paths}
    assert len(tags) == len(paths)


# --- suggestions and home --------------------------------------------------------------------


async def test_suggestions_are_what_somebody_who_types_may_mean(client: httpx.AsyncClient) -> None:
    answer = await client.get("/zoek?q=naz")
    assert answer.headers["content-type"] == "application/json"
    found = answer.json()["suggesties"]
    assert [hit["naam"] for hit in found] == ["Gemeente Nazareth-De Pinte", "Gemeente Nazareth"]
    assert found[0]["gemeente"] == "Nazareth-De Pinte"
    former = (await client.get("/zoek?q=welzijn")).json()["suggesties"]
    assert former[0]["vroegereNaam"] == "Agentschap Welzijn"
    assert len((await client.get("/zoek?q=gemeente&aantal=1")).json()["suggesties"]) == 1
    for empty in ("/zoek", "/zoek?q=", "/zoek?q=%20"):
        assert (await client.get(empty)).json() == {"suggesties": []}


@pytest.mark.parametrize("many_asked", ["0", "-1", "x", "9" * 5000, "%D9%A3"])
async def test_a_strange_number_of_suggestions_does_no_harm(
    client: httpx.AsyncClient, many_asked: str
) -> None:
    assert (await client.get(f"/zoek?q=gent&aantal={many_asked}")).status_code == 200
    assert (await client.get(f"/zoek?q={'a' * 201}")).status_code == 400


async def test_the_home_page_counts_and_tells_the_news(client: httpx.AsyncClient) -> None:
    page = await client.get("/", headers={"accept": BROWSER})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert f'action="{LIST}"' in page.text
    assert "Departement Zorg" in page.text
    english = await client.get("/?taal=en")
    assert '<html lang="en"' in english.text


async def test_a_count_on_the_home_page_is_that_of_the_list_behind_it(
    client: httpx.AsyncClient,
) -> None:
    page = (await client.get("/", headers={"accept": BROWSER})).text
    tiles = re.findall(r'<a href="([^"]*classificatie[^"]*)"><bdi>[^<]*</bdi> <b>(\d+)</b>', page)
    assert tiles
    for href, count in tiles:
        address = html.unescape(href)
        assert "status=actief" in address
        found = await client.get(address, headers={"accept": "application/json"})
        assert found.json()["totaal"] == int(count)


async def test_a_long_list_comes_whole_over_a_real_connection(search: SearchView) -> None:
    many(search, 1500)
    with serving(application_of(search)) as port, httpx.Client() as client:
        answer = client.get(f"http://127.0.0.1:{port}{LIST}.csv")
        assert len(answer.content.decode("utf-8-sig").splitlines()) == 1 + len(ALL) + 1500
        head = client.head(f"http://127.0.0.1:{port}{LIST}.json")
        assert (head.status_code, head.content) == (200, b"")
        assert int(head.headers["content-length"]) > 100
