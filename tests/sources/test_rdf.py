"""RDF in any format becomes records, and our own dumps become the records that they came from."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from organisatieregister import facets
from organisatieregister.errors import MalformedRecord, UnreadableSource
from organisatieregister.identifiers import OvoCode
from organisatieregister.periods import Period
from organisatieregister.publication import document, labels, published
from organisatieregister.records import Record
from organisatieregister.sources.rdf import FORMATS, IN_MEMORY_LIMIT, read_records
from organisatieregister.turtle import turtle
from organisatieregister.vocabulary import DCT, ORG, RDF, RDFS, SKOS
from tests.examples import KBO, a_merger, an_organisation, kbo_number, organisations

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
IRI = OvoCode("OVO000001").iri

CHILD = an_organisation("OVO000002", "Afdeling", parent="OVO000001")
WITH_KBO = an_organisation(
    "OVO000003",
    "Intercommunale",
    more=[
        *facets.identifier(OvoCode("OVO000003").iri, KBO, kbo_number(2_074_998)),
        *facets.name(
            OvoCode("OVO000003").iri, "voorkeursnaam", "Vroeger", Period(None, date(2000, 1, 1))
        ),
    ],
)
MERGER = a_merger("2025-01-01", ["OVO000001", "OVO000003"], "OVO000002")
REGISTER = (an_organisation(), CHILD, WITH_KBO, MERGER)


def dump(records: Iterator[Record] | tuple[Record, ...], kind: RdfFormat) -> bytes:
    """The published graph of the records, as one file."""
    triples = [triple for record in records for triple in published(record, TODAY, NOW)]
    if kind.supports_datasets and kind != RdfFormat.JSON_LD:
        return serialize([Quad(*triple) for triple in triples], format=kind) or b""
    return serialize(triples, format=kind) or b""


def digests(records: Iterator[Record] | tuple[Record, ...] | list[Record]) -> dict[str, str]:
    return {record.iri: record.digest for record in records}


@pytest.mark.parametrize("suffix", sorted(FORMATS))
def test_a_dump_loads_again_into_the_same_records(suffix: str) -> None:
    content = dump(REGISTER, FORMATS[suffix])
    assert digests(read_records(content, "dump", suffix)) == digests(REGISTER)


@given(organisations())
@settings(max_examples=40, deadline=None)
def test_whatever_is_published_of_an_organisation_loads_as_what_was_stored(record: Record) -> None:
    content = dump((record,), RdfFormat.N_TRIPLES)
    [loaded] = [r for r in read_records(content, "dump", "nt") if r.iri == record.iri]
    assert loaded.digest == record.digest


def test_a_document_with_all_history_loads_as_its_record() -> None:
    of_others = labels(REGISTER[0], TODAY)
    content = serialize(
        document(CHILD, TODAY, NOW, labels_of_others=of_others, historic=True),
        format=RdfFormat.TURTLE,
    )
    assert digests(read_records(content or b"", "document", "ttl")) == digests((CHILD,))


def test_turtle_that_we_write_reads_back() -> None:
    content = "".join(turtle(REGISTER)).encode()
    assert digests(read_records(content, "x", ".ttl")) == digests(REGISTER)


def test_a_large_file_is_read_as_a_stream() -> None:
    written: list[str] = list(turtle(REGISTER[:3]))
    stream = io.BytesIO("".join(written).encode() + b"this is no Turtle")
    records = read_records(stream, "big", ".ttl", IN_MEMORY_LIMIT + 1)
    assert next(records).iri == IRI  # what is wrong at the end has not been read yet
    with pytest.raises(UnreadableSource):
        list(records)


def test_a_large_file_gives_the_same_records() -> None:
    content = b"".join(dump((record,), RdfFormat.N_TRIPLES) for record in REGISTER)
    assert digests(read_records(content, "big", "nt", IN_MEMORY_LIMIT + 1)) == digests(REGISTER)


def test_graphs_are_merged() -> None:
    name = NamedNode("http://example.com/graph")
    content = serialize(
        [Quad(t.subject, t.predicate, t.object, name) for t in CHILD.triples],
        format=RdfFormat.TRIG,
    )
    assert digests(read_records(content or b"", "x", "trig")) == digests((CHILD,))


@pytest.mark.parametrize(
    "spelling",
    [
        "http://data.vlaanderen.be/id/organisatie/OVO000001",
        "https://data.vlaanderen.be/id/organisatie/ovo000001",
        "http://data.vlaanderen.be/doc/organisatie/OVO000001",
    ],
)
def test_spellings_in_the_wild_are_normalised(spelling: str) -> None:
    plain = an_organisation().canonical + CHILD.canonical
    content = plain.replace(f"<{IRI}>".encode(), f"<{spelling}>".encode())
    assert digests(read_records(content, "x", "nt")) == digests((an_organisation(), CHILD))


def test_an_outward_link_is_no_shortcut() -> None:
    link = Triple(NamedNode(IRI), RDFS.seeAlso, NamedNode("https://www.wikidata.org/wiki/Q1"))
    record = an_organisation(more=[link])
    [loaded] = read_records(dump((record,), RdfFormat.TURTLE), "x", "ttl")
    assert link in loaded.triples


def test_a_concept_scheme_is_one_record_with_its_concepts() -> None:
    scheme = NamedNode("http://example.com/scheme")
    concept = NamedNode("http://example.com/concept")
    triples = [
        Triple(scheme, RDF.type, SKOS.ConceptScheme),
        Triple(concept, RDF.type, SKOS.Concept),
        Triple(concept, SKOS.inScheme, scheme),
        Triple(concept, SKOS.prefLabel, Literal("Een begrip", language="nl")),
    ]
    content = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
    [record] = read_records(content, "x", "nt")
    assert record.iri == scheme.value
    assert record.triples == frozenset(triples)


# --- what is refused -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("suffix", "content", "line", "column"),
    [
        ("ttl", b"@prefix a: <http://a/> .\na:b a:c .\n", 2, 9),
        ("nt", b'<http://a/b> <http://a/c> "d" .\n<http://a/b> <http://a/c>\n', 3, 1),
        ("jsonld", b'{"@id":\n "http://a/", oops}', 2, None),
    ],
)
def test_a_syntax_error_names_line_and_column(
    suffix: str, content: bytes, line: int, column: int | None
) -> None:
    with pytest.raises(UnreadableSource) as raised:
        list(read_records(content, "bestand", suffix))
    assert (raised.value.source, raised.value.line) == ("bestand", line)
    assert raised.value.column == column or (column is None and raised.value.column > 0)


def test_text_that_is_not_utf_8_is_refused() -> None:
    with pytest.raises(UnreadableSource, match="UTF-8"):
        list(read_records(b'<http://a/b> <http://a/c> "\xff" .', "x", "ttl"))


@pytest.mark.parametrize("suffix", ["", ".csv", ".n3"])
def test_a_format_that_we_do_not_read_is_refused_with_those_that_we_do(suffix: str) -> None:
    with pytest.raises(UnreadableSource, match=r"known are \.ttl"):
        list(read_records(b"", "x", suffix))


@pytest.mark.parametrize(
    "context",
    [
        '"http://example.com/context.jsonld"',
        '["https://schema.org", {"a": "http://a/"}]',
        '{"@version": 1.1, "@import": "http://example.com/context"}',
    ],
)
def test_a_remote_context_is_never_fetched(context: str) -> None:
    content = f'{{"@context": {context}, "@id": "http://a/b", "a": "c"}}'.encode()
    with pytest.raises(UnreadableSource, match="remote @context, which is never fetched"):
        list(read_records(content, "x", "jsonld"))


def test_a_context_in_the_file_is_fine() -> None:
    content = b'{"@context": {"code": "http://purl.org/dc/terms/identifier"}, "@id": "%s", ' % (
        IRI.encode()
    )
    [record] = read_records(content + b'"code": "OVO000001"}', "x", "jsonld")
    assert record.triples == {Triple(NamedNode(IRI), DCT.identifier, Literal("OVO000001"))}


@pytest.mark.parametrize(
    ("turtle_text", "place"),
    [
        (f"<{IRI}> <{ORG.hasSite.value}x> _:site .", f"<{IRI}> <{ORG.hasSite.value}x> points to"),
        (f"[] a <{ORG.Organization.value}> .", f"<{ORG.Organization.value}> is about"),
    ],
)
def test_a_blank_node_is_refused_with_its_place(turtle_text: str, place: str) -> None:
    with pytest.raises(UnreadableSource, match="every part needs an IRI") as raised:
        list(read_records(turtle_text.encode(), "x", "ttl"))
    assert place in raised.value.reason


def test_a_part_that_no_record_claims_is_refused() -> None:
    loose = facets.name(IRI, "voorkeursnaam", "Los")[1:]
    with pytest.raises(MalformedRecord, match="no record has a claim on"):
        list(read_records(serialize(loose, format=RdfFormat.TURTLE) or b"", "x", "ttl"))
