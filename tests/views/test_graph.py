"""The graph view: exactly the union of what the records publish, whatever happens in between."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from pyoxigraph import Literal, NamedNode, Store, Triple

from organisatieregister.errors import DataDirectoryBusy
from organisatieregister.records import Record
from organisatieregister.views import Change
from organisatieregister.views.generations import hold
from organisatieregister.views.graph import GraphView, current_generation
from organisatieregister.vocabulary import DCT, ORG, RDF, SKOS
from tests.examples import a_merger, an_organisation

DAY = date(2025, 6, 1)
MOMENT = datetime(2025, 6, 1, tzinfo=UTC)


def change(record: Record, version: int = 1) -> Change:
    return Change(record.iri, record, version, MOMENT, DAY)


def gone(iri: str) -> Change:
    return Change(iri, None, 1, MOMENT, DAY)


def publishing(iri: str, triples: Iterable[Triple]) -> Change:
    """A change that publishes just these triples."""
    made = gone(iri)
    made.__dict__["published"] = frozenset(triples)
    return made


def triples(*changes: Change) -> set[Triple]:
    return set().union(*(made.published or () for made in changes))


def content(generation: Path | None) -> set[Triple]:
    assert generation is not None
    return {quad.triple for quad in Store.read_only(str(generation))}


def abandon(view: GraphView) -> None:
    """Let go without flushing, as a killed process does."""
    del view._store
    view._ledger.close()
    os.close(view._lock)


@pytest.fixture
def view(tmp_path: Path) -> Iterator[GraphView]:
    opened = GraphView.open(tmp_path / "graph")
    yield opened
    opened.close()


A = an_organisation("OVO000001", "Gemeente A", parent="OVO000009")
RENAMED = an_organisation("OVO000001", "Gemeente Alfa", parent="OVO000009")
B = an_organisation("OVO000002", "Gemeente B", parent="OVO000009")
PARENT_OF_A = Triple(an_organisation("OVO000009").subject, ORG.hasSubOrganization, NamedNode(A.iri))


def test_an_empty_view_is_at_position_zero_and_has_no_generation(
    view: GraphView, tmp_path: Path
) -> None:
    assert view.position == 0
    assert current_generation(tmp_path / "graph") is None


def test_the_published_graph_is_the_union_of_the_records(view: GraphView) -> None:
    view.apply([change(A), change(B)], 2)
    assert view.position == 2
    assert content(view.publish()) == triples(change(A), change(B))


def test_a_record_that_changes_is_replaced_whole(view: GraphView) -> None:
    view.apply([change(A), change(B)], 2)
    view.apply([change(RENAMED, 3)], 3)
    found = content(view.publish())
    assert found == triples(change(RENAMED, 3), change(B))
    assert Literal("Gemeente A", language="nl") not in {t.object for t in found}


def test_what_a_record_says_about_others_goes_with_it(view: GraphView) -> None:
    view.apply([change(A), change(B)], 2)
    assert PARENT_OF_A in content(view.publish())
    view.apply([gone(A.iri)], 3)
    assert content(view.publish()) == triples(change(B))


def test_a_triple_that_two_records_publish_stays_until_both_give_it_up(view: GraphView) -> None:
    first, second = (
        a_merger("2025-01-01", ["OVO000001", "OVO000002"], "OVO000003"),
        a_merger("2025-02-01", ["OVO000001", "OVO000004"], "OVO000003"),
    )
    shared = Triple(NamedNode(an_organisation("OVO000003").iri), DCT.replaces, NamedNode(A.iri))
    view.apply([change(first), change(second)], 2)
    view.apply([gone(first.iri)], 3)
    assert content(view.publish()) == triples(change(second))
    assert shared in content(view.publish())
    view.apply([gone(second.iri)], 4)
    assert not content(view.publish())


def test_a_view_filled_in_bulk_changes_like_any_other(view: GraphView) -> None:
    view.bulk([change(A), change(B)], 7)
    assert view.position == 7
    view.apply([change(RENAMED), gone(B.iri)], 9)
    assert content(view.publish()) == triples(change(RENAMED))


def test_only_an_empty_view_is_filled_in_bulk(view: GraphView) -> None:
    view.apply([change(A)], 1)
    with pytest.raises(ValueError, match="empty"):
        view.bulk([change(B)], 2)


def test_a_generation_does_not_change_when_the_view_does(view: GraphView) -> None:
    view.apply([change(A)], 1)
    generation = view.publish()
    view.apply([change(B)], 2)
    assert content(generation) == triples(change(A))
    assert view.publish() != generation


def test_nothing_new_makes_no_new_generation(view: GraphView) -> None:
    view.apply([change(A)], 1)
    assert view.publish() == view.publish()


def test_the_last_two_generations_and_those_that_are_held_stay(
    view: GraphView, tmp_path: Path
) -> None:
    view.apply([change(A)], 1)
    with hold(view.publish()) as held:
        reader = Store.read_only(str(held))
        made = []
        for position in range(2, 6):
            view.apply(
                [change(B, position), publishing("urn:x", [a_triple(position, 0)])], position
            )
            made.append(view.publish())
        assert set((tmp_path / "graph" / "generations").iterdir()) == {held, *made[-2:]}
        assert {quad.triple for quad in reader} == triples(change(A))
    view.apply([gone(B.iri)], 6)
    view.publish()
    assert not held.exists()
    with pytest.raises(FileNotFoundError), hold(held):
        pass


def test_a_second_writer_is_refused(view: GraphView, tmp_path: Path) -> None:
    with pytest.raises(DataDirectoryBusy):
        GraphView.open(tmp_path / "graph")


def test_a_view_closed_and_opened_is_the_same(tmp_path: Path) -> None:
    view = GraphView.open(tmp_path)
    view.apply([change(A)], 5)
    view.close()
    view = GraphView.open(tmp_path)
    assert view.position == 5
    assert content(view.publish()) == triples(change(A))
    view.close()


@pytest.mark.parametrize("damage", ["format", "ledger", "missing store", "missing table file"])
def test_a_view_that_does_not_fit_starts_again_from_nothing(tmp_path: Path, damage: str) -> None:
    view = GraphView.open(tmp_path)
    view.bulk([change(A)], 5)
    served = view.publish()
    view.close()
    if damage == "format":
        view = GraphView.open(tmp_path)
        view._ledger._connection.execute("PRAGMA user_version = 99")
        view.close()
    elif damage == "ledger":
        (tmp_path / "ledger.sqlite").write_bytes(b"no database" * 1000)
    elif damage == "missing store":
        shutil.rmtree(tmp_path / "store")
    else:
        for table in (tmp_path / "store").glob("*.sst"):
            table.unlink()
    view = GraphView.open(tmp_path)
    assert view.position == 0
    assert current_generation(tmp_path) == served, "the old generation serves meanwhile"
    view.bulk([change(B)], 6)
    assert content(view.publish()) == triples(change(B))
    view.close()


def test_a_bulk_load_that_breaks_off_leaves_an_empty_view(tmp_path: Path) -> None:
    def broken() -> Iterator[Change]:
        yield change(A)
        raise KeyError("no more")

    view = GraphView.open(tmp_path)
    with pytest.raises(KeyError):
        view.bulk(broken(), 2)
    with pytest.raises(ValueError, match="empty"):
        view.bulk([change(A)], 2)
    view.close()
    view = GraphView.open(tmp_path)
    assert view.position == 0
    view.bulk([change(B)], 3)
    assert content(view.publish()) == triples(change(B))
    view.close()


_KILLED = """
import os, sys
from pathlib import Path
from organisatieregister.views.graph import GraphView
from tests.views.test_graph import a_triple, publishing
view = GraphView.open(Path(sys.argv[1]))
for position in range(1, 10_000):
    view.apply([publishing(f"urn:r{n}", [a_triple(n, position)]) for n in range(40)], position)
    if position % 7 == 0:
        view.publish()
    print(position, flush=True)
