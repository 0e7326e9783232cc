"""An organisation gets another parent, in any tree."""

from datetime import date

import pytest

from organisatieregister import changes, facets
from organisatieregister.changes import Operation
from organisatieregister.errors import ImpossibleDay, SelfRelation, TreeCycle
from organisatieregister.facets import FacetKind
from organisatieregister.identifiers import OvoCode
from organisatieregister.vocabulary import ORG, REG
from tests.changes.book import (
    NEW_YEAR,
    OLD_YEAR,
    VLIMPERS,
    Book,
    dated,
    only,
    parents_on,
)
from tests.examples import an_organisation

AGENCY, DEPARTMENT, MINISTRY = "OVO000003", "OVO000002", "OVO000001"


def iri(code: str) -> str:
    return OvoCode(code).iri


def a_tree() -> Book:
    return Book(
        an_organisation(MINISTRY, "Ministerie"),
        an_organisation(DEPARTMENT, "Departement", parent=MINISTRY),
        an_organisation(AGENCY, "Agentschap", parent=DEPARTMENT),
    )


def test_a_move_ends_the_old_parent_on_the_day_before() -> None:
    book = a_tree()
    old = only(book[AGENCY], FacetKind.PARENT)
    outcome = book.write(changes.move(book[AGENCY], iri(MINISTRY), NEW_YEAR, book.around))
    assert outcome.what is Operation.MOVE
    assert outcome.closed == (old.node.value,)
    assert parents_on(book[AGENCY], OLD_YEAR) == {DEPARTMENT}
    assert parents_on(book[AGENCY], NEW_YEAR) == {MINISTRY}


def test_an_organisation_may_come_to_stand_on_top() -> None:
    book = a_tree()
    book.write(changes.move(book[AGENCY], "", NEW_YEAR, book.around))
    assert parents_on(book[AGENCY], OLD_YEAR) == {DEPARTMENT}
    assert parents_on(book[AGENCY], NEW_YEAR) == set()
    with pytest.raises(ImpossibleDay, match="geen-moederorganisatie"):
        changes.move(book[AGENCY], "", NEW_YEAR, book.around)


def test_a_move_before_a_planned_move_leaves_the_plan() -> None:
    book = a_tree()
    book.write(changes.move(book[AGENCY], "", date(2028, 1, 1), book.around))
    book.write(changes.move(book[AGENCY], iri(MINISTRY), date(2027, 1, 1), book.around))
    assert [parents_on(book[AGENCY], date(year, 6, 1)) for year in (2026, 2027, 2028)] == [
        {DEPARTMENT}, {MINISTRY}, set(),
    ]  # fmt: skip


def test_the_tree_of_a_framework_is_another_tree() -> None:
    book = a_tree()
    outcome = changes.move(book[DEPARTMENT], iri(AGENCY), NEW_YEAR, book.around, framework=VLIMPERS)
    book.write(outcome)
    assert parents_on(book[DEPARTMENT], NEW_YEAR) == {MINISTRY}
    [vlimpers] = [
        facet.value(ORG.organization)
        for facet in facets.facets(book[DEPARTMENT])
        if facet.value(REG.toepassingsgebied)
    ]
    assert vlimpers is not None
    assert vlimpers.value == iri(AGENCY)


def test_no_organisation_stands_under_itself() -> None:
    book = a_tree()
    with pytest.raises(SelfRelation, match="niet-met-zichzelf"):
        changes.move(book[AGENCY], iri(AGENCY), NEW_YEAR, book.around)


def test_no_organisation_stands_under_what_is_below_it() -> None:
    book = a_tree()
    with pytest.raises(TreeCycle, match="kring-in-de-boom") as refused:
        changes.move(book[MINISTRY], iri(AGENCY), NEW_YEAR, book.around)
    assert refused.value.path == (iri(MINISTRY), iri(AGENCY), iri(DEPARTMENT), iri(MINISTRY))
    assert refused.value.period == "2025-01-01/…"
    assert refused.value.other == iri(AGENCY)


