"""After any changes and days the documents view is what one made from scratch would be."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from organisatieregister import facets
from organisatieregister.identifiers import OvoCode, concept_iri, concept_scheme_iri
from organisatieregister.periods import Period
from organisatieregister.publication import (
    document,
    labels,
    mentions,
    metadata,
    statements_about_others,
)
from organisatieregister.records import Record, text_of
from organisatieregister.validity import next_change
from organisatieregister.views import Change
from organisatieregister.views.documents import DocumentsView
from organisatieregister.views.documents.contribution import speaks_of
from organisatieregister.vocabulary import RDF, SKOS
from tests.examples import a_merger, an_organisation, days, organisations

CODES = [f"OVO{n:06d}" for n in range(1, 5)]
SCHEME, LEVEL = concept_scheme_iri("Niveau"), concept_iri("Niveau", "lokaal")
FIRST_DAY = date(2026, 1, 1)
START = datetime(2026, 1, 1, tzinfo=UTC)

near_days = st.integers(-3, 6).map(lambda n: FIRST_DAY + timedelta(n))
names = st.sampled_from(["Een", "Twee", "Drie"])


@st.composite
def near_periods(draw: st.DrawFn) -> Period:
    start, end = draw(st.none() | near_days), draw(st.none() | near_days)
    if start and end and start > end:
        start, end = end, start
    return Period(start, end)


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Organisations that turn around each other, mergers, and a list of concepts."""
    kind = draw(st.sampled_from(["organisation"] * 4 + ["merger", "scheme"]))
    if kind == "scheme":
        scheme, concept = NamedNode(SCHEME), NamedNode(LEVEL)
        label = Literal(draw(names), language="nl")
        typed = [
            Triple(scheme, RDF.type, SKOS.ConceptScheme),
            Triple(concept, RDF.type, SKOS.Concept),
        ]
        links = [
            Triple(scheme, SKOS.hasTopConcept, concept),
            Triple(concept, SKOS.inScheme, scheme),
        ]
        return Record.of(SCHEME, [*typed, *links, Triple(concept, SKOS.prefLabel, label)])
    if kind == "merger":
        result, *originals = draw(st.permutations(CODES))[: draw(st.integers(2, 3))]
        return a_merger(draw(near_days).isoformat(), originals, result, draw(names))
    code = draw(st.sampled_from(CODES))
    iri = OvoCode(code).iri
    more = facets.name(iri, "voorkeursnaam", draw(names), draw(near_periods()))
    for other in draw(st.lists(st.sampled_from(CODES), max_size=2, unique=True)):
        if other != code:
            more += facets.parent(iri, OvoCode(other).iri, draw(near_periods()))
    more += facets.classification(iri, "Niveau", LEVEL, draw(near_periods()))
    return an_organisation(code, draw(names), life=draw(near_periods()), more=more)


class Register(RuleBasedStateMachine):
    """A view that is fed beside the records as they should be."""

    @initialize()
    def begin(self) -> None:
        self.directory = tempfile.TemporaryDirectory()
        self.view = DocumentsView.open(Path(self.directory.name) / "documents")
        self.held: dict[str, Change] = {}
        self.day = FIRST_DAY
        self.position = 0

    def teardown(self) -> None:
        other = DocumentsView.open(Path(self.directory.name) / "scratch")
        made = [
            Change(c.iri, c.record, c.version, c.modified, self.day) for c in self.held.values()
        ]
        other.bulk(made, self.position)
        assert {iri: other.get(iri).turtle for iri in self.held} == {  # type: ignore[union-attr]
            iri: self.view.get(iri).turtle  # type: ignore[union-attr]
            for iri in self.held
        }
        assert sorted(other.due(date.max)) == sorted(self.view.due(date.max))
        other.close()
        self.view.close()
        self.directory.cleanup()

    def apply(self, changes: dict[str, Record | None]) -> None:
        made = []
        for iri, record in changes.items():
            self.position += 1
            moment = START + timedelta(hours=self.position)
            made.append(Change(iri, record, self.position, moment, self.day))
            if record is None:
                self.held.pop(iri, None)
            else:
                self.held[iri] = made[-1]
        self.view.apply(made, self.position)

    def again(self, iri: str) -> Change:
        """The same version as of today."""
        change = self.held[iri]
        return Change(iri, change.record, change.version, change.modified, self.day)

    @rule(batch=st.lists(records(), min_size=1, max_size=4))
    def write(self, batch: list[Record]) -> None:
        self.apply({record.iri: record for record in batch})

    @rule(iri=st.sampled_from([*(OvoCode(code).iri for code in CODES), SCHEME]))
    def end(self, iri: str) -> None:
        self.apply({iri: None})

    @rule(step=st.integers(1, 3))
    def turn(self, step: int) -> None:
        self.day += timedelta(step)
        due = self.view.due(self.day)
        for iri, change in self.held.items():
            assert change.record
            turning = next_change(change.record, change.day)
            assert (iri in due) == (turning is not None and turning <= self.day)
        again = [self.again(iri) for iri in due]
        self.held |= {change.iri: change for change in again}
        self.view.apply(again, self.position)

    def document(self, iri: str, on: date) -> frozenset[Triple]:
        """By definition: from all records, through publication.py."""
        change = self.held[iri]
        others = [c.record for c in self.held.values() if c.record and c.iri != iri]
        assert change.record
        content = document(change.record, on, change.modified)
        itself = metadata(iri, change.modified)
        described = {text_of(t.subject) for t in content - itself}
        said = {
            t
            for o in others
            for t in statements_about_others(o, on)
            if text_of(t.subject) in described
        }
        shown = mentions((content | said) - itself, change.record)
        labelled = {t for other in others for t in labels(other, on)}
        named = {t for t in labelled if text_of(t.subject) in shown}
        return content | said | named

    @invariant()
    def every_document_is_as_defined(self) -> None:
        assert self.view.position == self.position
        assert set(self.view.iris()) == set(self.held)
        for iri, change in self.held.items():
            found = self.view.get(iri)
            assert found and change.record
            expected = self.document(iri, self.day)
            assert {q.triple for q in parse(found.turtle, format=RdfFormat.TURTLE)} == expected
            assert self.view.document(iri, self.day) == expected
            assert found.version == change.version
            assert self.view.record(iri) == change.record
            assert {self.view.owner(part) for part in change.record.parts} <= {iri}

    @rule(day=near_days)
    def look_at_another_day(self, day: date) -> None:
        for iri in self.held:
            assert self.view.document(iri, day) == self.document(iri, day)


Register.TestCase.settings = settings(max_examples=40, stateful_step_count=12, deadline=None)
test_the_view_is_as_made_from_scratch = Register.TestCase


@given(organisations(), days)
def test_a_record_speaks_only_of_those_that_it_is_known_to_speak_of(
    record: Record, day: date
) -> None:
    spoken_of = {text_of(t.subject) for t in statements_about_others(record, day)}
    assert spoken_of <= speaks_of(record)
