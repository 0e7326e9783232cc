"""A new organisation, and its tie to the KBO."""

from datetime import date

import pytest

from organisatieregister import changes, facets
from organisatieregister.changes import Operation
from organisatieregister.errors import (
    FactsOverlap,
    ImpossibleDay,
    NumberTaken,
    OwnedElsewhere,
)
from organisatieregister.facets import FacetKind, life
from organisatieregister.identifiers import KBO_ENTERPRISE, KboNumber, OvoCode
from organisatieregister.periods import Period
from organisatieregister.validity import BEING_FOUNDED, shortcuts, status
from organisatieregister.vocabulary import DCT, M8G, ORG, RDF, RDFS, ROV
from tests.changes.book import (
    NEW_YEAR,
    OLD_YEAR,
    TODAY,
    Book,
    dated,
    linked,
    name_on,
    objects,
    only,
    parents_on,
    stated,
)
from tests.examples import an_organisation, kbo_number

CODE, OTHER = "OVO000001", "OVO000002"
IRI = OvoCode(CODE).iri
NUMBER = KboNumber(kbo_number(2_074_538))
DECREE = "https://codex.vlaanderen.be/id/decreet/1029017"


def coupled() -> Book:
    book = Book(an_organisation(CODE, "Eerste"), an_organisation(OTHER, "Tweede"))
    book.write(changes.couple(book[CODE], NUMBER, date(2020, 1, 1), book.around))
    return book


# --- registration ----------------------------------------------------------------------------


def test_a_new_organisation_has_its_code_its_name_and_its_first_day() -> None:
    outcome = changes.register(OvoCode(CODE), "Agentschap", Book().around, life=dated("2025-01-01"))
    [record] = outcome.records
    assert outcome.what is Operation.REGISTRATION
    assert record.iri == IRI
    assert stated(record, DCT.identifier) == {CODE}
    assert only(record, FacetKind.IDENTIFIER, "OVO").period.is_open
    assert name_on(record, NEW_YEAR) == "Agentschap"
    assert life(record) == dated("2025-01-01")
    assert stated(record, RDF.type) == {ORG.Organization.value, M8G.PublicOrganisation.value}


def test_it_may_have_begun_nobody_knows_when() -> None:
    [record] = changes.register(OvoCode(CODE), "Agentschap", Book().around).records
    assert life(record).is_open
    assert only(record, FacetKind.NAME).period.is_open


def test_it_may_be_a_body_that_is_not_public() -> None:
    [record] = changes.register(OvoCode(CODE), "vzw", Book().around, public=False).records
    assert stated(record, RDF.type) == {ORG.Organization.value}


def test_it_may_come_with_more_facts() -> None:
    more = [facets.parent(IRI, OvoCode(OTHER).iri), facets.name(IRI, "korte-naam", "A")]
    [record] = changes.register(OvoCode(CODE), "Agentschap", Book().around, more=more).records
    assert parents_on(record, NEW_YEAR) == {OTHER}


def test_with_a_kbo_number_it_is_a_registered_organisation() -> None:
    [record] = changes.register(
        OvoCode(CODE), "Agentschap", Book().around, kbo=NUMBER, life=dated("2025-01-01")
    ).records
    assert {ORG.FormalOrganization.value, ROV.RegisteredOrganization.value} < stated(
        record, RDF.type
    )
    assert objects(record, RDFS.seeAlso, NEW_YEAR) == {NUMBER.iri}
    assert only(record, FacetKind.IDENTIFIER, "KBO").period == dated("2025-01-01")


def test_a_foundation_is_an_event_with_its_legal_framework() -> None:
    outcome = changes.register(
        OvoCode(CODE), "Agentschap", Book().around, life=dated("2025-01-01"), founded_by=[DECREE]
    )
    event = outcome.record(outcome.event or "")
    assert linked(event, ORG.resultingOrganization) == {CODE}
    assert linked(event, ORG.originalOrganization) == set()
    assert stated(event, DCT.date) == {"2025-01-01"}
    assert stated(event, M8G.hasFormalFramework) == {DECREE}
    assert stated(event, RDFS.label) == {"Oprichting van Agentschap"}


def test_a_foundation_without_a_known_framework_is_an_event_too() -> None:
    outcome = changes.register(
        OvoCode(CODE), "Agentschap", Book().around, life=dated("2025-01-01"), founded_by=[]
    )
    assert outcome.event in {record.iri for record in outcome.records}


def test_a_foundation_has_a_day() -> None:
    with pytest.raises(ImpossibleDay, match="oprichting-zonder-datum"):
        changes.register(OvoCode(CODE), "Agentschap", Book().around, founded_by=[DECREE])


def test_what_begins_in_the_future_is_being_founded_until_then() -> None:
    [record] = changes.register(
        OvoCode(CODE), "Agentschap", Book().around, life=dated("2030-01-01")
    ).records
    assert status(record, TODAY) == BEING_FOUNDED
    assert name_on(record, TODAY) == "Agentschap"


def test_a_code_is_never_given_twice() -> None:
    book = Book(an_organisation(CODE))
    with pytest.raises(NumberTaken, match="ovo-code-in-gebruik"):
        changes.register(OvoCode(CODE), "Nog een", book.around)


# --- coupling --------------------------------------------------------------------------------


def test_coupling_gives_a_kbo_number_from_a_day_on() -> None:
    book = coupled()
    assert objects(book[CODE], RDFS.seeAlso, date(2019, 12, 31)) == set()
    assert objects(book[CODE], RDFS.seeAlso, date(2020, 1, 1)) == {NUMBER.iri}
    assert ROV.RegisteredOrganization.value in stated(book[CODE], RDF.type)