"""


def test_a_killed_writer_loses_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(tmp_path)], stdout=subprocess.PIPE, cwd=root
    ) as writer:
        assert writer.stdout
        for _ in range(25):
            writer.stdout.readline()
        writer.kill()
        acknowledged = int((writer.stdout.read().split() or [b"25"])[-1])
    view = GraphView.open(tmp_path)
    assert view.position in (acknowledged, acknowledged + 1)
    assert content(view.publish()) == {a_triple(n, view.position) for n in range(40)}
    view.close()


def a_triple(subject: int, value: int) -> Triple:
    return Triple(NamedNode(f"urn:s{subject}"), SKOS.notation, Literal(str(value)))


RECORDS = st.sampled_from(["urn:s0", "urn:s1", "urn:s2", "urn:event"])
TRIPLES = st.builds(a_triple, st.integers(0, 2), st.integers(0, 2))


class AnyHistory(RuleBasedStateMachine):
    """Changes, publications and power cuts in any order leave the union of the records.

    A power cut is the worst that can happen: the store forgets all since its last flush (the
    ledger is durable and forgets nothing).
    """

    def __init__(self) -> None:
        super().__init__()
        self.path = Path(tempfile.mkdtemp())
        self.view = GraphView.open(self.path / "graph")
        self.expected: dict[str, frozenset[Triple]] = {}
        self.keep_snapshot()

    def keep_snapshot(self) -> None:
        shutil.rmtree(self.path / "flushed", ignore_errors=True)
        self.view._store.backup(str(self.path / "flushed"))

    @rule(changes=st.dictionaries(RECORDS, st.frozensets(TRIPLES), min_size=1))
    def apply(self, changes: dict[str, frozenset[Triple]]) -> None:
        typed = {
            iri: triples | {Triple(NamedNode(iri), RDF.type, ORG.Organization)}
            for iri, triples in changes.items()
        }
        self.expected |= typed
        self.view.apply(
            [publishing(iri, triples) for iri, triples in typed.items()], self.view.position + 1
        )
        if self.view._ledger.backlog == 0:
            self.keep_snapshot()

    @rule(iri=RECORDS)
    def remove(self, iri: str) -> None:
        self.expected.pop(iri, None)
        self.view.apply([gone(iri)], self.view.position + 1)
        if self.view._ledger.backlog == 0:
            self.keep_snapshot()

    @rule()
    def publish(self) -> None:
        assert content(self.view.publish()) == set().union(*self.expected.values())
        self.keep_snapshot()

    @precondition(lambda self: self.view._ledger.turn)
    @rule(power_cut=st.booleans())
    def crash(self, power_cut: bool) -> None:
        position = self.view.position
        abandon(self.view)
        if power_cut:
            shutil.rmtree(self.path / "graph" / "store")
            shutil.copytree(self.path / "flushed", self.path / "graph" / "store")
        self.view = GraphView.open(self.path / "graph")
        assert self.view.position == position

    @invariant()
    def the_store_holds_the_union(self) -> None:
        assert {q.triple for q in self.view._store} == set().union(*self.expected.values())

    def teardown(self) -> None:
        self.view.close()
        shutil.rmtree(self.path)


TestAnyHistory = AnyHistory.TestCase
TestAnyHistory.settings = settings(max_examples=15, stateful_step_count=10, deadline=None)
