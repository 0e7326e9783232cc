"""Turtle for people: readable, complete, and the same bytes for the same records."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from organisatieregister.periods import Period
from organisatieregister.records import Record
from organisatieregister.turtle import turtle
from organisatieregister.vocabulary import DCT
from tests.examples import a_merger, an_organisation, organisations

RECORD = an_organisation(parent="OVO000002", life=Period.parse("2006-01-01"))


def text(*records: Record) -> str:
    return "".join(turtle(records))


@given(st.lists(organisations(), max_size=3, unique_by=lambda record: record.iri))
@settings(max_examples=40, deadline=None)
def test_it_says_all_and_only_what_the_records_hold(records: list[Record]) -> None:
    read = {quad.triple for quad in parse(text(*records), format=RdfFormat.TURTLE)}
    assert read == {triple for record in records for triple in record.triples}


def test_text_with_quotes_backslashes_and_line_ends_survives() -> None:
    odd = Literal('een "naam" met \\ en\nregel\r en\ttab', language="nl")
    triple = Triple(NamedNode(RECORD.iri), DCT.description, odd)
    record = Record.of(RECORD.iri, [*RECORD.triples, triple])
    assert triple in {quad.triple for quad in parse(text(record), format=RdfFormat.TURTLE)}


def test_the_order_of_the_triples_does_not_matter() -> None:
    shuffled = Record(RECORD.iri, frozenset(sorted(RECORD.triples, key=lambda t: hash(str(t)))))
    assert text(shuffled) == text(RECORD)


def test_a_record_begins_with_its_own_resource_and_its_class() -> None:
    body = text(RECORD).split("\n\n")[1]
    assert body.startswith(
        "organisatie:OVO000001\n  a org:Organization , m8g:PublicOrganisation ;\n"
    )


def test_a_part_stands_after_what_points_to_it() -> None:
    written = text(RECORD)
    subjects = [line for line in written.splitlines() if line.startswith("<")]
    owner = next(i for i, line in enumerate(subjects) if line.startswith("<identificator/"))
    assert subjects[owner + 1].startswith("<gestructureerde-identificator/")


def test_only_the_prefixes_that_are_used_are_declared() -> None:
    head = text(a_merger("2025-01-01", ["OVO000001", "OVO000002"], "OVO000003")).split("\n\n")[0]
    declared = [line.split()[1] for line in head.splitlines() if line.startswith("@prefix")]
    assert declared == ["dct:", "org:", "organisatie:", "rdfs:", "vlorg:", "xsd:"]


def test_records_stand_one_after_the_other() -> None:
    written = text(RECORD, an_organisation("OVO000009", "Ander"))
    first, second = written.index("organisatie:OVO000001\n"), written.index("organisatie:OVO000009")
    assert first < written.rindex(RECORD.parts[0].rpartition("/")[2]) < second
