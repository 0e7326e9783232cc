"""The document contract: redirects, negotiation, validators, links, dates and problems."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from datetime import date

import brotli
import httpx
import pytest
import rdflib
import zstandard
from rdflib.compare import isomorphic

from organisatieregister.identifiers import BASE
from organisatieregister.representations import BY_SUFFIX, PROFILES
from organisatieregister.web.documents import DocumentsApp
from tests.examples import an_organisation
from tests.web.register import (
    MERGED,
    NAZARETH,
    PREFERRED,
    DocumentsInMemory,
    PlainDocumentPages,
    a_register,
)

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib"),
    pytest.mark.anyio,
]

DOC = "/doc/organisatie/OVO002188"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
FORMATS = {
    "ttl": "turtle", "nt": "nt", "nq": "nquads", "trig": "trig", "rdf": "xml",
    "jsonld": "json-ld", "json": "json-ld",
}  # fmt: skip


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def documents() -> DocumentsInMemory:
    return a_register()


@pytest.fixture
async def client(documents: DocumentsInMemory) -> AsyncIterator[httpx.AsyncClient]:
    app = DocumentsApp(documents, PlainDocumentPages(), today=lambda: documents.today)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url="http://register.example",
        headers={"accept": "", "accept-encoding": "", "accept-language": ""},
    ) as client:
        yield client


def graph(response: httpx.Response, suffix: str) -> rdflib.Graph:
    dataset = rdflib.Dataset()
    dataset.parse(data=response.content, format=FORMATS[suffix])
    plain = rdflib.Graph()
    for triple in dataset.default_graph:
        plain.add(triple)
    return plain


def links(response: httpx.Response, relation: str) -> list[str]:
    """The targets of the links with this relation."""
    found = []
    for link in response.headers.get("link", "").split(", <"):
        target, _, parameters = link.lstrip("<").partition(">")
        if f'rel="{relation}"' in parameters:
            found.append(target)
    return found


# --- redirects -------------------------------------------------------------------------------


async def test_an_organisation_is_not_its_document_so_303(client: httpx.AsyncClient) -> None:
    response = await client.get("/id/organisatie/OVO002188")
    assert response.status_code == 303
    assert response.headers["location"] == DOC
    assert links(response, "describedby") == [DOC]
    assert response.headers["access-control-allow-origin"] == "*"


async def test_the_303_does_not_depend_on_what_is_accepted(client: httpx.AsyncClient) -> None:
    for accept in (BROWSER, "text/turtle", "image/png"):
        response = await client.get("/id/organisatie/OVO002188", headers={"accept": accept})
        assert (response.status_code, response.headers["location"]) == (303, DOC)


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/id/organisatie/ovo002188", "/id/organisatie/OVO002188"),
        ("/id/organisatie/ovo-002188", "/id/organisatie/OVO002188"),
        ("/id/organisatie/OVO%20002188", "/id/organisatie/OVO002188"),
        ("/id/organisatie/OVO002188/", "/id/organisatie/OVO002188"),
        ("/doc/organisatie/ovo002188.ttl", "/doc/organisatie/OVO002188.ttl"),
        ("/doc/organisatie/Ovo002188", "/doc/organisatie/OVO002188"),
        ("/ns/organisatieregister/", "/ns/organisatieregister"),
        ("/doc/organisatie/", "/doc/organisatie"),
        ("/id/organisatie", "/doc/organisatie"),
        ("/id/benaming/0A1B2C3D-0000-5000-8000-00000000000F",
         "/id/benaming/0a1b2c3d-0000-5000-8000-00000000000f"),
    ],
)  # fmt: skip
async def test_another_spelling_is_moved_for_good(
    client: httpx.AsyncClient, path: str, location: str
) -> None:
    response = await client.get(path)
    assert (response.status_code, response.headers["location"]) == (308, location)


async def test_redirects_keep_the_query(client: httpx.AsyncClient) -> None:
    query = "?op=2018-06-30&taal=en"
    first = await client.get(f"/id/organisatie/ovo002188{query}")
    assert first.headers["location"] == f"/id/organisatie/OVO002188{query}"
    second = await client.get(first.headers["location"])
    assert second.headers["location"] == f"{DOC}{query}"


async def test_a_part_leads_to_its_owners_document(
    client: httpx.AsyncClient, documents: DocumentsInMemory
) -> None:
    for part in documents.records[NAZARETH].parts:
        if "#" not in part:
            response = await client.get(part.removeprefix(BASE))
            assert (response.status_code, response.headers["location"]) == (303, DOC)
            document = await client.get(part.removeprefix(BASE).replace("/id/", "/doc/") + ".nt")
            assert (document.status_code, document.headers["location"]) == (303, f"{DOC}.nt")


async def test_a_concept_leads_to_its_scheme_and_an_event_to_its_document(
    client: httpx.AsyncClient, documents: DocumentsInMemory
) -> None:
    concept = await client.get(PREFERRED.removeprefix(BASE))
    assert concept.headers["location"] == "/doc/conceptscheme/Benamingtype"
    assert (await client.get(concept.headers["location"])).status_code == 200
    event = next(iri for iri in documents.records if "veranderingsgebeurtenis" in iri)
    moved = await client.get(event.removeprefix(BASE))
    assert moved.status_code == 303
    assert (await client.get(moved.headers["location"])).status_code == 200


async def test_our_terms_lead_to_the_ontology(client: httpx.AsyncClient) -> None:
    response = await client.get("/ns/organisatieregister")
    assert (response.status_code, response.headers["location"]) == (
        303,
        "/doc/ns/organisatieregister",
    )
    for suffix in ("ttl", "html", "jsonld"):
        assert (await client.get(f"/doc/ns/organisatieregister.{suffix}")).status_code == 200


async def test_the_dataset_leads_to_its_files(client: httpx.AsyncClient) -> None:
    response = await client.get("/id/dataset/organisatieregister")
    assert (response.status_code, response.headers["location"]) == (303, "/dumps/")


async def test_a_code_list_with_an_http_iri_is_found_at_its_path(
    client: httpx.AsyncClient,
) -> None:
    for path in ("/id/conceptscheme/OrganisatieStatus", "/id/concept/OrganisatieStatus/actief"):
        response = await client.get(path)
        assert response.status_code == 303
        document = await client.get(response.headers["location"])
        assert "http://data.vlaanderen.be/id/concept/OrganisatieStatus/actief" in document.text


async def test_the_scheme_of_somebody_else_has_a_document_by_query(
    client: httpx.AsyncClient, documents: DocumentsInMemory
) -> None:
    foreign = "http://example.org/schemes/x?y=1"
    scheme = next(r for r in documents.records.values() if "conceptscheme" in r.iri)
    text = scheme.canonical.replace(scheme.iri.encode(), foreign.encode())
    documents.put(type(scheme).read(foreign, text))
    path = "/doc/extern?iri=http%3A%2F%2Fexample.org%2Fschemes%2Fx%3Fy%3D1"
    response = await client.get(path)
    assert response.status_code == 200
    alternate = links(response, "alternate")[0]
    assert (await client.get(alternate)).headers["content-type"].startswith("text/turtle")
    assert alternate.count("iri=") == 1


@pytest.mark.parametrize("code", ["foo", "OVO12345", "OVO1234567", "KBO000001", "OVO0000O1", "%00"])
async def test_a_malformed_code_is_a_bad_request(client: httpx.AsyncClient, code: str) -> None:
    for path in (f"/id/organisatie/{code}", f"/doc/organisatie/{code}"):
        response = await client.get(path)
        assert response.status_code == 400
        assert response.json()["type"] == "/problemen/ongeldige-identificator"


@pytest.mark.parametrize(
    "path",
    [
        "/id/organisatie/OVO999999",
        "/doc/organisatie/OVO999999",
        "/doc/organisatie/OVO999999.ttl",
        "/doc/organisatie/OVO002188.pdf",
        "/id/benaming/0a1b2c3d-0000-5000-8000-00000000000f",
        "/id/concept/Benamingtype/bestaat-niet",
        "/id/" + "x" * 2000,
        "/ns/anders",
        "/doc/extern?iri=urn:x:y",
    ],
)
async def test_what_was_never_issued_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    response = await client.get(path)
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


async def test_a_malformed_uuid_is_a_bad_request(client: httpx.AsyncClient) -> None:
    assert (await client.get("/id/benaming/1")).status_code == 400


async def test_an_ended_organisation_resolves_and_leads_to_its_successor(
    client: httpx.AsyncClient,
) -> None:
    response = await client.get("/id/organisatie/OVO002188", follow_redirects=True)
    assert response.status_code == 200
    assert "organisatiestatus/nietactief" in response.text
    assert "2024-12-31" in response.text
    assert links(response, "successor-version") == [MERGED]


# --- representations -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("", "text/turtle; charset=utf-8"),
        ("*/*", "text/turtle; charset=utf-8"),
        (BROWSER, "text/html; charset=utf-8"),
        ("text/plain", "text/plain; charset=utf-8"),
        ("application/ld+json", "application/ld+json"),
        ("application/json", "application/json"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/n-triples", "application/n-triples"),
        ("application/n-quads", "application/n-quads"),
        ("application/trig", "application/trig"),
        ("text/turtle;q=0.1, application/trig;q=0.2", "application/trig"),
    ],
)
async def test_the_document_comes_in_the_form_that_is_liked_best(
    client: httpx.AsyncClient, accept: str, content_type: str
) -> None:
    response = await client.get(DOC, headers={"accept": accept})
    assert (response.status_code, response.headers["content-type"]) == (200, content_type)
    assert response.headers["vary"].startswith("Accept, Accept-Language, Accept-Encoding")


async def test_two_accept_fields_are_read_as_one_list(client: httpx.AsyncClient) -> None:
    headers = [("accept", "text/turtle;q=0.1"), ("accept", "application/trig")]
    response = await client.get(DOC, headers=headers)
    assert response.headers["content-type"] == "application/trig"


@pytest.mark.parametrize("suffix", BY_SUFFIX)
async def test_a_suffix_decides_whatever_is_accepted(
    client: httpx.AsyncClient, suffix: str
) -> None:
    response = await client.get(f"{DOC}.{suffix}", headers={"accept": "image/png"})
    assert response.status_code == 200
    assert response.headers["content-type"] == BY_SUFFIX[suffix].content_type
    assert response.headers["content-location"] == f"{DOC}.{suffix}"
    assert links(response, "canonical") == [f"{BASE}{DOC}"]
    assert "Accept," not in response.headers["vary"]


@pytest.mark.parametrize("suffix", FORMATS)
async def test_every_suffix_says_the_same(client: httpx.AsyncClient, suffix: str) -> None:
    turtle = graph(await client.get(f"{DOC}.ttl"), "ttl")
    other = graph(await client.get(f"{DOC}.{suffix}"), suffix)
    assert len(turtle) > 20
    assert isomorphic(turtle, other)


async def test_negotiated_and_suffixed_are_the_same_bytes(client: httpx.AsyncClient) -> None:
    for suffix, representation in BY_SUFFIX.items():
        chosen = await client.get(DOC, headers={"accept": representation.media_type})
        named = await client.get(f"{DOC}.{suffix}")
        assert chosen.content == named.content
        assert chosen.headers["etag"] == named.headers["etag"]
        assert chosen.headers["content-location"] == f"{DOC}.{suffix}"


async def test_nothing_acceptable_is_406_with_the_alternates(client: httpx.AsyncClient) -> None:
    response = await client.get(DOC, headers={"accept": "image/png"})
    assert response.status_code == 406
    problem = response.json()
    assert "text/turtle" in problem["alternates"]
    assert "image/png" in problem["detail"]
    assert f"{DOC}.ttl" in links(response, "alternate")


async def test_the_page_speaks_the_readers_language(client: httpx.AsyncClient) -> None:
    for headers, query, language in (
        ({}, "", "nl"),
        ({"accept-language": "en-GB, nl;q=0.5"}, "", "en"),
        ({"accept-language": "fr"}, "", "nl"),
        ({"accept-language": "en"}, "?taal=nl", "nl"),
        ({}, "?taal=en", "en"),
    ):
        response = await client.get(f"{DOC}.html{query}", headers=headers)
        assert response.headers["content-language"] == language
        assert f'lang="{language}"' in response.text
        assert "Accept-Language" in response.headers["vary"]


async def test_a_page_may_run_no_script_of_others_and_stand_in_no_frame(
    client: httpx.AsyncClient,
) -> None:
    headers = (await client.get(f"{DOC}.html")).headers
    assert "'unsafe-inline'" not in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "content-security-policy" not in (await client.get(f"{DOC}.ttl")).headers


async def test_links_say_what_the_resource_is_and_where_its_forms_are(
    client: httpx.AsyncClient,
) -> None:
    response = await client.get(DOC)
    assert links(response, "alternate") == [f"{DOC}.{suffix}" for suffix in BY_SUFFIX]
    assert links(response, "type") == [
        "http://data.europa.eu/m8g/PublicOrganisation",
        "http://www.w3.org/ns/org#Organization",
    ]
    assert links(response, "collection") == [f"{BASE}/doc/organisatie"]
    assert links(response, "license")[0].startswith(f"{BASE}/id/licentie/")
    assert links(response, "describedby") == [f"{BASE}/ns/organisatieregister"]
    assert links(response, "describes") == [NAZARETH]


# --- the day, and the history ----------------------------------------------------------------


async def test_a_day_shows_the_organisation_as_valid_then(client: httpx.AsyncClient) -> None:
    then = await client.get(f"{DOC}?op=1995-06-30")
    assert '"Nazaret"@nl' in then.text
    assert "organisatiestatus/actief" in then.text
    assert "isReplacedBy" not in then.text
    assert then.headers["content-location"] == f"{DOC}.ttl?op=1995-06-30"
    assert f"{DOC}.nt?op=1995-06-30" in links(then, "alternate")
    now = await client.get(DOC)
    assert then.headers["etag"] != now.headers["etag"]


async def test_history_shows_all_facets(client: httpx.AsyncClient) -> None:
    now, history = await client.get(DOC), await client.get(f"{DOC}?historiek=1")
    assert "oud@nazareth.example" not in now.text
    assert "oud@nazareth.example" in history.text
    assert (await client.get(f"{DOC}?historiek=0")).content == now.content


@pytest.mark.parametrize("query", ["op=2018-13-01", "op=gisteren", "op=", "historiek=misschien"])
async def test_a_day_that_is_none_is_a_bad_request(client: httpx.AsyncClient, query: str) -> None:
    response = await client.get(f"{DOC}?{query}")
    assert response.status_code == 400
    assert response.json()["status"] == 400


async def test_a_dated_answer_follows_the_register(
    client: httpx.AsyncClient, documents: DocumentsInMemory
) -> None:
    path = "/doc/organisatie/OVO053388?op=2025-06-30"
    before = await client.get(path)
    documents.put(an_organisation("OVO000001", "Andere naam"))
    documents.put(an_organisation("OVO053388", "Gemeente X", parent="OVO000001"))
    after = await client.get(path)
    assert "Gemeente X" in after.text
    assert before.headers["etag"] != after.headers["etag"]


async def test_history_follows_the_calendar(
    client: httpx.AsyncClient, documents: DocumentsInMemory
) -> None:
    await client.get(f"{DOC}?historiek=1")
    documents.today = date(2024, 6, 1)
    assert "organisatiestatus/actief" in (await client.get(f"{DOC}?historiek=1")).text


# --- profiles --------------------------------------------------------------------------------


async def test_our_profile_is_oslo_and_others_are_refused(client: httpx.AsyncClient) -> None:
    oslo = PROFILES["oslo"]
    for query, headers, status in (
        ("?_profile=oslo", {}, 200),
        ("", {"accept-profile": f"<{oslo}>"}, 200),
        ("", {"accept-profile": f"<http://example.org/p>, <{oslo}>;q=0.1"}, 200),
        ("?_profile=cpov", {}, 406),
        ("", {"accept-profile": "<http://example.org/p>"}, 406),
    ):
        response = await client.get(DOC + query, headers=headers)
        assert response.status_code == status
        if status == 200:
            assert links(response, "profile") == [oslo]
        assert "Accept-Profile" in (response.headers["vary"] if status == 200 else "Accept-Profile")


async def test_alt_lists_profiles_and_media_types(client: httpx.AsyncClient) -> None:
    response = await client.get(f"{DOC}?_profile=alt")
    assert response.headers["content-type"] == "application/linkset+json"
    alternates = response.json()["linkset"][0]["alternate"]
    assert {a["type"] for a in alternates} == {r.media_type for r in BY_SUFFIX.values()}
    assert {tuple(a["profile"]) for a in alternates} == {(PROFILES["oslo"],)}


# --- validators, caching, methods ------------------------------------------------------------


async def test_the_etag_is_strong_and_of_each_form_its_own(client: httpx.AsyncClient) -> None:
    tags = set()
    for suffix in BY_SUFFIX:
        for coding in ("identity", "gzip", "br", "zstd"):
            response = await client.get(f"{DOC}.{suffix}", headers={"accept-encoding": coding})
            tags.add(response.headers["etag"])
    assert len(tags) == len(BY_SUFFIX) * 4
    assert all(tag.startswith('"') and tag.endswith('"') for tag in tags)


@pytest.mark.parametrize(
    ("template", "status"),
    [
        ("{tag}", 304),
        ("W/{tag}", 304),
        ('"other", {tag}', 304),
        ('W/"x",W/{tag}', 304),
        ("*", 304),
        ('"other"', 200),
        ("{tag}x", 304),
        ("rubbish", 200),
    ],
)
async def test_if_none_match(client: httpx.AsyncClient, template: str, status: int) -> None:
    first = await client.get(DOC)
    tag = first.headers["etag"]
    again = await client.get(DOC, headers={"if-none-match": template.format(tag=tag)})
    assert again.status_code == status
    if status == 304:
        assert again.content == b""
        for name in ("etag", "vary", "cache-control", "content-location"):
            assert again.headers[name] == first.headers[name]
        assert "content-type" not in again.headers


async def test_the_tag_of_another_form_does_not_match(client: httpx.AsyncClient) -> None:
    turtle = (await client.get(DOC)).headers["etag"]
    for headers in ({"accept": "application/ld+json"}, {"accept-encoding": "gzip"}):
        response = await client.get(DOC, headers={**headers, "if-none-match": turtle})
        assert response.status_code == 200


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("Fri, 20 Nov 2026 08:30:00 GMT", 304),
        ("Sat, 21 Nov 2026 08:30:00 GMT", 304),
        ("Fri, 20 Nov 2026 08:29:59 GMT", 200),
        ("gisteren", 200),
        ("", 200),
    ],
)
async def test_if_modified_since(client: httpx.AsyncClient, since: str, status: int) -> None:
    response = await client.get(DOC, headers={"if-modified-since": since})
    assert response.headers["last-modified"] == "Fri, 20 Nov 2026 08:30:00 GMT"
    assert response.status_code == status


async def test_if_none_match_goes_before_if_modified_since(client: httpx.AsyncClient) -> None:
    headers = {"if-none-match": '"x"', "if-modified-since": "Sat, 21 Nov 2026 08:30:00 GMT"}
    assert (await client.get(DOC, headers=headers)).status_code == 200


async def test_an_answer_that_is_kept_goes_when_the_record_changes(
    client: httpx.AsyncClient, documents: DocumentsInMemory
) -> None:
    before = await client.get(DOC)
    assert (await client.get(DOC)).headers["etag"] == before.headers["etag"]
    documents.put(an_organisation("OVO002188", "Iets anders"))
    after = await client.get(DOC, headers={"if-none-match": before.headers["etag"]})
    assert after.status_code == 200
    assert "Iets anders" in after.text


async def test_an_answer_that_is_kept_is_checked_when_anything_in_the_view_changed(
    client: httpx.AsyncClient, documents: DocumentsInMemory
) -> None:
    await client.get(DOC)
    documents.reads = 0
    await client.get(DOC)
    assert documents.reads == 0
    documents.commits += 1
    await client.get(DOC)
    await client.get(DOC)
    assert documents.reads == 1


async def test_head_is_get_without_a_body(client: httpx.AsyncClient) -> None:
    for path in (DOC, f"{DOC}.html", "/id/organisatie/OVO002188", "/id/organisatie/OVO999999"):
        head, get = await client.head(path), await client.get(path)
        assert head.content == b""
        assert head.status_code == get.status_code
        assert head.headers == get.headers
        assert int(head.headers["content-length"]) == len(get.content)


async def test_options_says_what_may_be_done(client: httpx.AsyncClient) -> None:
    response = await client.options(DOC, headers={"origin": "https://x.example"})
    assert response.status_code == 204
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"
    assert response.headers["access-control-allow-origin"] == "*"
    assert "GET" in response.headers["access-control-allow-methods"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "BREW"])
async def test_other_methods_are_not_allowed(client: httpx.AsyncClient, method: str) -> None:
    response = await client.request(method, DOC)
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"


async def test_scripts_of_other_sites_may_read_and_see_the_headers(
    client: httpx.AsyncClient,
) -> None:
    headers = (await client.get(DOC)).headers
    assert headers["access-control-allow-origin"] == "*"
    assert {"ETag", "Link", "Content-Location"} <= set(
        headers["access-control-expose-headers"].split(", ")
    )
    assert "max-age" in headers["cache-control"]


# --- content coding --------------------------------------------------------------------------


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
async def test_the_body_is_packed_as_asked(client: httpx.AsyncClient, coding: str) -> None:
    plain = await client.get(DOC)
    async with client.stream("GET", DOC, headers={"accept-encoding": coding}) as response:
        packed = b"".join([piece async for piece in response.aiter_raw()])
    assert response.headers["content-encoding"] == coding
    assert int(response.headers["content-length"]) == len(packed) < len(plain.content) / 2
    unpack = {
        "gzip": gzip.decompress,
        "br": brotli.decompress,
        "zstd": lambda b: zstandard.ZstdDecompressor().decompress(b),
    }[coding]
    assert unpack(packed) == plain.content
    assert "content-encoding" not in plain.headers


async def test_brotli_goes_before_others_when_liked_equally(client: httpx.AsyncClient) -> None:
    response = await client.get(DOC, headers={"accept-encoding": "gzip, deflate, br, zstd"})
    assert response.headers["content-encoding"] == "br"


async def test_no_coding_that_may_be_used_is_406(client: httpx.AsyncClient) -> None:
    response = await client.get(DOC, headers={"accept-encoding": "identity;q=0"})
    assert response.status_code == 406
    assert "gzip" in response.json()["alternates"]


# --- bad input -------------------------------------------------------------------------------


async def test_a_query_that_is_too_long_is_414(client: httpx.AsyncClient) -> None:
    response = await client.get(f"{DOC}?x={'y' * 9000}")
    assert response.status_code == 414
    assert (await client.get(f"{DOC}?x={'y' * 7000}")).status_code == 200


async def test_a_browser_gets_a_page_about_the_problem_in_its_language(
    client: httpx.AsyncClient,
) -> None:
    headers = {"accept": BROWSER, "accept-language": "en"}
    response = await client.get("/doc/organisatie/OVO999999", headers=headers)
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
    assert response.headers["content-language"] == "en"
    assert "Not found" in response.text


@pytest.mark.parametrize(
    "path",
    ["/doc/organisatie/%22%3E%3Cscript%3E", "/doc/%0d%0aSet-Cookie:x", "/id/é/ü/%ff", "/doc/.ttl"],
)
async def test_nonsense_in_a_path_is_the_clients_problem(
    client: httpx.AsyncClient, path: str
) -> None:
    for accept in (BROWSER, "application/json"):
        response = await client.get(path, headers={"accept": accept})
        assert response.status_code in {400, 404, 308}
        if "html" in response.headers.get("content-type", ""):
            assert "<script>" not in response.text
        assert "set-cookie" not in response.headers
