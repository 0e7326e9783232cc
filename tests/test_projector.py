"""The projector: every view follows the journal from its own position, and the calendar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organisatieregister import facets
from organisatieregister.identifiers import OvoCode
from organisatieregister.journal import Activity, Draft
from organisatieregister.journal.sqlite import SqliteJournal
from organisatieregister.periods import Period
from organisatieregister.projector import DayFile, Projector
from organisatieregister.records import Record
from organisatieregister.validity import next_change
from organisatieregister.views import Change
from tests.examples import an_organisation

TODAY = date(2024, 12, 31)
TOMORROW = date(2025, 1, 1)
START = datetime(2024, 1, 1, tzinfo=UTC)


class MemoryView:
    """A view that holds what a reader would see, and crashes when told to."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.position = 0
        self.seen: dict[str, Change] = {}
        self.fails = 0
        self.generations = 0

    def apply(self, changes: Sequence[Change], position: int) -> None:
        if self.fails:
            self.fails -= 1
            raise OSError("power cut")
        for change in changes:
            if change.record is None:
                self.seen.pop(change.iri, None)
            else:
                self.seen[change.iri] = change
        self.position = position

    def bulk(self, changes: Iterable[Change], position: int) -> None:
        self.apply(list(changes), position)

    def due(self, day: date) -> list[str]:
        found = []
        for iri, change in self.seen.items():
            turning = next_change(change.record, change.day) if change.record else None
            if turning and turning <= day:
                found.append(iri)
        return found

    def publish(self) -> Path:
        self.generations += 1
        return Path()

    def close(self) -> None:
        pass


class House:
    """A journal with three views."""

    def __init__(self, directory: Path) -> None:
        self.journal = SqliteJournal.open(directory / "journal.sqlite")
        self.documents, self.graph, self.search = map(MemoryView, ("documents", "graph", "search"))
        self.projector = Projector(
            self.journal,
            self.documents,
            (self.graph, self.search),
            self.graph,
            DayFile(directory / "day"),
        )
        self._time = START

    def write(self, *records: Record) -> None:
        self._time += timedelta(hours=1)
        drafts = [Draft(record.iri, record.canonical) for record in records]
        self.journal.append(drafts, Activity("test"), self._time)

    def remove(self, iri: str) -> None:
        self._time += timedelta(hours=1)
        self.journal.append([Draft(iri, None)], Activity("test"), self._time)

    def repair(self) -> None:
        for view in (self.documents, self.graph, self.search):
            view.fails = 0

    def expected(self, day: date) -> dict[str, object]:
        return {
            v.iri: frozenset(Change(v.iri, Record.read(v.iri, v.canonical or b""), v.position,
                                    v.time, day).published or ())
            for v in self.journal.read_heads()
        }  # fmt: skip

    def shown(self, view: MemoryView) -> dict[str, object]:
        return {iri: frozenset(change.published or ()) for iri, change in view.seen.items()}

    def check(self, day: date) -> None:
        for view in (self.documents, self.graph, self.search):
            assert view.position == self.journal.position
            assert self.shown(view) == self.expected(day), view.name


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    yield built
    built.journal.close()


def renamed_at_new_year(code: str = "OVO000001") -> Record:
    iri = OvoCode(code).iri
    return an_organisation(
        code,
        name="",
        more=facets.name(iri, "voorkeursnaam", "Oud", Period.parse("", "2024-12-31"))
        + facets.name(iri, "voorkeursnaam", "Nieuw", Period.parse("2025-01-01")),
    )


def test_empty_views_are_filled_and_a_generation_is_made(house: House) -> None:
    house.write(an_organisation("OVO000001"), an_organisation("OVO000002"))
    assert house.projector.advance(TODAY)
    house.check(TODAY)
    assert house.graph.generations == 1


def test_when_nothing_happens_no_generation_is_made(house: House) -> None:
    house.write(an_organisation())
    house.projector.advance(TODAY)
    assert not house.projector.advance(TODAY)
    assert house.graph.generations == 1


def test_changes_and_tombstones_are_followed(house: House) -> None:
    house.write(an_organisation("OVO000001"), an_organisation("OVO000002"))
    house.projector.advance(TODAY)
    house.write(an_organisation("OVO000001", "Andere naam"))
    house.remove(OvoCode("OVO000002").iri)
    assert house.projector.lag == 2
    house.projector.advance(TODAY)
    house.check(TODAY)
    assert list(house.graph.seen) == [OvoCode("OVO000001").iri]


def test_a_future_change_comes_alive_on_its_day_without_anyone_acting(house: House) -> None:
    house.write(renamed_at_new_year())
    house.projector.advance(TODAY)
    assert house.projector.advance(TOMORROW)
    house.check(TOMORROW)
    assert not house.projector.advance(TOMORROW)


def test_midnights_that_were_missed_are_made_up_for(house: House) -> None:
    house.write(renamed_at_new_year())
    house.projector.advance(TODAY)
    house.projector.advance(date(2030, 5, 5))
    house.check(date(2030, 5, 5))


@pytest.mark.parametrize("lost", ["documents", "graph"])
def test_a_view_that_was_dropped_is_filled_while_the_others_turn_the_day(
    house: House, lost: str
) -> None:
    house.write(renamed_at_new_year())
    house.projector.advance(TODAY)
    view: MemoryView = getattr(house, lost)
    view.seen.clear()
    view.position = 0
    house.projector.advance(TOMORROW)
    house.check(TOMORROW)


def test_without_the_day_of_the_last_run_everything_is_looked_at(
    house: House, tmp_path: Path
) -> None:
    house.write(renamed_at_new_year())
    house.projector.advance(TODAY)
    (tmp_path / "day").unlink()
    house.projector.advance(TOMORROW)
    house.check(TOMORROW)


@pytest.mark.parametrize("which", ["documents", "graph", "search"])
def test_a_crash_at_midnight_is_made_good_by_the_next_run(house: House, which: str) -> None:
    house.write(renamed_at_new_year())
    house.projector.advance(TODAY)
    getattr(house, which).fails = 1
    with pytest.raises(OSError, match="power cut"):
        house.projector.advance(TOMORROW)
    house.projector.advance(TOMORROW)
    house.check(TOMORROW)


steps = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.integers(1, 4), st.text("ab", min_size=1, max_size=2)),
        st.tuples(st.just("remove"), st.integers(1, 4), st.just("")),
        st.tuples(st.just("advance"), st.integers(0, 2), st.just("")),
        st.tuples(st.just("crash"), st.integers(0, 2), st.just("")),
    ),
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_whatever_happens_the_views_end_equal_to_the_journal(
    tmp_path_factory: pytest.TempPathFactory, actions: list[tuple[str, int, str]]
) -> None:
    house = House(tmp_path_factory.mktemp("house"))
    day = TODAY
    for action, number, text in actions:
        code = f"OVO00000{number}"
        if action == "write":
            house.write(an_organisation(code, text), renamed_at_new_year("OVO000009"))
        elif action == "remove" and OvoCode(code).iri in {
            v.iri for v in house.journal.read_heads()
        }:
            house.remove(OvoCode(code).iri)
        elif action == "advance":
            day += timedelta(days=number)
            house.projector.advance(day)
        elif action == "crash":
            (house.documents, house.graph, house.search)[number].fails = 1
            with suppress(OSError):
                house.projector.advance(day)
            house.repair()
    house.projector.advance(day)
    if house.journal.position:
        house.check(day)
    house.journal.close()
