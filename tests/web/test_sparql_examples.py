"""The example queries: RDF that ships, in the graph, each answered by the worker processes."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest
from pyoxigraph import (
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
)

from organisatieregister.endpoint import Endpoint, Limits, Query
from organisatieregister.errors import UnreadableSource
from organisatieregister.publication import published
from organisatieregister.settings import shipped
from organisatieregister.shipment import shipped_records
from organisatieregister.views.generations import current_generation, publish_generation
from organisatieregister.vocabulary import PREFIXES
from organisatieregister.web.app import create_app
from organisatieregister.web.operations import Positions
from organisatieregister.web.pages import Pages, load_theme
from organisatieregister.web.sparql import sparql_routes
from organisatieregister.web.sparql_examples import FILE, Example, read_examples
from organisatieregister.web.sparql_results import ACCEPT, ROWS, Table, read_table
from tests.shipped import ONTOLOGY
from tests.web.pages.reading import Page, read
from tests.web.register import TODAY, DocumentsInMemory, PlainDocumentPages
from tests.words import query_terms, wrong_terms

pytestmark = pytest.mark.anyio

EXAMPLES = read_examples(ONTOLOGY / FILE)
SH = "http://www.w3.org/ns/shacl#"
COLLECTION = "https://data.vlaanderen.be/id/voorbeeldvragen/organisatieregister"
BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
DAY = date(2026, 11, 23)
LOADED = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph of all that ships, as on a first start."""
    path = tmp_path_factory.mktemp("shipped")
    store = Store(str(path / "store"))
    store.bulk_extend(
        Quad(*triple)
        for record in shipped_records(shipped("ontology"), shipped("data"))
        for triple in published(record, DAY, LOADED)
    )
    publish_generation(path, 1, store.backup)
    return path


@pytest.fixture(scope="module")
async def endpoint(view: Path) -> AsyncIterator[Endpoint]:
    endpoint = Endpoint(
        lambda: current_generation(view), 1, Limits(seconds=60, buffered=100_000), PREFIXES
    )
    await endpoint.start()
    yield endpoint
    await endpoint.stop()


@pytest.fixture
async def client(endpoint: Endpoint) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(
        documents=DocumentsInMemory([]),
        pages=PlainDocumentPages(),
        positions=Positions(lambda: 0, {}),
        today=lambda: TODAY,
        routes=sparql_routes(endpoint, Pages(load_theme()), EXAMPLES),
        request_log=False,
    )
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        yield client


async def the_page(client: httpx.AsyncClient, query: str, **more: str) -> Page:
    answer = await client.get("/sparql", params={"query": query, **more}, headers=BROWSER)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Accept-Language" in answer.headers["vary"]
    return read(answer.text)


# The examples


def test_there_are_enough_of_them_with_texts_in_both_languages() -> None:
    assert len(EXAMPLES) >= 25
    for example in EXAMPLES:
        assert set(example.titles) == set(example.comments) == {"nl", "en"}, example.iri
        assert example.title("nl") != example.title("en")
    titles = [example.title("nl") for example in EXAMPLES]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.iri.rpartition("/")[2])
async def test_each_gives_rows_on_the_data_that_ship_in_less_than_two_seconds_of_work(
    endpoint: Endpoint, example: Example
) -> None:
    before = seconds_worked(endpoint)
    table = await read_table(await endpoint.answer(Query(example.query), ACCEPT))
    assert seconds_worked(endpoint) - before < 2
    assert table.rows or table.truth is True
    assert any(term is not None for row in table.rows for term in row) or table.truth


