"""Turtle written from text: the same triples, in the order in which a document is told."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from organisatieregister.publication import document
from organisatieregister.records import Record
from organisatieregister.representations.arrangement import arranged
from organisatieregister.representations.turtle import rows, turtle
from organisatieregister.vocabulary import DCT, ORG, RDF, SKOS, XSD
from tests.examples import an_organisation, organisations

MOMENT = datetime(2026, 11, 23, tzinfo=UTC)
THING = NamedNode("https://data.vlaanderen.be/id/organisatie/OVO000001")


def written(triples: frozenset[Triple], about: str = THING.value) -> bytes:
    return turtle(rows(serialize(triples, format=RdfFormat.N_TRIPLES) or b""), about)


def read(text: bytes) -> list[Triple]:
    return [quad.triple for quad in parse(text, format=RdfFormat.TURTLE)]


@given(organisations())
def test_it_is_the_document_in_its_order(record: Record) -> None:
    triples = document(record, date(2026, 11, 23), MOMENT)
    assert read(written(triples, record.iri)) == arranged(triples, record.iri)


@pytest.mark.parametrize(
    "value",
    [
        Literal("lijn\u2028scheiding\u0085en\u2029meer"),
        Literal('aan"halings\\tekens\nen nieuwe\r\nlijnen\ten tabs'),
        Literal("eindigt op >"),
        Literal("^^<http://www.w3.org/2001/XMLSchema#date>"),
        Literal("dct:title a org:Site"),
        Literal("", language="nl"),
        Literal("Straße", language="de-be"),
        Literal("2026-11-23", datatype=XSD.date),
        Literal("7", datatype=XSD.integer),
        Literal("true", datatype=XSD.boolean),
        Literal("x", datatype=NamedNode("https://example.org/soort")),
        NamedNode("https://example.org/"),
        NamedNode("http://www.w3.org/ns/org#"),
        NamedNode("http://www.w3.org/ns/org#a.b."),
        NamedNode("http://www.w3.org/ns/org#a/b"),
        NamedNode("http://www.w3.org/ns/org#-streep"),
        NamedNode("https://data.vlaanderen.be/id/organisatie/OVO000001#deel"),
        NamedNode("http://publications.europa.eu/resource/authority/é"),
        NamedNode("urn:uuid:0b5a"),
    ],
)
def test_any_value_survives(value: Literal | NamedNode) -> None:
    triples = frozenset({Triple(THING, DCT.title, value), Triple(THING, RDF.type, ORG.Site)})
    assert set(read(written(triples))) == triples


def test_only_prefixes_that_are_used_are_declared() -> None:
    text = written(frozenset({Triple(THING, SKOS.prefLabel, Literal("dct:title", language="nl"))}))
    assert text.decode() == (
        "@prefix organisatie: <https://data.vlaanderen.be/id/organisatie/> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        "\n"
        'organisatie:OVO000001 skos:prefLabel "dct:title"@nl .\n'
    )


def test_subjects_are_separated_and_predicates_grouped() -> None:
    triples = frozenset(an_organisation("OVO000001", "Naam").triples)
    body = written(triples).decode().split("\n\n")[1:]
    assert body[0].startswith(
        "organisatie:OVO000001 a m8g:PublicOrganisation , org:Organization ;\n\t"
    )
    assert len(body) == len({t.subject for t in triples})
