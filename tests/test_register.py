"""The door for change: records are compared, checked, and taken over all or none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest
from pyoxigraph import Literal, Triple

from organisatieregister import facets
from organisatieregister.errors import InvalidRecord, MalformedRecord
from organisatieregister.identifiers import OvoCode
from organisatieregister.journal import Activity
from organisatieregister.journal.sqlite import SqliteJournal
from organisatieregister.records import Record
from organisatieregister.register import Register
from organisatieregister.settings import shipped
from organisatieregister.shipment import shipped_records
from organisatieregister.vocabulary import DCT, SKOS
from organisatieregister.wiring import rulebook
from tests.examples import KBO, an_organisation, kbo_number

NOW = datetime(2026, 11, 23, tzinfo=UTC)
LOADING = Activity("laden")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    opened = SqliteJournal.open(tmp_path / "journal.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def register(journal: SqliteJournal) -> Register:
    return Register(journal, rulebook())


def broken() -> Record:
    """An organisation with a derived shortcut among its stored triples."""
    good = an_organisation("OVO000009")
    shortcut = Triple(good.subject, SKOS.prefLabel, Literal("x", language="nl"))
    return Record.of(good.iri, good.triples | {shortcut})


def test_new_records_are_taken_over(register: Register) -> None:
    loaded = register.load([an_organisation("OVO000001")], LOADING, NOW)
    assert (loaded.new, loaded.changed, loaded.unchanged, loaded.position) == (1, 0, 0, 1)
    assert register.record(OvoCode("OVO000001").iri) == an_organisation("OVO000001")


def test_the_same_again_changes_nothing(register: Register, journal: SqliteJournal) -> None:
    records = [an_organisation("OVO000001"), an_organisation("OVO000002")]
    register.load(records, LOADING, NOW)
    loaded = register.load(records, LOADING, NOW)
    assert (loaded.new, loaded.changed, loaded.unchanged) == (0, 0, 2)
    assert journal.position == 2


def test_what_differs_becomes_a_new_version(register: Register, journal: SqliteJournal) -> None:
    register.load([an_organisation("OVO000001", "Oud")], LOADING, NOW)
    assert register.load([an_organisation("OVO000001", "Nieuw")], LOADING, NOW).changed == 1
    assert len(list(journal.versions(OvoCode("OVO000001").iri))) == 2


def test_one_record_that_breaks_a_shape_keeps_all_out(
    register: Register, journal: SqliteJournal
) -> None:
    with pytest.raises(InvalidRecord) as caught:
        register.load([an_organisation("OVO000001"), broken()], LOADING, NOW)
    assert caught.value.report.violations
    assert journal.position == 0


def test_records_of_one_load_see_each_other(register: Register) -> None:
    child = an_organisation("OVO000001", parent="OVO000002")
    alone = register.load([child], LOADING, NOW)
    assert alone.report.results, "a parent that nobody knows is worth a warning"
    both = register.load(
        [
            an_organisation("OVO000001", "Met ouder", parent="OVO000003"),
            an_organisation("OVO000003"),
        ],
        LOADING,
        NOW,
    )
    assert not [r for r in both.report.results if "OVO000003" in str(r.value)]


def test_concepts_are_found_in_their_lists(register: Register) -> None:
    lists = shipped_records(shipped("ontology"), shipped("data"))
    organisation = an_organisation("OVO900001")
    together = register.check([*islice(lists, 30), organisation])
    assert not [r for r in together.results if r.record == organisation.iri]
    alone = register.check([organisation])
    assert [r for r in alone.results if r.record == organisation.iri], "types that nobody knows"


def test_a_kbo_number_on_two_organisations_is_seen_however_far_apart(register: Register) -> None:
    def with_number(code: str) -> Record:
        return an_organisation(
            code, more=facets.identifier(OvoCode(code).iri, KBO, kbo_number(2_074_538))
        )

    between = [an_organisation(f"OVO1{n:05d}") for n in range(600)]
    report = register.check([with_number("OVO000001"), *between, with_number("OVO000002")])
    twice = {r.record for r in report.results if r.name == "identificator-kbo-uniek"}
    assert twice == {OvoCode("OVO000001").iri, OvoCode("OVO000002").iri}


def test_a_source_that_fails_half_way_leaves_no_trace(
    register: Register, journal: SqliteJournal
) -> None:
    def failing() -> Iterator[Record]:
        yield an_organisation("OVO000001")
        raise MalformedRecord("https://x.example/", "broken off")

    for validate in (True, False):
        with pytest.raises(MalformedRecord):
            register.load(failing(), LOADING, NOW, validate=validate)
    assert journal.position == 0


def test_a_record_that_comes_twice_is_refused(register: Register) -> None:
    twice = [an_organisation("OVO000001"), an_organisation("OVO000001", "Anders")]
    with pytest.raises(MalformedRecord, match="twice"):
        register.load(twice, LOADING, NOW)


def test_a_check_writes_nothing(register: Register, journal: SqliteJournal) -> None:
    assert register.check([an_organisation("OVO000001")]).conforms
    assert not register.check([broken()]).conforms
    assert journal.position == 0


def test_triples_that_the_program_does_not_know_survive(register: Register) -> None:
    record = an_organisation("OVO000001")
    more = Record.of(
        record.iri, record.triples | {Triple(record.subject, DCT.created, Literal("x"))}
    )
    register.load([more], LOADING, NOW)
    assert register.record(record.iri) == more
