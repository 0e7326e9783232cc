"""Whatever stands in the data or in a question shows harmlessly (``read`` checks the markup)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from pyoxigraph import Literal, NamedNode, Triple

from organisatieregister import facets, places
from organisatieregister.identifiers import OvoCode
from organisatieregister.records import Record
from organisatieregister.views.search import FacetCount, ListQuery
from organisatieregister.vocabulary import DCT, FOAF, RDF, RDFS, SCHEMA, SKOS
from organisatieregister.web.sparql_examples import Example
from organisatieregister.web.sparql_results import Table
from tests.examples import an_organisation, organisations
from tests.web.pages.examples import a_hit, a_result, page_of, the_pages
from tests.web.pages.reading import Page, read
from tests.web.register import DocumentsInMemory

IRI = OvoCode("OVO000009").iri
BREAKOUTS = (
    "</script><script>alert(1)</script>",
    "<!--<script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "</title></textarea></style><svg onload=alert(1)>",
    "\u2028\u2029&lt;b&gt;",
    "\u05e9\u05dc\u05d5\u05dd \u200f\u0639\u0631\u0628\u0649\u200e",
)


def page_with(text: str, language: str = "nl") -> Page:
    """Every literal of an organisation is the text."""
    node, literal = NamedNode(IRI), Literal(text, language="nl")
    record = an_organisation(
        "OVO000009",
        text,
        more=[
            Triple(node, DCT.description, literal),
            Triple(node, RDFS.seeAlso, NamedNode("https://example.org/")),
            *facets.name(IRI, "korte-naam", text),
            *facets.name(IRI, "wettelijke-naam", text),
            *facets.identifier(IRI, facets.KeyType("INR", text), text),
            *places.contact(IRI, email=text, telephone=text),
            *places.site(IRI, "vestiging", places.Address(text, text, text, text, text, text)),
            *facets.parent(IRI, OvoCode("OVO000010").iri),
        ],
    )
    above = an_organisation("OVO000010", text)
    return page_of(DocumentsInMemory([record, above]), IRI, language, historic=True)


@pytest.mark.parametrize("text", BREAKOUTS)
def test_text_that_looks_like_markup_is_text(text: str) -> None:
    page = page_with(text)
    assert page.one("h1").text == text
    assert page.data["name"] == text
    assert not page.all("svg")
    assert [image["src"] for image in page.all("img")] == [page.one("img", width="34")["src"]]
    assert len(page.all("script")) == 2


@pytest.mark.parametrize("text", BREAKOUTS)
def test_what_somebody_searched_for_is_text(text: str) -> None:
    hit = replace(
        a_hit(text),
        short_name=text,
        municipality=text,
        former_name=text,
        classification=((text, text),),
    )
    result = replace(
        a_result([hit], query=ListQuery(text=text, classification=text, municipality=text)),
        facets={"gemeente": (FacetCount(text, text, 1),)},
    )
    page = read(the_pages().list(result, "nl"))
    assert page.one("input", type="search")["value"] == text
    assert text in page.one("h1").text
    assert not page.all("svg")
    assert not page.all("img", src="x")


@pytest.mark.parametrize("text", BREAKOUTS)
def test_what_went_wrong_is_text(text: str) -> None:
    assert text in read(the_pages().problem(400, text, text, "nl")).one("h1").text
    examples = [Example(text, text, {"nl": text}, {"nl": text})]
    table = Table((text,), ((Literal(text),),), is_cut=True)
    page = read(
        the_pages().sparql(
            language="nl",
            query=text,
            error=text,
            place=(1, 2),
            examples=examples,
            table=table,
            parameters=[("query", text)],
        )
    )
    assert page.one("textarea").text == text


def test_the_direction_of_a_name_does_not_reach_beyond_it() -> None:
    html = page_with("\u05e9\u05dc\u05d5\u05dd").html
    assert "<h1" in html
    assert "<bdi>\u05e9\u05dc\u05d5\u05dd</bdi></h1>" in html


def test_a_name_of_ten_thousand_characters_is_cut_where_it_would_flood() -> None:
    page = page_with("Overheid" * 1250)
    assert len(page.html.encode()) < 60_000
    assert len(page.one("title").text) < 200
    assert len(page.one("h1").text) <= 300
    assert "Volledige naam" in page.text


def test_an_iri_with_another_scheme_is_text_and_no_link() -> None:
    point = NamedNode(f"{IRI}/contact")
    hostile = NamedNode("javascript:alert(1)")
    # Such a record cannot be stored; a page must not depend on that.
    record = Record(
        IRI,
        an_organisation("OVO000009", "Dienst").triples
        | {
            Triple(NamedNode(IRI), SCHEMA.contactPoint, point),
            Triple(NamedNode(IRI), DCT.source, hostile),
            Triple(point, FOAF.homepage, hostile),
            Triple(point, RDF.type, SCHEMA.ContactPoint),
            Triple(point, SKOS.note, hostile),
        },
    )
    page = page_of(DocumentsInMemory([record]), IRI)
    assert page.text.count("javascript:alert(1)") == 2
    assert not [href for href in page.hrefs if "javascript" in href]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(organisations())
def test_every_organisation_has_a_sound_page(record: Record) -> None:
    for language in ("nl", "en"):
        page = page_of(DocumentsInMemory([record]), record.iri, language, historic=True)
        assert record.iri.rsplit("/", 1)[1] in page.text