def seconds_worked(endpoint: Endpoint) -> float:
    """The CPU time of the worker, which does not depend on what else the machine does."""
    (worker,) = endpoint.pool.workers
    fields = Path(f"/proc/{worker.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.iri.rpartition("/")[2])
def test_each_uses_terms_that_exist_and_prefixes_that_are_declared(example: Example) -> None:
    wrong = {iri for iri in query_terms(declared() + example.query) if is_wrong(iri)}
    assert not wrong


def declared() -> str:
    """The prefixes as an editor takes them from the data."""
    pairs: dict[str, dict[str, str]] = {}
    for quad in parse((ONTOLOGY / FILE).read_bytes(), RdfFormat.TURTLE):
        if isinstance(quad.object, Literal) and quad.predicate.value.startswith(SH):
            name = quad.predicate.value.removeprefix(SH)
            pairs.setdefault(str(quad.subject), {})[name] = quad.object.value
    found = {pair["prefix"]: pair["namespace"] for pair in pairs.values() if "prefix" in pair}
    assert found.items() <= PREFIXES.items()
    return "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in found.items())


def is_wrong(iri: str) -> bool:
    import rdflib

    data = rdflib.Graph()
    data.add((rdflib.URIRef(iri), rdflib.RDF.value, rdflib.URIRef(iri)))
    return bool(wrong_terms(data))


async def test_editors_find_them_and_the_prefixes_in_the_graph(endpoint: Endpoint) -> None:
    asked = """SELECT DISTINCT ?query ?label ?prefix WHERE {
      ?example a sh:SPARQLExecutable ; rdfs:label ?label ; sh:prefixes ?set ;
        sh:select|sh:construct|sh:ask ?query .
      ?set sh:declare/sh:prefix ?prefix
      FILTER(LANG(?label) = "en" && ?prefix = "org")
    }"""
    answer = await endpoint.answer(Query(asked), "text/tab-separated-values")
    assert isinstance(answer.body, bytes)
    found = parse_query_results(answer.body, QueryResultsFormat.TSV)
    assert isinstance(found, QuerySolutions)
    assert {row["label"].value for row in found} == {e.title("en") for e in EXAMPLES}


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match="voorbeeldvragen"):
        read_examples(tmp_path / FILE)


# The page


async def test_the_form_offers_the_examples_in_the_language_of_the_reader(
    client: httpx.AsyncClient,
) -> None:
    dutch = read((await client.get("/sparql", headers=BROWSER)).text)
    english = read((await client.get("/sparql?taal=en", headers=BROWSER)).text)
    for page, language in ((dutch, "nl"), (english, "en")):
        summaries = [tag.text for tag in page.all("summary")]
        assert summaries == [example.title(language) for example in EXAMPLES]
    assert sum(href.startswith("/sparql?voorbeeld=") for href in dutch.hrefs) == len(EXAMPLES)


async def test_a_link_to_an_example_fills_in_the_form(client: httpx.AsyncClient) -> None:
    start = read((await client.get("/sparql", headers=BROWSER)).text)
    href = next(href for href in start.hrefs if "voorbeeld=" in href and "Leuven" in href)
    page = read((await client.get(href, headers=BROWSER)).text)
    assert 'adres:gemeentenaam "Leuven"@nl' in page.one("textarea").text


async def test_a_browser_sees_a_table_with_links_and_downloads(client: httpx.AsyncClient) -> None:
    page = await the_page(client, "SELECT ?o ?naam { VALUES ?o { organisatie:OVO000229 } "
                                  "?o skos:prefLabel ?naam }", format="")  # fmt: skip
    assert [tag.text for tag in page.all("th")] == ["o", "naam"]
    assert page.link("organisatie:OVO000229") == "/doc/organisatie/OVO000229"
    assert "Provincie Limburg" in page.text
    assert "1 rij" in page.text
    csv = await client.get(page.link("CSV"))
    assert csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert csv.text.splitlines()[1].endswith(",Provincie Limburg")
    again = await client.get(page.link("Vaste link naar deze vraag"), headers=BROWSER)
    assert "Provincie Limburg" in read(again.text).text


async def test_yes_and_no_are_words(client: httpx.AsyncClient) -> None:
    assert "Ja" in (await the_page(client, "ASK {}")).text.split()
    english = await the_page(client, "ASK { FILTER(false) }", taal="en")
    assert "No" in english.text.split()


async def test_a_graph_is_a_table_of_three_columns(client: httpx.AsyncClient) -> None:
    page = await the_page(client, "DESCRIBE organisatie:OVO000229")
    assert [tag.text for tag in page.all("th")] == ["Onderwerp", "Eigenschap", "Waarde"]
    turtle = await client.get(page.link("Turtle"))
    assert turtle.headers["content-type"] == "text/turtle; charset=utf-8"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s ?p ?o { ?s ?p ?o }",  # streamed, and stopped
        f"SELECT ?n {{ ?s a org:Organization . BIND(1 AS ?n) }} LIMIT {ROWS + 1}",  # one too many
        "CONSTRUCT { ?s a org:Organization } WHERE { ?s a org:Organization }",
    ],
)
async def test_a_long_result_is_cut_and_says_so(client: httpx.AsyncClient, query: str) -> None:
    page = await the_page(client, query)
    assert len(page.all("tr")) == ROWS + 1
    assert "Enkel de eerste 1.000 rijen" in page.text


async def test_a_result_of_just_the_limit_is_not_cut(client: httpx.AsyncClient) -> None:
    page = await the_page(client, f"SELECT ?s {{ ?s a org:Organization }} LIMIT {ROWS}")
    assert "1.000 rijen" in page.text
    assert "Enkel" not in page.text


