"""An organisation ends, and may turn out not to have ended."""

from datetime import date

import pytest

from organisatieregister import changes, facets, places
from organisatieregister.changes import Operation
from organisatieregister.errors import FactsOverlap, ImpossibleDay, NumberTaken, WrongParties
from organisatieregister.facets import FacetKind, life
from organisatieregister.identifiers import KboNumber, OvoCode, concept_iri
from organisatieregister.validity import ACTIVE, INACTIVE, shortcuts, status
from organisatieregister.vocabulary import FOAF, ORG, RDFS, VLORG
from tests.changes.book import (
    HASSELT,
    KORTESSEM,
    LIMBURG,
    NEW_YEAR,
    OLD_YEAR,
    Book,
    dated,
    hasselt_and_kortessem,
    linked,
    name_on,
    objects,
    only,
    stated,
)
from tests.examples import an_organisation, kbo_number

CODE = "OVO000001"
IRI = OvoCode(CODE).iri


# --- termination -----------------------------------------------------------------------------


def test_termination_ends_the_life_on_the_day_before() -> None:
    book = hasselt_and_kortessem()
    outcome = book.write(changes.terminate(book[KORTESSEM], NEW_YEAR, book.around))
    assert outcome.what is Operation.TERMINATION
    assert outcome.event is None
    assert life(book[KORTESSEM]) == dated("1977-01-01", "2024-12-31")
    assert status(book[KORTESSEM], OLD_YEAR) == ACTIVE
    assert status(book[KORTESSEM], NEW_YEAR) == INACTIVE


def test_termination_closes_what_is_open_and_lists_it() -> None:
    book = hasselt_and_kortessem()
    before = {f.node.value: f for f in facets.facets(book[KORTESSEM])}
    outcome = book.write(changes.terminate(book[KORTESSEM], NEW_YEAR, book.around))
    kinds = [before[node].kind for node in outcome.closed]
    assert sorted(kinds) == [
        FacetKind.NAME, FacetKind.CONTACT, FacetKind.IDENTIFIER, FacetKind.IDENTIFIER,
    ]  # fmt: skip
    for facet in facets.facets(book[KORTESSEM]):
        closed = facet.node.value in outcome.closed
        assert (facet.period.end == OLD_YEAR) == closed


def test_the_parent_and_the_ovo_code_stay_open() -> None:
    book = hasselt_and_kortessem()
    book.write(changes.terminate(book[KORTESSEM], NEW_YEAR, book.around))
    assert only(book[KORTESSEM], FacetKind.PARENT).period.end is None
    assert only(book[KORTESSEM], FacetKind.IDENTIFIER, "OVO").period.end is None
    assert name_on(book[KORTESSEM], NEW_YEAR) == "Kortessem"


def test_a_fact_that_has_ended_before_keeps_its_end() -> None:
    old = facets.name(IRI, "korte-naam", "X", dated("", "2010-12-31"))
    record = an_organisation(CODE, more=old)
    outcome = changes.terminate(record, NEW_YEAR, Book(record).around)
    assert facets.node_of(old).value not in outcome.closed
    [ended] = outcome.records
    assert only(ended, FacetKind.NAME, "korte-naam").period.end == date(2010, 12, 31)


def test_a_fact_that_was_to_end_later_ends_with_the_organisation() -> None:
    facet = places.contact(
        IRI, homepage="https://a.example/", period=dated("2020-01-01", "2030-12-31")
    )
    record = an_organisation(CODE, more=facet)
    [ended] = changes.terminate(record, NEW_YEAR, Book(record).around).records
    assert only(ended, FacetKind.CONTACT).period == dated("2020-01-01", "2024-12-31")


def test_a_planned_fact_stays_and_is_reported() -> None:
    plan = facets.name(IRI, "korte-naam", "X", dated("2030-01-01"))
    record = an_organisation(CODE, more=plan)
    outcome = changes.terminate(record, NEW_YEAR, Book(record).around)
    [notice] = outcome.warnings
    assert (notice.rule, notice.facet) == ("buiten-de-levensloop", facets.node_of(plan).value)
    assert only(outcome.records[0], FacetKind.NAME, "korte-naam").period == dated("2030-01-01")


