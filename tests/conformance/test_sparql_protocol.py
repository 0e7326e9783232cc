"""The SPARQL 1.1 Protocol test suite of the W3C, written out again as requests.

20 tests are of queries, and pass; 14 are of updates, each of which must be refused here. The names
are those of the suite (w3.org/2009/sparql/docs/tests/data-sparql11/protocol).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx
import pytest
from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)

from tests.conformance.served import endpoint
from tests.running import ovo

DATA = "http://kasei.us/2009/09/sparql/data/data{}.rdf"
D0, D1, D2, D3 = (DATA.format(number) for number in range(4))
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"


@dataclass(frozen=True)
class Request:
    """What is sent to the endpoint."""

    parameters: list[tuple[str, str]] = field(default_factory=list)
    method: str = "POST"
    content_type: str = ""
    body: str = ""
    encoding: str = "utf-8"


def get(*parameters: tuple[str, str], method: str = "GET", content_type: str = "") -> Request:
    return Request(list(parameters), method, content_type)


def post(
    content_type: str, body: str, *parameters: tuple[str, str], encoding: str = "utf-8"
) -> Request:
    return Request(list(parameters), "POST", content_type, body, encoding)


def default(*iris: str) -> list[tuple[str, str]]:
    return [("default-graph-uri", iri) for iri in iris]


def named(*iris: str) -> list[tuple[str, str]]:
    return [("named-graph-uri", iri) for iri in iris]


BOTH_DEFAULT = f"ASK {{ <{D1}> a ?type . <{D2}> a ?type . }}"
BOTH_NAMED = f"ASK {{ GRAPH ?g1 {{ <{D1}> a ?type }} GRAPH ?g2 {{ <{D2}> a ?type }} }}"
ALL_THREE = f"ASK {{ <{D3}> a ?type {BOTH_NAMED[6:]}"

TRUE = {
    "query_post_form": post(FORM, "query=ASK%20%7B%7D", *default(D0)),
    "query_dataset_default_graphs_get": get(("query", BOTH_DEFAULT), *default(D1, D2)),
    "query_dataset_default_graphs_post": post(QUERY, BOTH_DEFAULT, *default(D1, D2)),
    "query_dataset_named_graphs_post": post(QUERY, BOTH_NAMED, *named(D1, D2)),
    "query_dataset_named_graphs_get": get(("query", BOTH_NAMED), *named(D1, D2)),
    "query_dataset_full": post(QUERY, ALL_THREE, *default(D3), *named(D1, D2)),
    "query_multiple_dataset": post(QUERY, f"ASK FROM <{D3}> {BOTH_NAMED[4:]}", *named(D1, D2)),
    "query_get": get(("query", "ASK {}")),
    "query_content_type_ask": post(QUERY, "ASK {}", *default(D0)),
    "query_post_direct": post(QUERY, "ASK {}"),
}
TABLES = {"query_content_type_select": post(QUERY, "SELECT (1 AS ?value) {}", *default(D0))}
GRAPHS = {
    "query_content_type_describe": post(QUERY, "DESCRIBE <http://example.org/>", *default(D0)),
    "query_content_type_construct": post(QUERY, "CONSTRUCT { <s> <p> 1 } WHERE {}", *default(D0)),
}
BAD = {
    "bad_query_method": get(("query", "ASK {}"), *default(D0), method="PUT", content_type=FORM),
    "bad_multiple_queries": get(("query", "ASK {}"), ("query", "SELECT * {}")),
    "bad_query_wrong_media_type": post("text/plain", "ASK {}"),
    "bad_query_missing_form_type": post("", "query=ASK%20%7B%7D"),
    "bad_query_missing_direct_type": post("", "ASK {}"),
    "bad_query_non_utf8": post(f"{QUERY}; charset=UTF-16", "ASK {}", encoding="utf-16"),
    "bad_query_syntax": get(("query", "ASK {")),
}

USING = "using-graph-uri"
USING_NAMED = "using-named-graph-uri"
INSERT = f"""PREFIX foaf: <http://xmlns.com/foaf/0.1/>
DROP ALL ;
INSERT DATA {{ GRAPH <{D1}> {{ <{D1}> a foaf:Document }} }} ;
INSERT {{ GRAPH <http://example.org/copy/> {{ ?s a foaf:BibliographicResource }} }}
WHERE {{ ?s a foaf:Document }}"""
RENAME = """PREFIX foaf: <http://xmlns.com/foaf/0.1/>
WITH <http://example/addresses>
DELETE { ?p foaf:givenName 'Bill' } INSERT { ?p foaf:givenName 'William' }
WHERE { ?p foaf:givenName 'Bill' }"""
UPDATES = {
    "update_dataset_default_graph": post(UPDATE, INSERT, (USING, D1)),
    "update_dataset_default_graphs": post(UPDATE, INSERT, (USING, D1), (USING, D2)),
    "update_dataset_named_graphs": post(UPDATE, INSERT, (USING_NAMED, D1), (USING_NAMED, D2)),
    "update_dataset_full": post(UPDATE, INSERT, (USING, D1), (USING_NAMED, D2)),
    "update_post_form": post(FORM, "update=CLEAR+ALL"),
    "update_post_direct": post(UPDATE, "CLEAR ALL"),
    "update_base_uri": post(UPDATE, "INSERT DATA { GRAPH <http://example.org/g> { <a> <b> <c> } }"),
    "bad_update_get": get(("update", "CLEAR ALL")),
    "bad_multiple_updates": post(FORM, "update=CLEAR%20NAMED&update=CLEAR%20DEFAULT"),
    "bad_update_wrong_media_type": post("text/plain", "CLEAR NAMED"),
    "bad_update_missing_form_type": post("", "update=CLEAR%20NAMED"),
    "bad_update_non_utf8": post(f"{UPDATE}; charset=UTF-16", "CLEAR NAMED", encoding="utf-16"),
    "bad_update_syntax": post(FORM, "update=CLEAR%20XYZ"),
    "bad_update_dataset_conflict": post(UPDATE, RENAME, (USING_NAMED, "http://example/people")),
}  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The endpoint with the three graphs of the suite, and one triple in the default graph."""
    folder = tmp_path_factory.mktemp("protocol")
    words: list[str | Path] = []
    for number, iri in enumerate((D1, D2, D3), 1):
        file = folder / f"data{number}.nt"
        file.write_text(f"<{iri}> a <http://xmlns.com/foaf/0.1/Document> .\n".replace(
            " a ", " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "))  # fmt: skip
        words += ["--graph", f"{iri}={file}"]
    default_graph = folder / "default.ttl"
    default_graph.write_text("<http://example.org/s> <http://example.org/p> 1 .")
    with endpoint(*words, default_graph) as client:
        yield client


def send(client: httpx.Client, request: Request, accept: str = "*/*") -> httpx.Response:
    headers = {"accept": accept}
    if request.content_type:
        headers["content-type"] = request.content_type
    query = urlencode(request.parameters, quote_via=quote)
    return client.request(
        request.method,
        f"/sparql?{query}" if query else "/sparql",
        headers=headers,
        content=request.body.encode(request.encoding),
    )


def truth(answer: httpx.Response) -> bool:
    """The boolean of an answer; it must be JSON or XML."""
    assert answer.status_code == 200, answer.text
    form = QueryResultsFormat.from_media_type(answer.headers["content-type"])
    assert form in (QueryResultsFormat.JSON, QueryResultsFormat.XML)
    found = parse_query_results(answer.content, form)
    assert isinstance(found, QueryBoolean)
    return bool(found)


def test_the_suite_has_20_tests_of_queries_and_14_of_updates() -> None:
    assert len({**TRUE, **TABLES, **GRAPHS, **BAD}) == 20
    assert len(UPDATES) == 14


@pytest.mark.parametrize("name", TRUE)
def test_the_answer_is_true(client: httpx.Client, name: str) -> None:
    assert truth(send(client, TRUE[name]))


@pytest.mark.parametrize("name", TABLES)
def test_the_answer_is_a_table(client: httpx.Client, name: str) -> None:
    answer = send(client, TABLES[name])
    form = QueryResultsFormat.from_media_type(answer.headers["content-type"])
    assert form
    found = parse_query_results(answer.content, form)
    assert isinstance(found, QuerySolutions)
    assert [row["value"].value for row in found] == ["1"]


@pytest.mark.parametrize("name", GRAPHS)
def test_the_answer_is_a_graph(client: httpx.Client, name: str) -> None:
    answer = send(client, GRAPHS[name])
    assert answer.status_code == 200, answer.text
    form = RdfFormat.from_media_type(answer.headers["content-type"])
    assert form
    found = [str(quad.subject) for quad in parse(answer.content, form)]
    # Relative IRIs are resolved against the service, as the protocol allows.
    assert found == ([f"<{client.base_url}/s>"] if "construct" in name else [])


@pytest.mark.parametrize("name", BAD)
def test_the_request_is_refused(client: httpx.Client, name: str) -> None:
    assert 400 <= send(client, BAD[name]).status_code < 500


@pytest.mark.parametrize("name", UPDATES)
def test_the_update_is_refused(client: httpx.Client, name: str) -> None:
    assert 400 <= send(client, UPDATES[name]).status_code < 500
    unchanged = f"ASK {{ GRAPH <{D1}> {{ <{D1}> a ?type }} ?s ?p 1 }}"
    assert truth(send(client, get(("query", unchanged))))


# What the dataset of the protocol shuts out


@pytest.mark.parametrize(
    ("query", "dataset"),
    [
        (BOTH_DEFAULT, default(D1)),
        (BOTH_DEFAULT, named(D1, D2)),
        (BOTH_NAMED, named(D1)),
        (BOTH_NAMED, default(D1, D2)),
        (f"ASK FROM <{D3}> {{ <{D3}> a ?type }}", default(D1)),
        (f"ASK FROM NAMED <{D3}> {{ GRAPH ?g {{ <{D3}> a ?type }} }}", named(D1)),
        ("ASK { ?s <http://example.org/p> 1 }", default(D1)),
        (f"ASK {{ <{D1}> a ?type }}", []),
    ],
)
def test_what_is_not_in_the_dataset_is_not_there(
    client: httpx.Client, query: str, dataset: list[tuple[str, str]]
) -> None:
    assert not truth(send(client, get(("query", query), *dataset)))


def test_without_a_dataset_the_query_says_which(client: httpx.Client) -> None:
    assert truth(send(client, get(("query", f"ASK FROM <{D3}> {{ <{D3}> a ?type }}"))))
    assert truth(send(client, get(("query", "ASK { ?s <http://example.org/p> 1 }"))))


# Requests that the suite does not think of


@pytest.mark.parametrize(
    ("status", "request_"),
    [
        (200, post(f"{QUERY};charset=utf-8", "ASK {}")),
        (200, post("Application/SPARQL-Query", "ASK {}")),
        (200, post(f"{FORM}; charset=UTF-8", "query=ASK+%7B%7D")),
        (200, post(FORM, "", ("query", "ASK {}"))),
        (400, post(FORM, "query=ASK+%7B%7D", ("query", "ASK {}"))),
        (400, post(QUERY, "ASK {}", ("query", "ASK {}"))),
        (400, post(QUERY, "")),
        (400, post(FORM, "query=%FF%FE")),
        (400, post(FORM, "query=ASK+%7B%7D", encoding="utf-16")),
        (400, post(QUERY, "ASK {}", encoding="utf-16")),
        (415, post(f"{QUERY}; charset=UTF-32", "ASK {}", encoding="utf-32")),
        (415, post("multipart/form-data", "query=ASK+%7B%7D")),
        (415, post("application/json", '{"query": "ASK {}"}')),
        (415, post(";;;", "ASK {}")),
        (400, get(("query", "ASK {}"), ("default-graph-uri", "no iri"))),
        (400, get(("query", "ASK {}"), ("format", "pdf"))),
        (405, get(("query", "ASK {}"), method="DELETE")),
        (405, get(("query", "ASK {}"), method="PATCH", content_type=QUERY)),
    ],
)
def test_an_odd_request_has_a_right_answer(
    client: httpx.Client, status: int, request_: Request
) -> None:
    assert send(client, request_).status_code == status


@pytest.mark.parametrize("name", ["format", "output"])
@pytest.mark.parametrize(
    ("value", "table", "graph"),
    [
        ("json", "application/sparql-results+json", "application/ld+json"),
        ("xml", "application/sparql-results+xml", "application/rdf+xml"),
        ("csv", "text/csv; charset=utf-8", ""),
        ("ttl", "", "text/turtle; charset=utf-8"),
        ("application/json", "application/json", "application/json"),
    ],
)
def test_a_format_means_what_fits_the_form_of_the_query(
    client: httpx.Client, name: str, value: str, table: str, graph: str
) -> None:
    for query, expected in (("SELECT * {}", table), ("DESCRIBE <http://example.org/s>", graph)):
        answer = send(client, get(("query", query), (name, value)), accept="text/html")
        assert answer.status_code == (200 if expected else 406)
        assert not expected or answer.headers["content-type"] == expected


def test_head_options_and_scripts_of_other_sites(client: httpx.Client) -> None:
    head = client.head("/sparql", params={"query": "ASK {}"})
    assert (head.status_code, head.content) == (200, b"")
    preflight = client.options("/sparql", headers={"origin": "https://example.org"})
    assert preflight.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS, POST"
    assert head.headers["access-control-allow-origin"] == "*"
    assert "Accept" in head.headers["vary"]


# The service description tests


@pytest.mark.parametrize(
    "accept", ["", "text/turtle", "application/rdf+xml", "application/n-triples"]
)
def test_the_service_describes_itself(client: httpx.Client, accept: str) -> None:
    """returns-rdf, has-endpoint-triple and conforms-to-schema."""
    answer = client.get("/sparql", headers={"accept": accept})
    form = RdfFormat.from_media_type(answer.headers["content-type"])
    assert form
    found = {
        (str(q.subject), q.predicate.value, str(q.object)) for q in parse(answer.content, form)
    }
    sd = "http://www.w3.org/ns/sparql-service-description#"
    service = f"<{client.base_url}/sparql>"
    assert (service, f"{sd}endpoint", service) in found
    kind = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    kinds = {subject: value for subject, predicate, value in found if predicate == kind}
    # Domain and range of each property, in the words of the specification's schema.
    domains = {
        "endpoint": "Service", "supportedLanguage": "Service", "resultFormat": "Service",
        "defaultDataset": "Service", "defaultGraph": "Dataset",
    }  # fmt: skip
    ranges = {"defaultDataset": "Dataset", "defaultGraph": "Graph"}
    used = {(s, p.removeprefix(sd), o) for s, p, o in found if p.startswith(sd)}
    assert {name for _, name, _ in used} == set(domains)
    for subject, name, value in used:
        assert kinds[subject] == f"<{sd}{domains[name]}>"
        assert name not in ranges or kinds[value] == f"<{sd}{ranges[name]}>"
    assert (service, f"{sd}supportedLanguage", f"<{sd}SPARQL11Query>") in found
    assert not any(value == f"<{sd}SPARQL11Update>" for _, _, value in found)
    formats = {value for _, predicate, value in found if predicate == f"{sd}resultFormat"}
    assert len(formats) == 10
    # The IRIs of https://www.w3.org/ns/formats/
    assert all(value.startswith("<http://www.w3.org/ns/formats/") for value in formats)


# The command


def test_files_of_every_format_are_served(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<> <urn:p> 'a' .")
    (tmp_path / "b.nq").write_text('<urn:b> <urn:p> "b" <urn:g> .\n<urn:b> <urn:p> "b" .')
    (tmp_path / "c.rdf").write_text(
        '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:u="urn:">'
        '<r:Description r:about="urn:c"><u:p>c</u:p></r:Description></r:RDF>'
    )
    graph = f"http://example.org/?g=1={tmp_path / 'c.rdf'}"
    with endpoint("--graph", graph, tmp_path / "a.ttl", tmp_path / "b.nq") as client:
        query = "SELECT ?o ?g { { ?s <urn:p> ?o } UNION { GRAPH ?g { ?s ?p ?o } } } ORDER BY ?o ?g"
        answer = send(client, get(("query", query), ("format", "csv")))
    rows = ["a,", "b,", "b,urn:g", "c,http://example.org/?g=1"]
    assert answer.text.splitlines()[1:] == rows


def test_a_file_that_is_no_rdf_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_text("<urn:a> <urn:b> .\n")
    done = ovo("endpoint", "--port", "0", tmp_path / "bad.ttl", check=False)
    assert done.returncode == 3
    assert "bad.ttl:1" in done.stderr
    assert ovo("endpoint", "--graph", "no-file", check=False).returncode == 2
