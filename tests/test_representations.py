"""Negotiation by RFC 9110, and every RDF format against every other."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple
from rdflib.compare import isomorphic

from organisatieregister import facets, places
from organisatieregister.errors import NotAcceptable
from organisatieregister.identifiers import OvoCode, concept_iri
from organisatieregister.publication import document
from organisatieregister.records import Record
from organisatieregister.representations import (
    HTML,
    JSON,
    JSON_LD,
    N_QUADS,
    N_TRIPLES,
    PLAIN,
    PROFILES,
    RDF_XML,
    REPRESENTATIONS,
    TRIG,
    TURTLE,
    negotiate,
    negotiate_coding,
    negotiate_language,
    negotiate_profile,
    serialise,
)
from organisatieregister.vocabulary import DCT, ORG, RDF, SKOS, json_ld_context
from tests.examples import a_merger, an_organisation, organisations

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

OFFERED = [r.media_type for r in REPRESENTATIONS]
FORMATS = {
    TURTLE: "turtle", N_TRIPLES: "nt", PLAIN: "nt", N_QUADS: "nquads", TRIG: "trig",
    RDF_XML: "xml", JSON_LD: "json-ld", JSON: "json-ld",
}  # fmt: skip
MODIFIED = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


# --- Accept ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", TURTLE),
        ("*/*", TURTLE),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", HTML),
        ("text/plain", PLAIN),
        ("application/ld+json, application/json;q=0.9", JSON_LD),
        ("application/json;q=0.9, application/ld+json;q=0.8", JSON),
        ("application/*", JSON_LD),
        ("application/rdf+xml;q=0.5, text/*;q=0.4", RDF_XML),
        ("text/turtle;q=0, */*", HTML),
        ("TEXT/Turtle", TURTLE),
        (" text/html ; q=0.5 , application/trig ", TRIG),
        ("text/turtle;q=0.001, image/png", TURTLE),
        ("image/png", None),
        ("image/*, text/turtle;q=0", None),
        ("*/*;q=0", None),
    ],
)
def test_the_best_media_type_is_taken(accept: str, expected: str | None) -> None:
    assert negotiate(accept, OFFERED) == expected


@pytest.mark.parametrize(
    "accept", ["turtle", ";;;,,", "*", "text/turtle;q=2", "text/turtle;q=high", '"', "te xt/turtle"]
)
def test_a_header_of_which_nothing_can_be_read_counts_as_absent(accept: str) -> None:
    assert negotiate(accept, OFFERED) == OFFERED[0]


def test_malformed_parts_are_ignored_and_the_others_hold() -> None:
    assert negotiate("*, text/;q=1, */html, text/html;q=x, application/trig;q=0.1", OFFERED) == TRIG


def test_the_example_of_rfc_9110() -> None:
    accept = (
        "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, "
        "*/*;q=0.5"
    )
    ranked = [
        "text/plain;format=flowed", "text/plain", "image/jpeg", "text/plain;format=fixed",
        "text/html;level=3",
    ]  # fmt: skip
    for better, worse in pairwise(ranked):
        assert negotiate(accept, [worse, better]) == better


def test_a_comma_in_quotes_does_not_end_a_range() -> None:
    accept = r'application/ld+json;profile="a,\"b, text/html";q=0.2, text/html;q=0.1'
    assert negotiate(accept, [JSON_LD + r';profile="a,\"b, text/html"', HTML]) != HTML


def test_parameters_that_nothing_has_are_overlooked_before_anything_is_refused() -> None:
    assert negotiate("text/turtle;version=1.2", OFFERED) == TURTLE
    assert negotiate('application/ld+json;profile="x", text/html;q=0.1', OFFERED) == HTML


@pytest.mark.parametrize("part", ['"' * 4000, "a/b;" * 1000, "\\" * 4000, '"\\' * 2000])
def test_long_nonsense_is_read_in_linear_time(part: str) -> None:
    assert negotiate(part, OFFERED) in {*OFFERED, None}


kinds = st.sampled_from(["text", "application", "*"])
subtypes = st.sampled_from(["turtle", "html", "json", "trig", "*"])
ranges = st.tuples(
    kinds,
    subtypes,
    st.sampled_from([(), (("level", "1"),), (("level", "1"), ("charset", "utf-8"))]),
    st.sampled_from([None, "0", "0.0", "0.1", "0.123", "0.5", "1", "1.000"]),
).filter(lambda r: r[0] != "*" or r[1] == "*")
offers = st.lists(
    st.tuples(
        st.sampled_from(["text", "application"]),
        st.sampled_from(["turtle", "html", "json", "trig"]),
        st.sampled_from([(), (("level", "1"),), (("charset", "utf-8"), ("level", "1"))]),
    ),
    min_size=1, max_size=6, unique=True,
)  # fmt: skip
Range = tuple[str, str, tuple[tuple[str, str], ...], str | None]
Offer = tuple[str, str, tuple[tuple[str, str], ...]]


def written(kind: str, subtype: str, parameters: tuple[tuple[str, str], ...], q: str | None) -> str:
    tail = "".join(f"; {key}={value}" for key, value in parameters)
    return f"{kind}/{subtype}{tail}" + (f";q={q}" if q is not None else "")


def best_by_the_letter(wanted: list[Range], offered: list[Offer]) -> Offer | None:
    """RFC 9110, 12.5.1, as slowly as it is written: every precedence tried in turn."""
    best, best_quality = None, 0.0
    for offer in offered:
        quality = 0.0
        for precedence in ("2 parameters", "1 parameters", "0 parameters", "any subtype", "any"):
            matching = []
            for kind, subtype, parameters, q in wanted:
                if precedence == "any":
                    fits = (kind, subtype) == ("*", "*") and not parameters
                elif precedence == "any subtype":
                    fits = (kind, subtype) == (offer[0], "*") and not parameters
                else:
                    fits = (kind, subtype) == offer[:2] and len(parameters) == int(precedence[0])
                    fits = fits and all(parameter in offer[2] for parameter in parameters)
                if fits:
                    matching.append(1.0 if q is None else float(q))
            if matching:
                quality = max(matching)
                break
        if quality > best_quality:
            best, best_quality = offer, quality
    return best


@given(
    st.lists(ranges.filter(lambda r: "*" not in r[:2] or not r[2]), min_size=1, max_size=6), offers
)
def test_negotiation_agrees_with_a_slow_reading_of_the_rfc(
    wanted: list[Range], offered: list[Offer]
) -> None:
    accept = ", ".join(written(*part) for part in wanted)
    texts = [written(*offer, None) for offer in offered]
    expected = best_by_the_letter(wanted, offered)
    if expected is None:
        expected = best_by_the_letter([(k, s, (), q) for k, s, _, q in wanted], offered)
    assert negotiate(accept, texts) == (written(*expected, None) if expected else None)


@given(st.text(max_size=200))
def test_no_header_makes_negotiation_fall_over(header: str) -> None:
    assert negotiate(header, OFFERED) in {*OFFERED, None}
    assert negotiate_language(header, ["nl", "en"]) in {"nl", "en"}
    assert negotiate_coding(header, ["br", "gzip"]) in {"br", "gzip", "identity", None}
    assert negotiate_profile(header, PROFILES) in {*PROFILES, None}


# --- Accept-Language, Accept-Encoding, Accept-Profile ----------------------------------------


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "nl"),
        ("en", "en"),
        ("en-GB,en;q=0.9,nl;q=0.8", "en"),
        ("nl-BE,nl;q=0.9,en;q=0.8", "nl"),
        ("fr, de;q=0.5", "nl"),
        ("fr, en;q=0.1", "en"),
        ("*", "nl"),
        ("nl;q=0, *", "en"),
        ("EN-us", "en"),
        ("en;q=bad, nl;q=0.1", "nl"),
    ],
)
def test_the_best_language_is_taken_and_dutch_when_none_fits(header: str, expected: str) -> None:
    assert negotiate_language(header, ["nl", "en"]) == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "identity"),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, zstd;q=0.5", "gzip"),
        ("br;q=0.5, gzip;q=0.5", "br"),
        ("*", "br"),
        ("identity", "identity"),
        ("gzip;q=0.5, identity", "identity"),
        ("gzip, identity", "gzip"),
        ("gzip;q=0", "identity"),
        ("x-gzip", "gzip"),
        ("identity;q=0", None),
        ("*;q=0", None),
        ("gzip, identity;q=0", "gzip"),
        ("gzip, *;q=0", "gzip"),
        ("deflate", "identity"),
    ],
)
def test_the_best_content_coding_is_taken(header: str, expected: str | None) -> None:
    assert negotiate_coding(header, ["br", "zstd", "gzip"]) == expected


def test_a_profile_is_chosen_by_iri_or_token() -> None:
    iri = PROFILES["oslo"]
    assert negotiate_profile("", PROFILES) == "oslo"
    assert negotiate_profile(f"<https://example.org/x>, <{iri}>;q=0.5", PROFILES) == "oslo"
    assert negotiate_profile("oslo", PROFILES) == "oslo"
    assert negotiate_profile("<https://example.org/x>", PROFILES) is None
    assert negotiate_profile(f"<{iri}>;q=0", PROFILES) is None


# --- serialisation ---------------------------------------------------------------------------


def graph_of(body: bytes, media_type: str) -> rdflib.Graph:
    """The default graph of the body; anything in a named graph fails."""
    dataset = rdflib.Dataset()
    dataset.parse(data=body, format=FORMATS[media_type])
    assert {str(g.identifier) for g in dataset.graphs() if len(g)} <= {"urn:x-rdflib:default"}
    plain = rdflib.Graph()
    for triple in dataset.default_graph:
        plain.add(triple)
    return plain


def document_of(record: Record) -> frozenset[Triple]:
    label = Literal("Voorkeursnaam", language="nl")
    concept = NamedNode(concept_iri("Benamingtype", "voorkeursnaam"))
    parent = Triple(NamedNode(OvoCode("OVO000009").iri), SKOS.prefLabel, label)
    return document(
        record,
        TODAY,
        MODIFIED,
        labels_of_others=[Triple(concept, SKOS.prefLabel, label), parent],
    )


def a_full_organisation() -> Record:
    iri = OvoCode("OVO002188").iri
    return an_organisation(
        "OVO002188",
        "Gemeente Nazareth",
        parent="OVO000009",
        more=[
            *places.contact(iri, email="info@x.example", homepage="https://x.example/"),
            *places.site(
                iri,
                "hoofdvestiging",
                places.Address('Dorp 1 & 2 <"bis">, 9810 Nazareth', "Dorp", "1", "2", "9810"),
            ),
            *facets.name(iri, "korte-naam", "Nazareth\n\\ 'x' \"y\" 🏛", language="en"),
        ],
    )


@pytest.mark.parametrize("media_type", FORMATS)
def test_every_format_says_the_same_as_the_triples(media_type: str) -> None:
    triples = document_of(a_full_organisation())
    expected = rdflib.Graph().parse(data=serialise(triples, N_TRIPLES), format="nt")
    assert len(expected) == len(triples)
    assert isomorphic(graph_of(serialise(triples, media_type), media_type), expected)


@settings(max_examples=25, deadline=None)
@given(organisations(), st.sampled_from([TURTLE, JSON_LD, RDF_XML]))
def test_any_organisation_survives_any_format(record: Record, media_type: str) -> None:
    triples = document_of(record)
    expected = rdflib.Graph().parse(data=serialise(triples, N_TRIPLES), format="nt")
    assert isomorphic(graph_of(serialise(triples, media_type), media_type), expected)


@pytest.mark.parametrize("media_type", FORMATS)
def test_the_bytes_depend_on_the_triples_alone(media_type: str) -> None:
    triples = sorted(document_of(a_full_organisation()), key=str)
    assert serialise(triples, media_type) == serialise(triples[::-1], media_type)


def test_turtle_tells_of_the_topic_first_and_of_the_document_last() -> None:
    text = serialise(document_of(a_full_organisation()), TURTLE).decode()
    blocks = [block.split()[0] for block in text.strip().split("\n\n")[1:]]
    assert blocks[0] == "organisatie:OVO002188"
    assert blocks[-1] == "<https://data.vlaanderen.be/doc/organisatie/OVO002188>"
    assert blocks[-3:-1] == [
        "<https://data.vlaanderen.be/id/concept/Benamingtype/voorkeursnaam>",
        "organisatie:OVO000009",
    ]
    assert "\norganisatie:OVO002188 a " in text


def test_turtle_declares_the_prefixes_that_it_uses_and_no_other() -> None:
    text = serialise(document_of(a_full_organisation()), TURTLE).decode()
    declared = [line.split()[1] for line in text.splitlines() if line.startswith("@prefix")]
    assert declared == sorted(declared)
    assert "skosxl:" in declared
    assert not {"hydra:", "void:", "owl:"} & set(declared)


def test_json_is_a_tree_from_the_organisation_with_its_parts_and_labels_inside() -> None:
    tree = json.loads(serialise(document_of(a_full_organisation()), JSON))
    assert tree["id"] == OvoCode("OVO002188").iri
    assert tree["naam"] == "Gemeente Nazareth"
    assert tree["moederorganisatie"]["naam"] == "Voorkeursnaam"
    assert tree["contactpunt"][0]["email"] == "info@x.example"
    assert tree["hoofdvestiging"]["vestigingsadres"]["adres"]["huisnummer"] == "1"
    assert tree["document"]["id"].endswith("/doc/organisatie/OVO002188")
    assert all(isinstance(facet, str) for facet in tree["facet"])
    assert "@included" not in tree


def test_json_holds_the_part_of_our_context_that_it_needs() -> None:
    context = json.loads(serialise(document_of(a_full_organisation()), JSON_LD))["@context"]
    ours = json_ld_context() | {"document": {"@reverse": "http://xmlns.com/foaf/0.1/primaryTopic"}}
    assert {name: ours[name] for name in context} == context
    assert not {"vervangt", "hydra", "telefoon"} & context.keys()


def test_json_keeps_what_hangs_on_nothing() -> None:
    loose = Triple(NamedNode("https://x.example/los"), DCT.title, Literal("los"))
    merger = a_merger("2025-01-01", ["OVO000001", "OVO000002"], "OVO000003")
    triples = document(merger, TODAY, MODIFIED) | {loose}
    body = serialise(triples, JSON_LD)
    assert [node["id"] for node in json.loads(body)["@included"]] == ["https://x.example/los"]
    expected = rdflib.Graph().parse(data=serialise(triples, N_TRIPLES), format="nt")
    assert isomorphic(graph_of(body, JSON_LD), expected)


def test_json_refuses_to_run_in_circles() -> None:
    a, b = NamedNode("https://x.example/a"), NamedNode("https://x.example/b")
    circle = [
        Triple(a, ORG.linkedTo, b),
        Triple(b, ORG.linkedTo, a),
        Triple(a, ORG.linkedTo, a),
        Triple(b, DCT.title, Literal("b")),
    ]
    expected = rdflib.Graph().parse(data=serialise(circle, N_TRIPLES), format="nt")
    assert isomorphic(graph_of(serialise(circle, JSON_LD, a.value), JSON_LD), expected)


def test_rdf_xml_writes_a_class_that_is_no_name_in_xml_as_a_property() -> None:
    a, odd = NamedNode("https://x.example/a"), NamedNode("https://x.example/123")
    triples = [Triple(a, RDF.type, odd), Triple(a, DCT.title, Literal("a"))]
    expected = rdflib.Graph().parse(data=serialise(triples, N_TRIPLES), format="nt")
    assert isomorphic(graph_of(serialise(triples, RDF_XML, a.value), RDF_XML), expected)


def test_rdf_xml_is_refused_where_xml_has_no_name_for_a_predicate() -> None:
    a = NamedNode("https://x.example/a")
    with pytest.raises(NotAcceptable) as refused:
        serialise([Triple(a, NamedNode("https://x.example/123"), a)], RDF_XML)
    assert RDF_XML not in refused.value.alternates


def test_html_is_made_elsewhere() -> None:
    with pytest.raises(NotAcceptable):
        serialise([], HTML)