def test_a_termination_in_the_future_waits_for_its_day() -> None:
    book = hasselt_and_kortessem()
    book.write(changes.terminate(book[KORTESSEM], date(2031, 1, 1), book.around))
    assert status(book[KORTESSEM], date(2030, 12, 31)) == ACTIVE
    assert status(book[KORTESSEM], date(2031, 1, 1)) == INACTIVE
    book.write(changes.rename(book[KORTESSEM], "Kortessem-Bad", date(2028, 1, 1), book.around))
    name = only(book[KORTESSEM], FacetKind.NAME, on=date(2030, 1, 1))
    assert name.period == dated("2028-01-01", "2030-12-31")


def test_a_planned_termination_may_be_brought_forward() -> None:
    book = hasselt_and_kortessem()
    for year in (2031, 2029):
        book.write(changes.terminate(book[KORTESSEM], date(year, 1, 1), book.around))
    assert life(book[KORTESSEM]).end == date(2028, 12, 31)
    assert only(book[KORTESSEM], FacetKind.CONTACT).period.end == date(2028, 12, 31)


def test_what_has_not_begun_cannot_end() -> None:
    record = an_organisation(CODE, life=dated("2027-01-01"))
    with pytest.raises(ImpossibleDay, match="nog-niet-begonnen") as refused:
        changes.terminate(record, date(2027, 1, 1), Book(record).around)
    assert refused.value.period == "2027-01-01/…"


# --- dissolution -----------------------------------------------------------------------------


def test_a_dissolution_is_an_event_with_a_reason_and_no_result() -> None:
    book = hasselt_and_kortessem()
    reason = concept_iri("StopzettingType/v1", "090")
    outcome = book.write(changes.dissolve(book[KORTESSEM], NEW_YEAR, book.around, reason=reason))
    assert outcome.what is Operation.DISSOLUTION
    event = outcome.record(outcome.event or "")
    assert linked(event, ORG.originalOrganization) == {KORTESSEM}
    assert linked(event, ORG.resultingOrganization) == set()
    assert stated(event, VLORG.redenStopzetting) == {reason}
    assert stated(event, RDFS.label) == {"Ontbinding van Kortessem"}
    assert life(book[KORTESSEM]).end == OLD_YEAR


# --- reopening -------------------------------------------------------------------------------


def test_reopening_gives_back_all_that_ended_with_it() -> None:
    book = hasselt_and_kortessem()
    before = book[KORTESSEM]
    book.write(changes.terminate(before, NEW_YEAR, book.around))
    outcome = book.write(changes.reopen(book[KORTESSEM], book.around))
    assert outcome.what is Operation.REOPENING
    assert outcome.on == NEW_YEAR
    assert book[KORTESSEM] == before


def test_reopening_may_name_what_goes_on() -> None:
    book = hasselt_and_kortessem()
    contact = only(book[KORTESSEM], FacetKind.CONTACT).node.value
    closed = book.write(changes.terminate(book[KORTESSEM], NEW_YEAR, book.around)).closed
    wanted = set(closed) - {contact}
    book.write(changes.reopen(book[KORTESSEM], book.around, facets_closed=wanted))
    assert only(book[KORTESSEM], FacetKind.CONTACT).period.end == OLD_YEAR
    assert only(book[KORTESSEM], FacetKind.NAME).period.end is None


def test_reopening_leaves_what_had_ended_before() -> None:
    old = facets.name(IRI, "korte-naam", "X", dated("", "2010-12-31"))
    book = Book(an_organisation(CODE, more=old, life=dated("", "2024-12-31")))
    book.write(changes.reopen(book[CODE], book.around))
    assert only(book[CODE], FacetKind.NAME, "korte-naam").period.end == date(2010, 12, 31)


def test_a_reopened_fact_makes_room_for_what_was_planned_after_it() -> None:
    names = facets.name(IRI, "korte-naam", "X", dated("", "2028-12-31")) + facets.name(
        IRI, "korte-naam", "Y", dated("2029-01-01")
    )
    book = Book(an_organisation(CODE, more=names))
    book.write(changes.terminate(book[CODE], NEW_YEAR, book.around))
    book.write(changes.reopen(book[CODE], book.around))
    assert only(book[CODE], FacetKind.NAME, "korte-naam", NEW_YEAR).period.end == date(2028, 12, 31)


