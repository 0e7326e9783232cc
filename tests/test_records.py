"""Records: normal form, canonical form, difference, gathering from a file."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from organisatieregister import facets
from organisatieregister.errors import MalformedRecord
from organisatieregister.records import Record, difference, gather, gather_in_order
from organisatieregister.vocabulary import DCT, OWL, RDF, RDFS, SKOS, XSD
from tests.examples import a_merger, an_organisation, organisations

NODE = NamedNode("https://data.vlaanderen.be/id/organisatie/OVO000001")


@given(organisations())
def test_the_canonical_form_goes_round(record: Record) -> None:
    again = Record.read(record.iri, record.canonical)
    assert again == record
    assert again.canonical == record.canonical
    assert again.digest == record.digest


@given(organisations(), st.randoms())
def test_the_canonical_form_does_not_depend_on_the_order(
    record: Record, rnd: random.Random
) -> None:
    shuffled = list(record.triples)
    rnd.shuffle(shuffled)
    assert Record.of(record.iri, shuffled).canonical == record.canonical


@given(organisations(), organisations())
def test_a_difference_turns_one_version_into_the_other(a: Record, b: Record) -> None:
    change = difference(a, b)
    assert (a.triples - change.removed) | change.added == b.triples
    assert not difference(a, a)
    assert difference(None, a).added == a.triples


def test_a_plain_literal_and_an_xsd_string_are_one() -> None:
    plain = Triple(NODE, DCT.identifier, Literal("OVO000001"))
    typed = Triple(NODE, DCT.identifier, Literal("OVO000001", datatype=XSD.string))
    assert len(Record.of(NODE.value, [plain, typed]).triples) == 1


@pytest.mark.parametrize(
    ("triple", "rule"),
    [
        (Triple(NODE, DCT.description, Literal("a\x00b")), "U\\+0000"),
        (Triple(NODE, DCT.description, Literal("a\u202eb")), "U\\+202E"),
        (Triple(NODE, DCT.description, Literal("a" * 100_001)), "100000 characters"),
        (Triple(NODE, DCT.description, Literal("1.0", datatype=XSD.decimal)), "decimal"),
        (Triple(NODE, RDFS.seeAlso, NamedNode("javascript:alert(1)")), "scheme"),
        (Triple(NODE, RDFS.seeAlso, NamedNode("file:///etc/passwd")), "scheme"),
        (Triple(NODE, RDFS.seeAlso, BlankNode()), "blank node"),
        (Triple(NamedNode("https://x.example/a"), RDFS.label, Literal("x")), "does not hang on it"),
    ],
)
def test_what_breaks_the_normal_form_is_refused(triple: Triple, rule: str) -> None:
    good = Triple(NODE, DCT.identifier, Literal("OVO000001"))
    with pytest.raises(MalformedRecord, match=rule):
        Record.of(NODE.value, [good, triple])


@given(
    st.text(st.characters(codec="utf-8"), max_size=5)
    | st.sampled_from(["\x0b", "a\x1fb", "\u2066", "\ufffe", "\x85", "_:b", "<x>", "\\u0001"])
)
def test_a_literal_is_refused_just_when_xml_or_a_reader_could_not_take_it(text: str) -> None:
    forbidden = any(
        (ord(c) < 32 and c not in "\t\n\r") or c in "\ufffe\uffff"
        or "\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069"
        for c in text
    )  # fmt: skip
    triples = [Triple(NODE, DCT.description, Literal(text))]
    if forbidden:
        with pytest.raises(MalformedRecord, match="forbidden character"):
            Record.of(NODE.value, triples)
    else:
        assert Record.of(NODE.value, triples).triples == frozenset(triples)


def test_a_record_says_something_about_its_own_resource() -> None:
    with pytest.raises(MalformedRecord):
        Record.of("https://data.vlaanderen.be/id/organisatie/OVO000002", [])


@given(st.lists(organisations(), max_size=4, unique_by=lambda r: r.iri), st.randoms())
def test_records_have_disjoint_subjects_and_are_found_again(
    records: list[Record], rnd: random.Random
) -> None:
    subjects = [subject for record in records for subject in record.by_subject]
    assert len(subjects) == len(set(subjects))
    heap = [triple for record in records for triple in record.triples]
    rnd.shuffle(heap)
    assert {r.iri: r for r in gather(heap)} == {r.iri: r for r in records}


@given(st.lists(organisations(), max_size=4, unique_by=lambda r: r.iri))
def test_a_stream_of_records_in_order_is_cut_into_the_same_records(records: list[Record]) -> None:
    stream = [
        quad.triple
        for record in records
        for quad in parse(_owner_first(record), format=RdfFormat.N_TRIPLES)
    ]
    assert list(gather_in_order(stream)) == records


def test_a_sorted_file_is_gathered_in_order_too() -> None:
    records = [an_organisation("OVO000001"), an_organisation("OVO000002"), a_merger(
        "2025-01-01", ["OVO000001", "OVO000002"], "OVO000003")]  # fmt: skip
    stream = sorted((t for r in records for t in r.triples), key=str)
    assert {r.iri: r for r in gather_in_order(stream)} == {r.iri: r for r in records}


def test_a_concept_is_a_part_of_its_scheme() -> None:
    scheme, concept = NamedNode("https://x.example/s"), NamedNode("https://x.example/s/1")
    other = NamedNode("https://y.example/1")
    triples = [
        Triple(scheme, RDF.type, SKOS.ConceptScheme),
        Triple(scheme, SKOS.hasTopConcept, concept),
        Triple(concept, SKOS.inScheme, scheme),
        Triple(concept, SKOS.exactMatch, other),
    ]
    [record] = gather(triples)
    assert record.iri == scheme.value
    assert record.parts == [concept.value]


def test_a_term_is_a_part_of_its_ontology() -> None:
    ontology, term = NamedNode("https://x.example/ns"), NamedNode("https://x.example/ns#naam")
    triples = [
        Triple(ontology, RDF.type, OWL.Ontology),
        Triple(term, RDFS.isDefinedBy, ontology),
        Triple(term, RDFS.label, Literal("naam", language="nl")),
    ]
    [record] = gather(triples)
    assert record.iri == ontology.value
    assert record.parts == [term.value]


def test_a_part_that_nobody_owns_is_refused() -> None:
    orphan = facets.name(NODE.value, "voorkeursnaam", "x")[1:]
    with pytest.raises(MalformedRecord, match="no record has a claim"):
        list(gather(orphan))


def test_a_record_that_is_scattered_over_a_stream_is_refused() -> None:
    a, b = an_organisation("OVO000001"), an_organisation("OVO000002")
    first, *_ = (t for t in a.triples if t.subject == a.subject)
    stream = [*_ordered(a), *_ordered(b), first]
    with pytest.raises(MalformedRecord, match="two places"):
        list(gather_in_order(stream))


def _ordered(record: Record) -> list[Triple]:
    return sorted(record.triples, key=lambda t: (t.subject != record.subject, str(t)))


def _owner_first(record: Record) -> bytes:
    return "".join(f"{triple} .\n" for triple in _ordered(record)).encode()