async def test_an_error_shows_its_line_and_column(client: httpx.AsyncClient) -> None:
    answer = await client.get("/sparql", params={"query": "SELECT * {\n ?s ?p }"}, headers=BROWSER)
    assert answer.status_code == 400
    page = read(answer.text)
    assert "Regel 2, kolom 9:" in page.text
    assert " ?s ?p }\n        ^" in page.html
    assert page.one("textarea").text == "SELECT * {\n ?s ?p }"


async def test_what_a_query_answers_is_text(client: httpx.AsyncClient) -> None:
    markup = "</td><svg onload=alert(1)>"
    page = await the_page(client, f'SELECT ("{markup}"@en AS ?x) (IRI("javascript:x") AS ?y) {{}}')
    assert markup in page.text
    assert not page.all("svg")
    assert not [href for href in page.hrefs if href.startswith("javascript")]


async def test_rows_with_nothing_in_them_are_rows(endpoint: Endpoint) -> None:
    table = await read_table(await endpoint.answer(Query("SELECT ?x {}"), ACCEPT))
    assert table == Table(("x",), ((None,),))
    none = await read_table(await endpoint.answer(Query("SELECT ?x { ?x a ?x }"), ACCEPT))
    assert none == Table(("x",))


async def test_terms_of_every_kind_are_read(endpoint: Endpoint) -> None:
    query = Query('SELECT (<urn:a> AS ?i) ("a\\n\\tb"@nl AS ?l) (1.5 AS ?d) (true AS ?b) {}')
    table = await read_table(await endpoint.answer(query, ACCEPT))
    assert table.rows[0][:2] == (NamedNode("urn:a"), Literal("a\n\tb", language="nl"))
    assert [str(term) for term in table.rows[0][2:]] == [
        '"1.5"^^<http://www.w3.org/2001/XMLSchema#decimal>',
        '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>',
    ]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * {}",
        "SELECT (TRIPLE(<urn:a>, <urn:b>, <urn:c>) AS ?t) {}",
        "SELECT (BNODE() AS ?b) (STRDT('x', <urn:d>) AS ?d) (IRI('a b') AS ?i) {}",
        "SELECT (GROUP_CONCAT(?s) AS ?long) { ?s a ?class }",
        "SELECT ?x { VALUES ?x { 'a\\r\\tb' '\\u2028\\u0085' 1e0 -1 01 'INF'^^xsd:double UNDEF } }",
        "CONSTRUCT { <a> <b> [ <c> <<(<a> <b> <c>)>> ] } WHERE {}",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s a ?p . FILTER(false) }",
    ],
)
async def test_an_odd_result_has_a_page_as_well(client: httpx.AsyncClient, query: str) -> None:
    assert "Resultaat" in (await the_page(client, query)).headings


# Conditional requests


async def test_a_repeat_is_304_while_the_data_are_the_same(client: httpx.AsyncClient) -> None:
    first = await client.get("/sparql", params={"query": EXAMPLES[0].query, "format": "csv"})
    known = {"if-none-match": first.headers["etag"]}
    params = {"query": EXAMPLES[0].query}
    again = await client.get("/sparql", params={**params, "format": "csv"}, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    other = await client.get("/sparql", params={**params, "format": "tsv"}, headers=known)
    assert other.status_code == 200


@pytest.mark.parametrize("query", ["SELECT (NOW() AS ?x) {}", "SELECT (rand() AS ?x) {}"])
async def test_what_changes_by_itself_has_no_etag(client: httpx.AsyncClient, query: str) -> None:
    answer = await client.get("/sparql", params={"query": query})
    assert answer.status_code == 200
    assert "etag" not in answer.headers


async def test_a_star_does_not_make_a_bad_query_good(client: httpx.AsyncClient) -> None:
    answer = await client.get(
        "/sparql", params={"query": "nonsense"}, headers={"if-none-match": "*"}
    )
    assert answer.status_code == 400


async def test_a_result_is_compressed_for_who_asks(client: httpx.AsyncClient) -> None:
    query = {"query": "SELECT ?s { ?s a org:Organization } LIMIT 500", "format": "csv"}
    for coding in ("gzip", "br", "zstd"):
        answer = await client.get("/sparql", params=query, headers={"accept-encoding": coding})
        assert answer.headers["content-encoding"] == coding
        assert answer.headers["etag"].endswith(f'+{coding}"')
        assert answer.text.count("\n") == 501
