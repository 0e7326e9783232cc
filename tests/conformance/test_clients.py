"""The clients that people use, against `ovo endpoint`; and its answers beside those in process."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import rdflib
from pyoxigraph import (
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    parse_query_results,
)
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from organisatieregister.vocabulary import PREFIXES
from tests.conformance.served import endpoint
from tests.shipped import ONTOLOGY, ROOT

FILES = (
    ROOT / "data" / "organisaties" / "provincies-en-districten.ttl",
    ONTOLOGY / "codelijsten" / "Sleuteltype.ttl",
    ONTOLOGY / "voorbeeldvragen.ttl",
)
LIMBURG = "https://data.vlaanderen.be/id/organisatie/OVO000229"
CODES = "SELECT ?code { ?o a org:Organization ; dct:identifier ?code } ORDER BY ?code"


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with endpoint(*FILES) as client:
        yield client


@pytest.fixture(scope="module")
def url(client: httpx.Client) -> str:
    return f"{client.base_url}/sparql"


@pytest.fixture(scope="module")
def store() -> Store:
    """The same data in process."""
    store = Store()
    for path in FILES:
        store.load(path=path, format=RdfFormat.TURTLE)
    return store


# Clients


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("form", ["xml", "json", "csv", "tsv"])
def test_rdflib_reads_it_as_a_store(url: str, method: str, form: str) -> None:
    graph = rdflib.Graph(SPARQLStore(url, method=method, returnFormat=form))
    limburg = rdflib.URIRef(LIMBURG)
    if form in ("xml", "json"):  # rdflib cannot read a truth value from a table
        assert (limburg, rdflib.RDF.type, rdflib.ORG.Organization) in graph
    assert str(graph.value(limburg, rdflib.DCTERMS.identifier)) == "OVO000229"
    rows = list(graph.query(CODES))
    assert "OVO000229" in [str(row[0]) for row in rows]  # type: ignore[index]


def test_rdflib_gets_graphs_and_truth(url: str) -> None:
    graph = rdflib.Graph(SPARQLStore(url))
    assert graph.query("ASK { ?s a org:Organization }").askAnswer
    described = graph.query(f"DESCRIBE <{LIMBURG}>").graph
    assert described is not None
    assert (rdflib.URIRef(LIMBURG), None, None) in described


def test_rdflib_federates_with_service(url: str) -> None:
    local = rdflib.Graph()
    query = f'SELECT ?o {{ SERVICE <{url}> {{ ?o dct:identifier "OVO000229" }} }}'
    rows = list(local.query(query, initNs={"dct": rdflib.DCTERMS}))
    assert [str(row[0]) for row in rows] == [LIMBURG]  # type: ignore[index]


def test_sparqlwrapper_works(url: str) -> None:
    wrapper = pytest.importorskip("SPARQLWrapper")
    asked = wrapper.SPARQLWrapper(url)
    asked.setQuery(CODES)
    for form in (wrapper.JSON, wrapper.XML, wrapper.CSV, wrapper.TSV):
        asked.setReturnFormat(form)
        found = asked.query().convert()
        text = found.toxml() if hasattr(found, "toxml") else str(found)
        assert "OVO000229" in text


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_works(url: str) -> None:
    command = ["curl", "-sSf", "--compressed", "-G", url, "--data-urlencode", f"query={CODES}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
    codes = [row["code"]["value"] for row in json.loads(done.stdout)["results"]["bindings"]]
    assert "OVO000229" in codes


@pytest.mark.skipif(shutil.which("roqet") is None, reason="roqet is not installed")
def test_roqet_works(url: str, tmp_path: Path) -> None:
    prologue = f"PREFIX org: <{PREFIXES['org']}> PREFIX dct: <{PREFIXES['dct']}> "
    command = ["roqet", "-q", "-p", url, "-r", "csv", "-e", prologue + CODES]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
    assert "OVO000229" in done.stdout


# Through HTTP and in process

PATTERNS = (
    "?a a org:Organization",
    "?a dct:identifier ?b",
    "?a reg:facet ?f . ?f dct:type ?c",
    "?a reg:facet/skosxl:literalForm ?n",
    "?a reg:facet ?f . OPTIONAL { ?f skos:notation ?d }",
    "?a reg:facet ?f . MINUS { ?f a adms:Identifier }",
    "{ ?a skos:prefLabel ?n } UNION { ?a rdfs:label ?n }",
    "?m org:member ?a ; org:organization ?p",
    "?a schema:startDate|schema:endDate ?t",
    "?a (^org:member/org:organization)+ ?p",
    'VALUES ?b { "OVO000229" "OVO000230" } ?a dct:identifier ?b',
    "{ SELECT ?a (COUNT(?f) AS ?k) { ?a reg:facet ?f } GROUP BY ?a }",
    "?a ?y ?z . FILTER EXISTS { ?a reg:facet ?z }",
)
FILTERS = (
    "", "FILTER(isIRI(?a))", "FILTER(STRLEN(STR(?a)) > 48)", "FILTER(!BOUND(?zz))",
    'BIND(CONCAT("<", STR(?a), ">") AS ?s)', "BIND(MD5(STR(?a)) AS ?h)",
    'BIND(REPLACE(STR(?a), "[0-9]", "é") AS ?r)', 'BIND(IF(REGEX(STR(?a), "9$"), 1.5, true) AS ?i)',
    'BIND(STRLANG(UCASE(STRAFTER(STR(?a), "/id/")), "nl") AS ?l)',
)  # fmt: skip
HEADS = ("SELECT *", "SELECT DISTINCT *", "SELECT (COUNT(*) AS ?count)", "SELECT DISTINCT ?a")


def a_query(dice: random.Random) -> str:
    patterns = " . ".join(dice.sample(PATTERNS, dice.choice((1, 1, 2))))
    return f"{dice.choice(HEADS)} WHERE {{ {patterns} {dice.choice(FILTERS)} }}"


@pytest.mark.parametrize("seed", range(40))
def test_an_answer_through_http_is_that_of_the_engine(
    client: httpx.Client, store: Store, seed: int
) -> None:
    dice = random.Random(seed)
    query = a_query(dice)
    form = dice.choice((QueryResultsFormat.JSON, QueryResultsFormat.XML, QueryResultsFormat.TSV))
    asked = {"query": query}
    answer = client.post("/sparql", data=asked, headers={"accept": form.media_type})
    assert answer.status_code == 200, query
    found = parse_query_results(answer.content, form)
    expected = store.query(query, prefixes=dict(PREFIXES))
    assert isinstance(found, QuerySolutions)
    assert isinstance(expected, QuerySolutions)
    assert [v.value for v in found.variables] == [v.value for v in expected.variables]
    assert rows(found) == rows(expected), query


def rows(solutions: QuerySolutions) -> Counter[tuple[str, ...]]:
    return Counter(tuple(map(str, solution)) for solution in solutions)


def test_the_sample_has_queries_that_find_something(store: Store) -> None:
    found = 0
    for seed in range(40):
        solutions = store.query(a_query(random.Random(seed)), prefixes=dict(PREFIXES))
        assert isinstance(solutions, QuerySolutions)
        found += next(solutions, None) is not None
    assert found > 25