def test_a_kbo_number_is_one_organisations() -> None:
    book = coupled()
    with pytest.raises(NumberTaken, match="kbo-nummer-in-gebruik") as refused:
        changes.couple(book[OTHER], NUMBER, NEW_YEAR, book.around)
    assert refused.value.other == IRI
    with pytest.raises(NumberTaken, match="kbo-nummer-in-gebruik"):
        changes.register(OvoCode("OVO000003"), "Derde", book.around, kbo=NUMBER)


def test_a_number_whose_holder_cannot_be_seen_is_taken() -> None:
    record = an_organisation(OTHER)
    around = changes.Surroundings(TODAY, taken=lambda _number: IRI)
    with pytest.raises(NumberTaken):
        changes.couple(record, NUMBER, NEW_YEAR, around)


def test_a_number_may_go_to_another_organisation_once_it_is_free() -> None:
    book = coupled()
    book.write(changes.uncouple(book[CODE], NEW_YEAR, book.around))
    book.write(changes.couple(book[OTHER], NUMBER, NEW_YEAR, book.around))
    assert objects(book[OTHER], RDFS.seeAlso, NEW_YEAR) == {NUMBER.iri}
    with pytest.raises(NumberTaken):
        changes.couple(book[CODE], NUMBER, date(2025, 6, 1), book.around)


def test_another_number_of_its_former_holder_is_in_nobodys_way() -> None:
    book = coupled()
    book.write(changes.uncouple(book[CODE], NEW_YEAR, book.around))
    another = KboNumber(kbo_number(3_000_000))
    book.write(changes.couple(book[CODE], another, NEW_YEAR, book.around))
    assert changes.couple(book[OTHER], NUMBER, NEW_YEAR, book.around).records


def test_an_organisation_has_one_kbo_number_at_a_time() -> None:
    book = coupled()
    second = KboNumber(kbo_number(3_000_000))
    with pytest.raises(FactsOverlap, match="een-identificator-per-soort"):
        changes.couple(book[CODE], second, NEW_YEAR, book.around)


def test_uncoupling_ends_the_number_on_the_day_before() -> None:
    book = coupled()
    key = only(book[CODE], FacetKind.IDENTIFIER, "KBO")
    outcome = book.write(changes.uncouple(book[CODE], NEW_YEAR, book.around))
    assert outcome.what is Operation.UNCOUPLING
    assert outcome.closed == (key.node.value,)
    assert objects(book[CODE], RDFS.seeAlso, OLD_YEAR) == {NUMBER.iri}
    assert objects(book[CODE], RDFS.seeAlso, NEW_YEAR) == set()
    assert ROV.RegisteredOrganization.value in stated(book[CODE], RDF.type)


def test_a_planned_coupling_that_is_called_off_leaves_no_trace() -> None:
    book = Book(an_organisation(CODE))
    before = shortcuts(book[CODE], date(2030, 6, 1))
    book.write(changes.couple(book[CODE], NUMBER, date(2030, 1, 1), book.around))
    book.write(changes.uncouple(book[CODE], date(2030, 1, 1), book.around))
    assert shortcuts(book[CODE], date(2030, 6, 1)) == before
    assert ROV.RegisteredOrganization.value not in stated(book[CODE], RDF.type)


def test_who_has_no_number_cannot_be_uncoupled() -> None:
    book = coupled()
    with pytest.raises(ImpossibleDay, match="niet-gekoppeld"):
        changes.uncouple(book[OTHER], NEW_YEAR, book.around)


# --- what the KBO owns -----------------------------------------------------------------------


def with_facts_of_the_kbo() -> Book:
    source = KBO_ENTERPRISE + NUMBER.value
    more = facets.sourced(facets.name(IRI, "wettelijke-naam", "EERSTE NV"), source)
    book = Book(an_organisation(CODE, "Eerste", more=more))
    book.write(changes.couple(book[CODE], NUMBER, date(2020, 1, 1), book.around))
    return book


def test_a_name_of_the_kbo_changes_through_the_kbo_only() -> None:
    book = with_facts_of_the_kbo()
    with pytest.raises(OwnedElsewhere, match="gegeven-van-de-kbo") as refused:
        changes.rename(book[CODE], "Andere", NEW_YEAR, book.around, kind="wettelijke-naam")
    assert refused.value.facet == only(book[CODE], FacetKind.NAME, "wettelijke-naam").node.value
    outcome = changes.rename(
        book[CODE], "Andere", NEW_YEAR, book.seen(through_kbo=True), kind="wettelijke-naam"
    )
    assert outcome.what is Operation.RENAMING


def test_the_name_that_the_register_gave_itself_is_free() -> None:
    book = with_facts_of_the_kbo()
    assert changes.rename(book[CODE], "Andere", NEW_YEAR, book.around).records


def test_what_the_kbo_told_is_free_once_it_is_uncoupled() -> None:
    book = with_facts_of_the_kbo()
    book.write(changes.uncouple(book[CODE], NEW_YEAR, book.around))
    outcome = changes.rename(book[CODE], "Andere", NEW_YEAR, book.around, kind="wettelijke-naam")
    assert outcome.records
    with pytest.raises(OwnedElsewhere):
        changes.rename(book[CODE], "Andere", OLD_YEAR, book.around, kind="wettelijke-naam")


def test_an_organisation_of_the_kbo_may_end() -> None:
    book = with_facts_of_the_kbo()
    assert changes.terminate(book[CODE], NEW_YEAR, book.around).records


def test_a_correction_may_touch_what_the_kbo_owns() -> None:
    book = with_facts_of_the_kbo()
    name = only(book[CODE], FacetKind.NAME, "wettelijke-naam").node.value
    outcome = changes.redate(book[CODE], name, Period(date(2010, 1, 1)), book.around)
    assert outcome.what is Operation.CORRECTION
