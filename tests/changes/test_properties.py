"""What holds after any operation on any organisation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal

from organisatieregister import changes, facets, places
from organisatieregister.changes import Outcome
from organisatieregister.errors import ChangeRefused, FactsOverlap
from organisatieregister.facets import life
from organisatieregister.identifiers import KboNumber, OvoCode
from organisatieregister.periods import Period
from organisatieregister.records import Record, check_normal_form
from organisatieregister.validity import shortcuts
from organisatieregister.vocabulary import DCT
from tests.changes.book import NIS, Book
from tests.examples import an_organisation, days, kbo_number, organisations

OTHER, NEW = "OVO999999", "OVO888888"
NUMBER = KboNumber(kbo_number(2_074_538))
BEGINNING = date(1900, 1, 1)

bodies = organisations().filter(lambda record: record.iri[-9:] not in {OTHER, NEW})

Operate = Callable[[Record, date, Book], Outcome]


def _some_node(record: Record, on: date) -> str:
    """A facet that may be in force on the day, the same one for the same record."""
    having = [f for f in facets.facets(record) if not f.period.ended_before(on)]
    return having[len(record.triples) % len(having)].node.value


def _new_body(on: date) -> Record:
    return an_organisation(NEW, "Nieuw", life=Period(on))


DATED: dict[str, Operate] = {
    "rename": lambda r, on, b: changes.rename(r, "Nieuwe naam", on, b.around),
    "short name": lambda r, on, b: changes.rename(r, "NN", on, b.around, kind="korte-naam"),
    "add": lambda r, on, b: changes.add(
        r, facets.identifier(r.iri, NIS, "44086", Period(on)), b.around
    ),
    "add a site": lambda r, on, b: changes.add(
        r, places.site(r.iri, "vestiging", places.Address("Dorp 1"), Period(on)), b.around
    ),
    "end": lambda r, on, b: changes.end(r, _some_node(r, on), on, b.around),
    "change": lambda r, on, b: changes.change(
        r, _some_node(r, on), facets.name(r.iri, "korte-naam", "X", Period(on)), b.around
    ),
    "move": lambda r, on, b: changes.move(r, OvoCode(OTHER).iri, on, b.around),
    "move up": lambda r, on, b: changes.move(r, "", on, b.around),
    "couple": lambda r, on, b: changes.couple(r, NUMBER, on, b.around),
    "uncouple": lambda r, on, b: changes.uncouple(r, on, b.around),
    "terminate": lambda r, on, b: changes.terminate(r, on, b.around),
    "dissolve": lambda r, on, b: changes.dissolve(r, on, b.around),
    "fuse": lambda r, on, b: changes.merge([r, b[OTHER]], _new_body(on), on, b.around),
    "absorb": lambda r, on, b: changes.merge([r], b[OTHER], on, b.around),
    "survive": lambda r, on, b: changes.merge([b[OTHER]], r, on, b.around),
    "split": lambda r, on, b: changes.split(r, [b[OTHER], _new_body(on)], on, b.around),
    "replace": lambda r, on, b: changes.replace(r, b[OTHER], on, b.around),
    "lose a parent": lambda r, on, b: changes.replace(
        b[OTHER], _new_body(on), on, b.around, children=[r]
    ),
    "reopen": lambda r, _on, b: changes.reopen(r, b.around),
}
UNDATED: dict[str, Operate] = {
    "describe": lambda r, _on, b: changes.describe(
        r, DCT.description, [Literal("x", language="nl")], b.around
    ),
    "redate": lambda r, on, b: changes.redate(r, _some_node(r, on), Period(on), b.around),
    "relive": lambda r, on, b: changes.redate(r, r.iri, Period(on), b.around),
}


def _book(record: Record) -> Book:
    return Book(record, an_organisation(OTHER, "Andere"), today=BEGINNING)


@pytest.mark.parametrize("operate", [*DATED.values(), *UNDATED.values()], ids=[*DATED, *UNDATED])
@settings(max_examples=25)
@given(record=bodies, on=days)
def test_every_record_is_in_normal_form(operate: Operate, record: Record, on: date) -> None:
    try:
        outcome = operate(record, on, _book(record))
    except ChangeRefused:
        return
    for changed in outcome.records:
        check_normal_form(changed)
        assert len({f.node for f in facets.facets(changed)}) == len(facets.facets(changed))
    assert len({changed.iri for changed in outcome.records}) == len(outcome.records)
    assert (outcome.event is None) or outcome.record(outcome.event)


@pytest.mark.parametrize("operate", DATED.values(), ids=DATED)
@settings(max_examples=25)
@given(record=bodies, on=days, earlier=st.integers(1, 20_000))
def test_nothing_changes_before_the_day(
    operate: Operate, record: Record, on: date, earlier: int
) -> None:
    book = _book(record)
    before = dict(book.records)
    try:
        outcome = operate(record, on, book)
    except ChangeRefused:
        return
    assert outcome.on is not None
    for changed in outcome.records:
        old = before.get(changed.iri)
        lived = life(old) if old else None
        for distance in {1, earlier}:
            day = outcome.on - timedelta(days=distance)
            if old and lived and not lived.begins_after(day):
                assert shortcuts(changed, day) == shortcuts(old, day)


@pytest.mark.parametrize("operate", DATED.values(), ids=DATED)
@settings(max_examples=25)
@given(record=bodies, on=days)
def test_what_was_closed_ends_on_the_day_before_and_is_still_there(
    operate: Operate, record: Record, on: date
) -> None:
    try:
        outcome = operate(record, on, _book(record))
    except ChangeRefused:
        return
    ends = {
        facet.node.value: facet.period.end
        for changed in outcome.records
        for facet in facets.facets(changed)
    }
    assert outcome.on is not None
    assert {ends[node] for node in outcome.closed} <= {outcome.on - timedelta(days=1)}


@pytest.mark.parametrize("operate", DATED.values(), ids=DATED)
@settings(max_examples=15)
@given(record=bodies, on=days)
def test_the_same_operation_yields_the_same_records(
    operate: Operate, record: Record, on: date
) -> None:
    try:
        first = operate(record, on, _book(record))
    except ChangeRefused as refused:
        with pytest.raises(type(refused), match=refused.rule):
            operate(record, on, _book(record))
    else:
        assert operate(record, on, _book(record)) == first


@settings(max_examples=50)
@given(record=bodies, on=days)
def test_reopening_undoes_a_termination_of_what_had_no_end(record: Record, on: date) -> None:
    book = _book(record)
    try:
        ended = changes.terminate(record, on, book.around)
    except ChangeRefused:
        return
    last = on - timedelta(days=1)
    if life(record).end or any(
        f.period.end and f.period.end >= last for f in facets.facets(record)
    ):
        return
    [closed] = ended.records
    try:
        reopened = changes.reopen(closed, book.around, facets_closed=ended.closed)
    except FactsOverlap:  # what came in otherwise may have overlapped before
        return
    planned = {f.node for f in facets.facets(record) if f.period.start and f.period.start >= on}
    if not planned:
        assert reopened.records == (record,)