def test_reopening_withdraws_the_dissolution() -> None:
    book = hasselt_and_kortessem()
    before = book[KORTESSEM]
    event = book.write(changes.dissolve(before, NEW_YEAR, book.around)).event or ""
    outcome = changes.reopen(book[KORTESSEM], book.around, ending=book.records[event])
    assert outcome.withdrawn == (event,)
    assert outcome.records == (before,)


def test_an_event_that_ended_others_too_goes_on_without_it() -> None:
    book = hasselt_and_kortessem()
    event = book.write(changes.dissolve(book[KORTESSEM], NEW_YEAR, book.around)).event or ""
    both = changes.correct(
        book.records[event],
        type(book[HASSELT]).of(
            event,
            book.records[event].triples
            | {
                type(t)(t.subject, t.predicate, book[HASSELT].subject)
                for t in book.records[event].triples
                if t.predicate == ORG.originalOrganization
            },
        ),
        book.around,
    )
    book.write(both)
    outcome = changes.reopen(book[KORTESSEM], book.around, ending=book.records[event])
    assert outcome.withdrawn == ()
    assert linked(outcome.record(event), ORG.originalOrganization) == {HASSELT}


def test_who_merged_cannot_be_reopened() -> None:
    book = hasselt_and_kortessem()
    outcome = book.write(changes.merge([book[KORTESSEM]], book[HASSELT], NEW_YEAR, book.around))
    event = book.records[outcome.event or ""]
    with pytest.raises(WrongParties, match="heeft-een-opvolger") as refused:
        changes.reopen(book[KORTESSEM], book.around, ending=event)
    assert refused.value.other == event.iri


def test_what_has_not_ended_cannot_be_reopened() -> None:
    book = hasselt_and_kortessem()
    with pytest.raises(ImpossibleDay, match="niet-beeindigd"):
        changes.reopen(book[HASSELT], book.around)


def test_a_kbo_number_that_went_elsewhere_does_not_come_back() -> None:
    number = kbo_number(2_074_785)
    book = Book(an_organisation(CODE), an_organisation("OVO000002"))
    book.write(changes.couple(book[CODE], KboNumber(number), date(2020, 1, 1), book.around))
    book.write(changes.terminate(book[CODE], NEW_YEAR, book.around))
    book.write(changes.couple(book["OVO000002"], KboNumber(number), NEW_YEAR, book.around))
    with pytest.raises(NumberTaken) as refused:
        changes.reopen(book[CODE], book.around)
    assert refused.value.other == OvoCode("OVO000002").iri


def test_nothing_changes_before_the_end_whatever_happens_to_it() -> None:
    book = hasselt_and_kortessem()
    book.write(changes.move(book[KORTESSEM], OvoCode(LIMBURG).iri, date(2000, 1, 1), book.around))
    shown = shortcuts(book[KORTESSEM], OLD_YEAR)
    book.write(changes.terminate(book[KORTESSEM], NEW_YEAR, book.around))
    assert shortcuts(book[KORTESSEM], OLD_YEAR) == shown
    assert objects(book[KORTESSEM], FOAF.homepage, NEW_YEAR) == set()
    book.write(changes.reopen(book[KORTESSEM], book.around))
    assert shortcuts(book[KORTESSEM], OLD_YEAR) == shown


def test_two_facts_of_a_kind_that_ended_together_cannot_both_go_on() -> None:
    twice = facets.name(IRI, "korte-naam", "X", dated("", "2024-12-31")) + facets.name(
        IRI, "korte-naam", "Y", dated("", "2024-12-31")
    )
    record = an_organisation(CODE, life=dated("", "2024-12-31"), more=twice)
    with pytest.raises(FactsOverlap):
        changes.reopen(record, Book(record).around)
    one = facets.node_of(twice).value
    [reopened] = changes.reopen(record, Book(record).around, facets_closed=[one]).records
    assert only(reopened, FacetKind.NAME, "korte-naam", NEW_YEAR).node.value == one