def test_no_cycle_closes_in_the_tree_of_a_framework() -> None:
    book = a_tree()
    for child, parent in ((DEPARTMENT, AGENCY), (MINISTRY, DEPARTMENT)):
        outcome = changes.move(book[child], iri(parent), NEW_YEAR, book.around, framework=VLIMPERS)
        book.write(outcome)
    with pytest.raises(TreeCycle):
        changes.move(book[AGENCY], iri(MINISTRY), NEW_YEAR, book.around, framework=VLIMPERS)


def test_turning_round_on_a_day_is_no_cycle() -> None:
    book = a_tree()
    book.write(changes.move(book[AGENCY], iri(MINISTRY), NEW_YEAR, book.around))
    book.write(changes.move(book[DEPARTMENT], iri(AGENCY), NEW_YEAR, book.around))
    assert parents_on(book[DEPARTMENT], NEW_YEAR) == {AGENCY}
    assert parents_on(book[AGENCY], OLD_YEAR) == {DEPARTMENT}


def test_a_cycle_that_would_close_in_the_future_is_refused_now() -> None:
    book = a_tree()
    plan = facets.parent(iri(MINISTRY), iri(AGENCY), dated("2030-01-01"))
    with pytest.raises(TreeCycle) as refused:
        changes.add(book[MINISTRY], plan, book.around)
    assert refused.value.period == "2030-01-01/…"


def test_what_has_ended_closes_no_cycle() -> None:
    book = a_tree()
    book.write(changes.terminate(book[DEPARTMENT], NEW_YEAR, book.around))
    book.write(changes.move(book[MINISTRY], iri(AGENCY), NEW_YEAR, book.around))
    assert parents_on(book[MINISTRY], NEW_YEAR) == {AGENCY}


def test_but_reopening_it_would_close_the_cycle() -> None:
    book = a_tree()
    book.write(changes.terminate(book[DEPARTMENT], NEW_YEAR, book.around))
    book.write(changes.move(book[MINISTRY], iri(AGENCY), NEW_YEAR, book.around))
    with pytest.raises(TreeCycle):
        changes.reopen(book[DEPARTMENT], book.around)


def test_a_parent_that_has_ended_is_odd_but_possible() -> None:
    book = a_tree()
    book.write(changes.terminate(book[MINISTRY], NEW_YEAR, book.around))
    outcome = changes.move(book[AGENCY], iri(MINISTRY), date(2026, 1, 1), book.around)
    assert [notice.rule for notice in outcome.warnings] == ["moeder-leeft-dan-niet"]


def test_only_the_move_itself_is_odd_and_not_what_happens_later() -> None:
    book = a_tree()
    book.write(changes.terminate(book[MINISTRY], NEW_YEAR, book.around))
    book.write(changes.move(book[AGENCY], iri(MINISTRY), date(2026, 1, 1), book.around))
    assert changes.rename(book[AGENCY], "Nieuw", date(2026, 1, 1), book.around).warnings == ()


def test_a_cycle_that_came_in_otherwise_does_not_hold_up_a_move_below_it() -> None:
    book = Book(
        an_organisation(MINISTRY, parent=DEPARTMENT),
        an_organisation(DEPARTMENT, parent=MINISTRY),
        an_organisation(AGENCY),
    )
    book.write(changes.move(book[AGENCY], iri(DEPARTMENT), NEW_YEAR, book.around))
    assert parents_on(book[AGENCY], NEW_YEAR) == {DEPARTMENT}


def test_a_parent_that_the_register_does_not_know_ends_the_way_up() -> None:
    record = an_organisation(AGENCY)
    outcome = changes.move(record, iri("OVO999999"), NEW_YEAR, Book(record).around)
    assert parents_on(outcome.records[0], NEW_YEAR) == {"OVO999999"}
