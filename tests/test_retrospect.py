"""The graph as valid on another day: exactly what a graph made on that day would hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, Triple, parse

from organisatieregister.errors import StorageError
from organisatieregister.generate import generate
from organisatieregister.journal import Activity, ChangeKind, Draft, Version
from organisatieregister.journal.sqlite import SqliteJournal
from organisatieregister.periods import Period
from organisatieregister.projector import DayFile, change_of
from organisatieregister.publication import published
from organisatieregister.records import Record
from organisatieregister.retrospect import Retrospect, differences
from organisatieregister.views.generations import current_generation
from organisatieregister.views.graph import GraphView, triples_of
from organisatieregister.views.graph_on_days import KEPT, MOST_ASKED, GraphsOnDays
from tests.examples import a_merger, an_organisation, days, organisations

TODAY = date(2026, 11, 23)
LOADED = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
FORMER, MERGED = "OVO000002", "OVO000003"


def small_register() -> list[Record]:
    ended = Period.parse("1990-01-01", "2009-12-31")
    return [
        *generate(30, seed=5),
        an_organisation(FORMER, "Oud", life=ended),
        an_organisation(MERGED, "Nieuw", life=Period.parse("2010-01-01", "")),
        a_merger("2010-01-01", [FORMER], MERGED, "Fusie"),
        # The same organisations once more: both events say who replaced whom.
        a_merger("2015-06-01", [FORMER], MERGED, "Nog eens"),
    ]


def a_generation(directory: Path, name: str) -> Path:
    """An empty graph under the name of a generation."""
    view = GraphView.open(directory / "view")
    generation = directory / "generations" / name
    generation.parent.mkdir()
    view.publish().rename(generation)
    view.close()
    return generation


def version_of(record: Record) -> Version:
    canonical = record.canonical
    return Version(1, record.iri, LOADED, ChangeKind.CREATE, Activity(""), canonical, 0, "")


def read(n_triples: bytes) -> set[Triple]:
    return {quad.triple for quad in parse(n_triples, format=RdfFormat.N_TRIPLES, lenient=True)}


@pytest.fixture
def retrospect(tmp_path: Path) -> Iterator[Retrospect]:
    journal = SqliteJournal.open(tmp_path / "journal.sqlite")
    drafts = (Draft(record.iri, record.canonical) for record in small_register())
    journal.append(drafts, Activity("laden"), LOADED)
    graph = GraphView.open(tmp_path / "graph")
    graph.bulk((change_of(v, TODAY) for v in journal.read_heads()), journal.position)
    DayFile(tmp_path / "day").write(TODAY)
    graph.publish()
    yield Retrospect(journal.path, tmp_path / "graph", tmp_path / "day")
    graph.close()
    journal.close()


def on(retrospect: Retrospect, day: date) -> set[Triple]:
    graphs, base = GraphsOnDays(retrospect.graph), current_generation(retrospect.graph)
    assert base
    assert graphs.ask(day)
    assert retrospect.advance()
    generation = graphs.find(day, base)
    assert generation
    return set(triples_of(generation))


def expected(day: date) -> set[Triple]:
    return {t for record in small_register() for t in published(record, day, LOADED)}


@pytest.mark.parametrize(
    "day", [date(1, 1, 1), date(2009, 12, 31), date(2010, 1, 1), date(2012, 1, 1), date(2040, 1, 1)]
)
def test_the_graph_on_a_day_is_what_a_graph_of_that_day_would_be(
    retrospect: Retrospect, day: date
) -> None:
    base = current_generation(retrospect.graph)
    assert base
    today = set(triples_of(base))
    assert on(retrospect, day) == expected(day)
    assert set(triples_of(base)) == today == expected(TODAY)  # that of today is left alone


def test_there_is_nothing_to_do_when_nobody_asks_or_when_it_is_there(
    retrospect: Retrospect,
) -> None:
    assert not retrospect.advance()
    on(retrospect, date(2010, 1, 1))
    graphs = GraphsOnDays(retrospect.graph)
    made = list((retrospect.graph / "op").iterdir())
    graphs.ask(date(2010, 1, 1))
    assert retrospect.advance()  # the asking is answered, nothing is made again
    assert list((retrospect.graph / "op").iterdir()) == made
    assert not retrospect.advance()


def test_only_so_many_days_are_kept_those_used_last(tmp_path: Path) -> None:
    graphs, base = GraphsOnDays(tmp_path), a_generation(tmp_path, "7-1000")
    for number in range(KEPT + 2):
        graphs.build(date(2000 + number, 1, 1), base, lambda: ())
        assert graphs.find(date(2000, 1, 1), base)  # used all the time
    kept = [n for n in range(KEPT + 2) if graphs.find(date(2000 + n, 1, 1), base)]
    assert kept == [0, *range(3, KEPT + 2)]


def test_a_newer_generation_of_today_asks_for_a_newer_graph(tmp_path: Path) -> None:
    graphs, base = GraphsOnDays(tmp_path), a_generation(tmp_path, "7-1000")
    graphs.build(date(2000, 1, 1), base, lambda: ())
    assert graphs.find(date(2000, 1, 1), base.with_name("6-900"))
    assert graphs.find(date(2000, 1, 1), base.with_name("8-2000")) is None
    assert graphs.find(date(2001, 1, 1), base) is None


def test_only_so_many_days_may_wait(tmp_path: Path) -> None:
    graphs = GraphsOnDays(tmp_path)
    assert graphs.asked() == []
    for number in range(MOST_ASKED):
        assert graphs.ask(date(2000 + number, 1, 1))
    assert not graphs.ask(date(1999, 1, 1))
    assert graphs.ask(date(2000, 1, 1))  # waits already
    graphs.answered(date(2000, 1, 1))
    assert graphs.ask(date(1999, 1, 1))


def test_a_day_that_cannot_be_made_does_not_wait_for_ever(retrospect: Retrospect) -> None:
    base = current_generation(retrospect.graph)
    assert base
    GraphsOnDays(retrospect.graph).ask(date(2010, 1, 1))
    base.rename(base.with_name("elsewhere"))
    with pytest.raises(StorageError):
        retrospect.advance()
    assert not retrospect.advance()
    base.with_name("elsewhere").rename(base)
    assert on(retrospect, date(2010, 1, 1)) == expected(date(2010, 1, 1))


def test_at_midnight_nothing_is_made_from_a_generation_whose_day_is_not_certain(
    retrospect: Retrospect,
) -> None:
    GraphsOnDays(retrospect.graph).ask(date(2010, 1, 1))
    DayFile(retrospect.day_file).write(date(2026, 11, 24))  # noted; the generation still to come
    assert not retrospect.advance()
    DayFile(retrospect.day_file).forget()
    assert not retrospect.advance()


@settings(max_examples=60, deadline=None)
@given(st.lists(organisations(), max_size=3, unique_by=lambda r: r.iri), days, days)
def test_what_differs_leads_from_one_day_to_the_other(
    records: list[Record], shown: date, wanted: date
) -> None:
    versions = [version_of(record) for record in records]
    removed, added = differences(versions, shown, wanted)
    now = {t for record in records for t in published(record, shown, LOADED)}
    then = {t for record in records for t in published(record, wanted, LOADED)}
    assert (now - read(removed)) | read(added) == then
