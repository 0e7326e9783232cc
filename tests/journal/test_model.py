"""Any sequence of operations leaves the journal as a dict of lists would have it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from organisatieregister.errors import UnknownResource, VersionConflict
from organisatieregister.identifiers import OvoCode
from organisatieregister.journal import Draft, Journal, Version
from tests.journal.conftest import Store
from tests.journal.specimens import ACTIVITY, NOON, draft

NUMBERS = st.integers(1, 5)
CONTENT = st.none() | st.sampled_from(["Een", "Twee", "Drie"])


@dataclass(frozen=True)
class Row:
    iri: str
    canonical: bytes | None
    time: datetime


class Model(RuleBasedStateMachine):
    """The journal beside a list of rows."""

    @initialize()
    def begin(self) -> None:
        self.directory = tempfile.TemporaryDirectory()
        self.store = Store(Path(self.directory.name) / "journal.sqlite")
        self.journal: Journal = self.store.open()
        self.rows: list[Row] = []
        self.code = 0

    def teardown(self) -> None:
        self.store.close()
        self.directory.cleanup()

    def newest(self, iri: str, rows: list[Row] | None = None) -> int:
        known = self.rows if rows is None else rows
        return max((n for n, row in enumerate(known, 1) if row.iri == iri), default=0)

    def alive(self, iri: str) -> bool:
        position = self.newest(iri)
        return position > 0 and self.rows[position - 1].canonical is not None

    def written(self, drafts: list[Draft], time: datetime) -> list[Row] | None:
        """The rows that the drafts should become; None when they must be refused."""
        if len({d.iri for d in drafts}) < len(drafts):
            return None
        for each in drafts:
            if each.expected not in (None, self.newest(each.iri)):
                return None
            if each.canonical is None and not self.alive(each.iri):
                return None
        last = self.rows[-1].time if self.rows else time - timedelta(1)
        moved = max(time, last + timedelta(microseconds=1))
        return [Row(d.iri, d.canonical, moved) for d in drafts]

    @rule(
        changes=st.lists(st.tuples(NUMBERS, CONTENT, st.none() | st.integers(0, 9)), max_size=5),
        seconds=st.integers(0, 3),
    )
    def append(self, changes: list[tuple[int, str | None, int | None]], seconds: int) -> None:
        drafts = [
            draft(number, name, expected) if name else Draft(OvoCode.of(number).iri, None, expected)
            for number, name, expected in changes
        ]
        time = NOON + timedelta(seconds=seconds)
        rows = self.written(drafts, time)
        try:
            position = self.journal.append(drafts, ACTIVITY, time)
        except (VersionConflict, UnknownResource):
            assert rows is None
        else:
            assert rows is not None
            self.rows += rows
            self.code = max([self.code, *(n for n, _, _ in changes)])
            assert position == len(self.rows)

    @rule(name=st.sampled_from(["Een", "Twee"]))
    def register(self, name: str) -> None:
        code, position = self.journal.append_new(
            lambda code: [draft(code.number, name, expected=0)], ACTIVITY, NOON
        )
        self.code += 1
        assert code == OvoCode.of(self.code)
        rows = self.written([draft(code.number, name)], NOON)
        assert rows
        self.rows += rows
        assert position == len(self.rows)

    @rule()
    def open_again(self) -> None:
        self.store.close()
        self.journal = self.store.open()

    @rule(number=NUMBERS, seconds=st.integers(-1, 4))
    def look_back(self, number: int, seconds: int) -> None:
        at, iri = NOON + timedelta(seconds=seconds), OvoCode.of(number).iri
        held = self.journal.version(iri, at)
        expected = self.newest(iri, [row for row in self.rows if row.time <= at])
        assert (held.position if held else 0) == expected

    @invariant()
    def the_log_is_the_rows(self) -> None:
        versions = list(self.journal.read(0))
        assert [Row(v.iri, v.canonical, v.time) for v in versions] == self.rows
        assert [v.previous for v in versions] == [
            self.newest(row.iri, self.rows[:n]) for n, row in enumerate(self.rows)
        ]
        assert self.journal.verify() == self.journal.position == len(self.rows)

    @invariant()
    def the_heads_are_the_newest_rows(self) -> None:
        living = sorted(iri for iri in {row.iri for row in self.rows} if self.alive(iri))
        heads: list[Version] = list(self.journal.read_heads())
        assert [v.iri for v in heads] == living
        assert [v.position for v in heads] == [self.newest(iri) for iri in living]
        assert self.journal.count() == len(living)


Model.TestCase.settings = settings(max_examples=60, stateful_step_count=15, deadline=None)
test_journal_behaves_as_the_model = Model.TestCase
