"""A synthetic register: the same for the same seed, valid, of the promised shape, streamed."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import tracemalloc
from collections import Counter
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

import pytest

from organisatieregister.errors import UnreadableSource
from organisatieregister.facets import FacetKind, facets, life
from organisatieregister.generate import MOST, generate, write
from organisatieregister.identifiers import KboNumber, OvoCode, concept_iri
from organisatieregister.publication import published
from organisatieregister.records import Record, check_normal_form, text_of
from organisatieregister.rules import Rulebook
from organisatieregister.rules.engine import PyShaclEngine
from organisatieregister.shipment import shipped_records
from organisatieregister.sources.rdf import read_records
from organisatieregister.validity import is_change_event, is_organisation
from organisatieregister.vocabulary import (
    DCT,
    FOAF,
    M8G,
    ORG,
    PERSON,
    RDF,
    SCHEMA,
    SKOS,
    VLORG,
)

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 11, 23)
SIZE = 1200


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return list(generate(SIZE, seed=1))


@pytest.fixture(scope="module")
def organisations(records: list[Record]) -> dict[str, Record]:
    return {record.iri: record for record in records if is_organisation(record)}


def digest(organisations: int, seed: int, suffix: str = "nt") -> str:
    file = io.BytesIO()
    write(generate(organisations, seed), file, suffix)
    return hashlib.sha256(file.getvalue()).hexdigest()


def parents(record: Record) -> list[str]:
    return [
        above.value
        for facet in facets(record)
        if facet.kind is FacetKind.PARENT and (above := facet.value(ORG.organization))
    ]


# --- always the same -------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes_in_another_process_with_other_hashes() -> None:
    program = (
        "import hashlib, io; from organisatieregister.generate import generate, write; "
        "file = io.BytesIO(); write(generate(60, 7), file, 'nt'); "
        "print(hashlib.sha256(file.getvalue()).hexdigest())"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONHASHSEED": "99", "PYTHONPATH": str(ROOT / "src")},
        capture_output=True, text=True, check=True, timeout=60,
    ).stdout.strip()  # fmt: skip
    assert elsewhere == digest(60, 7)


def test_the_bytes_are_those_of_yesterday() -> None:
    """A change here changes what benchmarks compare: intended, or a version of Python differs."""
    assert digest(40, 1) == KNOWN


KNOWN = "6ede0da30de378de868c14a7577fee9b0d0ee6c71473c3543422f35da7bc1c24"


def test_another_seed_gives_another_register() -> None:
    assert digest(40, 1) != digest(40, 2)


def test_a_smaller_register_of_the_same_seed_has_the_same_names(records: list[Record]) -> None:
    few = {record.iri: record for record in generate(100, seed=1) if is_organisation(record)}
    same = [record for record in records if record.iri in few]
    assert len(same) == 100
    assert [r.canonical for r in same[:60]] == [few[r.iri].canonical for r in same[:60]]


# --- what it is made of ----------------------------------------------------------------------


def test_there_are_as_many_organisations_as_asked_with_codes_from_100000(
    organisations: dict[str, Record],
) -> None:
    assert list(organisations) == [OvoCode.of(100_000 + n).iri for n in range(SIZE)]


def test_every_record_is_in_normal_form_and_stands_alone(records: list[Record]) -> None:
    for record in records:
        check_normal_form(record)
    subjects = Counter(subject for record in records for subject in record.by_subject)
    assert subjects.most_common(1)[0][1] == 1


def test_a_published_organisation_has_about_80_triples(records: list[Record]) -> None:
    """Counted with everything: people, events and frameworks too, but for the very large."""
    now = datetime(2026, 11, 23, tzinfo=UTC)
    sizes = [len(published(record, TODAY, now)) for record in records]
    assert max(sizes) > 3000, "a very large one"
    assert 70 < (sum(sizes) - max(sizes)) / SIZE < 90


def test_nothing_breaks_a_shape(records: list[Record]) -> None:
    shapes = "\n".join(path.read_text() for path in sorted((ROOT / "shapes").glob("*.ttl")))
    rulebook = Rulebook(PyShaclEngine(shapes))
    sample = [*records[:150], *islice(filter(is_change_event, records[150:]), 30)]
    around = {iri for record in sample for iri in rulebook.neighbours_of(record)}
    words = shipped_records(ROOT / "ontology", Path("none"))
    context = [
        record
        for record in [*words, *records]
        if around & record.by_subject.keys() and record not in sample
    ]
    report = rulebook.check(sample, context)
    assert not report.results, str(report.results[0])


def test_enterprise_numbers_have_their_check_digits_and_are_unique(
    organisations: dict[str, Record],
) -> None:
    kind = concept_iri("Sleuteltype", "KBO")
    numbers = [
        text_of(code)
        for record in organisations.values()
        for facet in facets(record)
        if text_of(facet.value(DCT.type) or facet.node) == kind
        and (code := facet.value(SKOS.notation))
    ]
    assert all(KboNumber(number).value.startswith("01") for number in numbers)
    assert len(set(numbers)) == len(numbers) > SIZE / 3


def test_parents_exist_and_trees_are_deep_and_wide(organisations: dict[str, Record]) -> None:
    children: Counter[str] = Counter()
    depth: dict[str, int] = {}
    for iri, record in organisations.items():
        above = parents(record)
        assert all(parent in depth for parent in above), "a parent comes before its children"
        depth[iri] = 1 + max((depth[parent] for parent in above), default=0)
        children.update(above)
    assert max(depth.values()) >= 5
    assert children.most_common(1)[0][1] > 80


def test_facets_have_history(organisations: dict[str, Record]) -> None:
    past: Counter[FacetKind] = Counter()
    for record in organisations.values():
        past.update(f.kind for f in facets(record) if f.period.end and not life(record).end)
    for kind in (FacetKind.NAME, FacetKind.PARENT, FacetKind.SITE, FacetKind.CONTACT,
                 FacetKind.IDENTIFIER, FacetKind.MEMBERSHIP):  # fmt: skip
        assert past[kind] > 0, kind


def test_things_happen_and_lives_agree_with_them(
    records: list[Record], organisations: dict[str, Record]
) -> None:
    kinds: Counter[object] = Counter()
    for record in filter(is_change_event, records):
        own = record.by_subject[record.iri]
        kinds.update(t.object for t in own if t.predicate == RDF.type)
        day = date.fromisoformat(next(text_of(t.object) for t in own if t.predicate == DCT.date))
        before = [text_of(t.object) for t in own if t.predicate == ORG.originalOrganization]
        after = [text_of(t.object) for t in own if t.predicate == ORG.resultingOrganization]
        assert all((day - life(organisations[iri]).end).days == 1 for iri in before)  # type: ignore[operator]
        assert all(life(organisations[iri]).start == day for iri in after)
    for kind in (VLORG.Fusie, VLORG.Splitsing, VLORG.Vervanging, VLORG.Stopzetting,
                 M8G.FoundationEvent):  # fmt: skip
        assert kinds[kind] > 0, kind


def test_nobody_real_can_be_reached(records: list[Record]) -> None:
    for record in records:
        for triple in record.triples:
            value = text_of(triple.object)
            if triple.predicate == SCHEMA.email:
                assert value.endswith(".example")
            elif triple.predicate == FOAF.homepage:
                assert ".example/" in value
            elif triple.predicate == SCHEMA.telephone:
                assert value.startswith("+3290"), "a local number never begins with 0"


def test_a_person_has_a_name_and_nothing_else(records: list[Record]) -> None:
    people = [r for r in records if any(t.object == PERSON.Person for t in r.triples)]
    assert len(people) > 50
    assert all({t.predicate for t in r.triples} == {RDF.type, FOAF.name} for r in people)


# --- streaming and writing -------------------------------------------------------------------


def test_it_is_streamed_in_constant_memory() -> None:
    tracemalloc.start()
    for _ in islice(generate(MOST, seed=1), 300):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000


@pytest.mark.parametrize("suffix", ["nt", "ttl"])
def test_what_is_written_reads_back_as_a_stream(suffix: str, records: list[Record]) -> None:
    file = io.BytesIO()
    write(records[:200], file, suffix)
    file.seek(0)
    read = read_records(file, "generated", suffix, size=1 << 40)
    assert {r.iri: r.digest for r in read} == {r.iri: r.digest for r in records[:200]}


def test_another_format_is_refused() -> None:
    with pytest.raises(UnreadableSource, match="no format that is written"):
        write([], io.BytesIO(), "xlsx")


@pytest.mark.parametrize("size", [-1, MOST + 1])
def test_a_size_without_codes_for_it_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="organisations"):
        next(generate(size, seed=1))


@pytest.mark.parametrize("size", [0, 1, 5, 12, 13, 33, 73])
def test_every_small_size_works(size: int) -> None:
    assert sum(map(is_organisation, generate(size, seed=1))) == size
