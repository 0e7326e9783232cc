"""The door for operations: wholly or not at all, on the register as it is at that moment."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from organisatieregister import facets
from organisatieregister.changes import Outcome
from organisatieregister.errors import (
    InvalidRecord,
    NumberTaken,
    RegisterError,
    TreeCycle,
    UnknownResource,
    VersionConflict,
)
from organisatieregister.facets import FacetKind
from organisatieregister.identifiers import KboNumber, OvoCode
from organisatieregister.journal import Activity, ChangeKind
from organisatieregister.journal.sqlite import SqliteJournal
from organisatieregister.periods import Period
from organisatieregister.records import Record
from organisatieregister.register import (
    Command,
    Desk,
    Lifecycle,
    Lookup,
    Register,
    Request,
    commands,
)
from organisatieregister.register.commands import Newcomer, Result
from organisatieregister.settings import shipped
from organisatieregister.shipment import shipped_records
from organisatieregister.validity import shortcuts
from organisatieregister.vocabulary import ORG, SKOS
from organisatieregister.wiring import rulebook
from tests.examples import an_organisation, kbo_number

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, tzinfo=UTC)
ON = date(2025, 1, 1)
TOP, LEFT, RIGHT, LOW = (OvoCode.of(number).iri for number in (1, 2, 3, 4))
RULES = rulebook()


class House:
    """A register with a top, two under it, and one under the left."""

    def __init__(self, path: Path) -> None:
        self.journal = SqliteJournal.open(path / "journal.sqlite", timeout=30)
        self.register = Register(self.journal, RULES)
        self.register.load(
            [
                *(r for r in shipped_records(shipped("ontology"), path / "none")),
                an_organisation("OVO000001", "Top"),
                an_organisation("OVO000002", "Links", parent="OVO000001"),
                an_organisation("OVO000003", "Rechts", parent="OVO000001"),
                an_organisation("OVO000004", "Laag", parent="OVO000002"),
            ],
            Activity("laden"), NOW, validate=False,
        )  # fmt: skip
        self.lookup = Lookup(self.journal)
        self.lifecycle = self.another()

    def another(self) -> Lifecycle:
        return Lifecycle(
            self.journal, self.register, self.lookup, today=lambda: TODAY, now=lambda: NOW
        )

    def name(self, iri: str, on: date) -> str:
        record = self.register.record(iri)
        assert record
        return next(t.object.value for t in shortcuts(record, on) if t.predicate == SKOS.prefLabel)  # type: ignore[union-attr]

    def parents(self, iri: str, on: date) -> set[str]:
        record = self.register.record(iri)
        assert record
        return {
            f.value(ORG.organization).value  # type: ignore[union-attr]
            for f in facets.facets(record)
            if f.kind is FacetKind.PARENT and f.period.contains(on)
        }


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.journal.close()


def test_a_rename_is_one_version_with_who_why_and_what_was_closed(house: House) -> None:
    before = house.journal.position
    request = Request(agent="client-x", reason="besluit", source="Staatsblad")
    done = house.lifecycle.do(commands.rename(LOW, "Nieuw", ON), request)
    assert done.position == before + 1 == done.versions[LOW]
    version = house.journal.version(LOW)
    assert version
    assert version.activity.what.startswith("naamswijziging; vanaf 2025-01-01; sluit https://")
    assert version.activity.agent == "client-x"
    assert (version.activity.reason, version.activity.source) == ("besluit", "Staatsblad")
    assert house.name(LOW, date(2024, 12, 31)) == "Laag"
    assert house.name(LOW, ON) == "Nieuw"


def test_a_new_organisation_gets_the_next_code(house: House) -> None:
    done = house.lifecycle.do(commands.register(Newcomer("Nieuw", TOP), Period(ON)), Request())
    assert done.codes == (OvoCode.of(5),)
    assert house.parents(OvoCode.of(5).iri, ON) == {TOP}
    assert house.name(OvoCode.of(5).iri, ON) == "Nieuw"


def test_a_dry_run_tells_all_and_writes_nothing(house: House) -> None:
    before = house.journal.position, house.journal.head_digest
    done = house.lifecycle.do(
        commands.register(Newcomer("Nieuw"), Period(ON)), Request(dry_run=True)
    )
    assert (done.position, done.codes) == (0, (OvoCode.of(5),))
    assert done.outcome.records
    assert (house.journal.position, house.journal.head_digest) == before


def test_a_merger_takes_the_children_along_in_one_operation(house: House) -> None:
    done = house.lifecycle.do(commands.merge([LEFT, RIGHT], Newcomer("Samen", TOP), ON), Request())
    merged = done.codes[0].iri
    assert house.parents(LOW, date(2024, 12, 31)) == {LEFT}
    assert house.parents(LOW, ON) == {merged}
    times = {v.time for iri in done.versions if (v := house.journal.version(iri))}
    assert len(times) == 1
    assert set(done.versions) == {LEFT, RIGHT, LOW, merged, done.outcome.event}


def test_a_split_issues_a_code_for_each_new_organisation(house: House) -> None:
    into = [Result(Newcomer("Eerste", TOP), [LOW]), Result(Newcomer("Tweede", TOP))]
    done = house.lifecycle.do(commands.split(LEFT, into, ON), Request())
    assert done.codes == (OvoCode.of(5), OvoCode.of(6))
    assert house.parents(LOW, ON) == {OvoCode.of(5).iri}


def test_what_is_not_there_cannot_be_a_parent(house: House) -> None:
    with pytest.raises(UnknownResource):
        house.lifecycle.do(commands.move(LOW, OvoCode.of(99).iri, ON), Request())


def test_a_record_that_breaks_a_shape_is_not_written(house: House) -> None:
    before = house.journal.position
    command = commands.rename(LOW, "   ", ON)
    report = house.lifecycle.do(command, Request(dry_run=True)).report
    assert not report.conforms
    with pytest.raises(InvalidRecord):
        house.lifecycle.do(command, Request())
    assert house.journal.position == before


def test_another_version_than_expected_is_a_conflict(house: House) -> None:
    version = house.journal.version(LOW)
    assert version
    stale = Request(expected={LOW: version.position})
    house.lifecycle.do(commands.rename(LOW, "Een", ON), stale)
    with pytest.raises(VersionConflict):
        house.lifecycle.do(commands.rename(LOW, "Twee", ON), stale)


def test_two_that_edit_the_same_at_once_end_in_one_conflict(house: House) -> None:
    together = threading.Barrier(2)

    def rename(name: str) -> str:
        def command(desk: Desk) -> Outcome:
            outcome = commands.rename(LOW, name, ON)(desk)
            together.wait(10)
            return outcome

        try:
            house.another().do(command, Request())
        except VersionConflict:
            return "conflict"
        return name

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(rename, ["Een", "Twee"]))
    assert outcomes.count("conflict") == 1
    assert house.name(LOW, ON) == next(o for o in outcomes if o != "conflict")


def interleaved(house: House, mine: Command, theirs: Command) -> None:
    """Mine is asked first; theirs gets in between its change and its append."""
    once = iter([None])

    def command(desk: Desk) -> Outcome:
        outcome = mine(desk)
        for _ in once:
            house.another().do(theirs, Request())
        return outcome

    house.lifecycle.do(command, Request())


def test_a_ring_that_two_moves_make_together_is_refused(house: House) -> None:
    with pytest.raises(TreeCycle):
        interleaved(house, commands.move(LEFT, RIGHT, ON), commands.move(RIGHT, LEFT, ON))


def test_a_number_that_two_couple_at_once_goes_to_one(house: House) -> None:
    number = KboNumber(kbo_number(1234567))
    with pytest.raises(NumberTaken):
        interleaved(house, commands.couple(LEFT, number, ON), commands.couple(RIGHT, number, ON))


def test_a_child_that_comes_in_between_moves_along(house: House) -> None:
    interleaved(
        house, commands.merge([LEFT, RIGHT], Newcomer("Samen", TOP), ON),
        commands.register(Newcomer("Kind", RIGHT), Period(date(2020, 1, 1))),
    )  # fmt: skip
    child, merged = OvoCode.of(5).iri, OvoCode.of(6).iri
    assert house.name(merged, ON) == "Samen"
    assert house.parents(child, ON) == {merged}


def test_an_ended_event_is_withdrawn_when_its_organisation_is_reopened(house: House) -> None:
    event = house.lifecycle.do(commands.dissolve(LOW, ON), Request()).outcome.event
    assert event
    house.lifecycle.do(commands.reopen(LOW, ending=event), Request())
    version = house.journal.version(event)
    assert version
    assert version.kind is ChangeKind.TOMBSTONE


def test_twenty_at_once_lose_nothing(house: House) -> None:
    def live(number: int) -> None:
        name = f"Organisatie {number}"
        made = house.another().do(
            commands.register(Newcomer(name, TOP), Period(date(2020, 1, 1))), Request()
        )
        house.another().do(commands.rename(made.codes[0].iri, f"{name} bis", ON), Request())

    before = house.journal.position
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(live, range(20)))
    names = {house.name(OvoCode.of(5 + number).iri, ON) for number in range(20)}
    assert names == {f"Organisatie {number} bis" for number in range(20)}
    assert house.journal.position == before + 40
    assert house.journal.verify() == before + 40


def test_two_workers_with_journals_of_their_own_issue_each_code_once(
    house: House, tmp_path: Path
) -> None:
    second = SqliteJournal.open(tmp_path / "journal.sqlite", timeout=30)
    try:
        other = Lifecycle(
            second, Register(second, RULES), Lookup(second), today=lambda: TODAY, now=lambda: NOW
        )

        def register(worker: Lifecycle) -> OvoCode:
            return worker.do(commands.register(Newcomer("N", TOP), Period(ON)), Request()).codes[0]

        with ThreadPoolExecutor(4) as pool:
            codes = list(pool.map(register, [house.lifecycle, other] * 8))
        assert sorted(codes) == [OvoCode.of(5 + number) for number in range(16)]
        for code in codes:
            assert house.parents(code.iri, ON) == {TOP}
        assert second.verify() == house.journal.position
    finally:
        second.close()


def test_who_may_not_gets_nothing_written(house: House) -> None:
    class No(RegisterError):
        """A refusal."""

    def permit(_outcome: Outcome, _desk: Desk) -> None:
        raise No

    before = house.journal.position
    with pytest.raises(No):
        house.lifecycle.do(commands.terminate(LOW, ON), Request(permit=permit))
    assert house.journal.position == before


def test_a_correction_may_change_the_past(house: House) -> None:
    record = house.register.record(LOW)
    assert record
    label = next(f for f in facets.facets(record) if f.kind is FacetKind.NAME)
    corrected = Record.of(
        LOW,
        {t for t in record.triples if label.node not in (t.subject, t.object)}
        | set(facets.name(LOW, "voorkeursnaam", "Juist")),
    )
    house.lifecycle.do(commands.correct(corrected), Request(reason="tikfout"))
    assert house.name(LOW, date(2000, 1, 1)) == "Juist"
    assert house.register.record(LOW) == corrected
