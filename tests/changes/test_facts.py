"""Facts come, change and end, and mistakes are corrected."""

from datetime import date

import pytest
from pyoxigraph import Literal, NamedNode

from organisatieregister import changes, facets, places
from organisatieregister.changes import Operation
from organisatieregister.errors import ImpossibleDay, WrongParties
from organisatieregister.facets import FacetKind
from organisatieregister.identifiers import OvoCode
from organisatieregister.validity import shortcuts
from organisatieregister.vocabulary import DCT, FOAF, ORG, SKOS
from tests.changes.book import (
    HASSELT,
    KORTESSEM,
    NEW_YEAR,
    NIS,
    OLD_YEAR,
    TODAY,
    Book,
    dated,
    hasselt_and_kortessem,
    name_on,
    nis_on,
    objects,
    only,
    said,
    stated,
)
from tests.examples import an_organisation

CODE = "OVO000001"
IRI = OvoCode(CODE).iri


# --- names -----------------------------------------------------------------------------------


def test_a_rename_keeps_the_old_name_with_its_last_day() -> None:
    book = Book(an_organisation("OVO002021", "Stad Bilzen"))
    outcome = book.write(
        changes.rename(book["OVO002021"], "Stad Bilzen-Hoeselt", NEW_YEAR, book.around)
    )
    record = book["OVO002021"]
    assert outcome.what is Operation.RENAMING
    assert outcome.event is None
    assert name_on(record, OLD_YEAR) == "Stad Bilzen"
    assert name_on(record, NEW_YEAR) == "Stad Bilzen-Hoeselt"
    assert objects(record, SKOS.hiddenLabel, NEW_YEAR) == {"Stad Bilzen"}
    old = only(record, FacetKind.NAME, on=OLD_YEAR)
    assert old.period.end == OLD_YEAR
    assert outcome.closed == (old.node.value,)


def test_the_old_name_stays_the_same_node() -> None:
    record = an_organisation(CODE, "Oud")
    before = only(record, FacetKind.NAME)
    [after] = changes.rename(record, "Nieuw", NEW_YEAR, Book(record).around).records
    assert only(after, FacetKind.NAME, on=OLD_YEAR).node == before.node


def test_a_rename_in_the_future_waits_for_its_day() -> None:
    book = Book(an_organisation(CODE, "Nu"))
    book.write(changes.rename(book[CODE], "Straks", date(2027, 1, 1), book.around))
    assert name_on(book[CODE], TODAY) == "Nu"
    assert name_on(book[CODE], date(2027, 1, 1)) == "Straks"


def test_a_rename_before_a_planned_rename_leaves_the_plan() -> None:
    book = Book(an_organisation(CODE, "Een"))
    book.write(changes.rename(book[CODE], "Drie", date(2028, 1, 1), book.around))
    book.write(changes.rename(book[CODE], "Twee", date(2027, 1, 1), book.around))
    assert [name_on(book[CODE], date(year, 6, 1)) for year in (2026, 2027, 2028)] == [
        "Een", "Twee", "Drie",
    ]  # fmt: skip


def test_a_second_rename_on_the_same_day_replaces_the_first() -> None:
    book = Book(an_organisation(CODE, "Een"))
    book.write(changes.rename(book[CODE], "Tikfuot", NEW_YEAR, book.around))
    book.write(changes.rename(book[CODE], "Twee", NEW_YEAR, book.around))
    assert name_on(book[CODE], NEW_YEAR) == "Twee"
    assert objects(book[CODE], SKOS.hiddenLabel, NEW_YEAR) == {"Een"}


def test_a_name_may_come_back() -> None:
    book = Book(an_organisation(CODE, "Een"))
    for name, year in (("Twee", 2020), ("Een", 2022), ("Twee", 2024)):
        book.write(changes.rename(book[CODE], name, date(year, 1, 1), book.around))
    assert [name_on(book[CODE], date(year, 6, 1)) for year in (2019, 2020, 2022, 2024)] == [
        "Een", "Twee", "Een", "Twee",
    ]  # fmt: skip


def test_what_was_ended_and_begins_on_the_same_day_again_is_another_fact() -> None:
    book = Book(
        an_organisation(CODE, more=facets.name(IRI, "korte-naam", "X", dated("2020-01-01")))
    )
    first = only(book[CODE], FacetKind.NAME, "korte-naam")
    mended = changes.redate(
        book[CODE], first.node.value, dated("2018-01-01", "2018-12-31"), book.around
    )
    book.write(mended)
    again = facets.name(IRI, "korte-naam", "X", dated("2020-01-01"))
    book.write(changes.add(book[CODE], again, book.around))
    assert only(book[CODE], FacetKind.NAME, "korte-naam", date(2018, 6, 1)).node == first.node
    second = only(book[CODE], FacetKind.NAME, "korte-naam", date(2020, 6, 1))
    assert second.node != first.node
    assert second.period == dated("2020-01-01")


def test_a_name_tells_its_source() -> None:
    record = an_organisation(CODE, "Oud")
    outcome = changes.rename(
        record, "Nieuw", NEW_YEAR, Book(record).around, source="https://a.example/besluit"
    )
    new = only(outcome.records[0], FacetKind.NAME, on=NEW_YEAR)
    assert new.value(DCT.source) == NamedNode("https://a.example/besluit")


def test_a_short_name_and_one_in_another_language_stand_beside_the_name() -> None:
    book = Book(an_organisation(CODE, "Departement Zorg"))
    for name, kind, language in (
        ("Zorg", "korte-naam", "nl"),
        ("Dept. of Care", "voorkeursnaam", "en"),
    ):
        book.write(
            changes.rename(book[CODE], name, NEW_YEAR, book.around, kind=kind, language=language)
        )
    assert objects(book[CODE], SKOS.prefLabel, NEW_YEAR) == {"Departement Zorg", "Dept. of Care"}
    assert objects(book[CODE], SKOS.altLabel, NEW_YEAR) == {"Zorg"}


# --- any facet -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "name", "old", "new"),
    [
        ("OVO002249", "Stad Tielt", "37015", "37022"),
        ("OVO002277", "Gemeente Wingene", "37018", "37021"),
        ("OVO002158", "Gemeente Lochristi", "44034", "44087"),
        ("OVO002159", "Stad Lokeren", "46014", "46029"),
        ("OVO002083", "Stad Hasselt", "71022", "71072"),
        ("OVO002079", "Gemeente Tessenderlo-Ham", "71069", "71071"),
        ("OVO002021", "Stad Bilzen-Hoeselt", "73006", "73110"),
        ("OVO002252", "Stad Tongeren-Borgloon", "73083", "73111"),
    ],
)
def test_a_municipality_keeps_its_code_and_gets_a_new_nis(
    code: str, name: str, old: str, new: str
) -> None:
    iri = OvoCode(code).iri
    book = Book(
        an_organisation(code, name, more=facets.identifier(iri, NIS, old, dated("1977-01-01")))
    )
    key = only(book[code], FacetKind.IDENTIFIER, "NIS")
    outcome = book.write(
        changes.change(
            book[code],
            key.node.value,
            facets.identifier(iri, NIS, new, dated("2025-01-01")),
            book.around,
        )
    )
    assert nis_on(book[code], OLD_YEAR) == {old}
    assert nis_on(book[code], NEW_YEAR) == {new}
    assert stated(book[code], DCT.identifier) == {code}
    assert outcome.closed == (key.node.value,)
    assert outcome.on == NEW_YEAR


def test_a_fact_is_added_with_its_period() -> None:
    book = Book(an_organisation(CODE))
    facet = places.contact(
        IRI, homepage="https://a.example/", period=dated("2025-01-01", "2025-12-31")
    )
    book.write(changes.add(book[CODE], facet, book.around))
    shown = [objects(book[CODE], FOAF.homepage, date(year, 12, 31)) for year in (2024, 2025, 2026)]
    assert shown == [set(), {"https://a.example/"}, set()]


def test_a_fact_that_ends_holds_until_the_day_before() -> None:
    book = hasselt_and_kortessem()
    contact = only(book[HASSELT], FacetKind.CONTACT)
    outcome = book.write(changes.end(book[HASSELT], contact.node.value, NEW_YEAR, book.around))
    assert objects(book[HASSELT], FOAF.homepage, OLD_YEAR) == {"https://www.71022.example/"}
    assert objects(book[HASSELT], FOAF.homepage, NEW_YEAR) == set()
    assert outcome.closed == (contact.node.value,)


def test_a_planned_fact_that_ends_before_it_begins_goes_altogether() -> None:
    plan = places.contact(IRI, homepage="https://a.example/", period=dated("2030-01-01"))
    record = an_organisation(CODE, more=plan)
    outcome = changes.end(record, facets.node_of(plan).value, date(2029, 1, 1), Book(record).around)
    assert outcome.records[0].triples == an_organisation(CODE).triples
    assert outcome.closed == ()


def test_a_site_goes_with_its_address_and_leaves_the_other_one() -> None:
    sites = [
        places.site(IRI, "vestiging", places.Address(f"Dorp {n}"), dated("2030-01-01"))
        for n in (1, 2)
    ]
    record = an_organisation(CODE, more=[t for site in sites for t in site])
    [after] = changes.end(
        record, facets.node_of(sites[0]).value, date(2030, 1, 1), Book(record).around
    ).records
    assert after.triples == an_organisation(CODE, more=sites[1]).triples


def test_triples_that_the_register_does_not_know_survive() -> None:
    strange = facets.name(IRI, "korte-naam", "X", dated("2020-01-01"))
    node = facets.node_of(strange)
    extra = facets.sourced(strange, "https://a.example/bron")[-1]
    record = an_organisation(CODE, more=[*strange, extra])
    [after] = changes.end(record, node.value, NEW_YEAR, Book(record).around).records
    assert extra in after.triples


def test_a_membership_that_is_cut_short_says_so_twice_or_not_at_all() -> None:
    book = hasselt_and_kortessem()
    parent = only(book[KORTESSEM], FacetKind.PARENT)
    book.write(changes.end(book[KORTESSEM], parent.node.value, NEW_YEAR, book.around))
    cut = only(book[KORTESSEM], FacetKind.PARENT)
    assert cut.value(ORG.memberDuring) == cut.value(DCT.temporal) is not None


def test_a_fact_cannot_change_on_a_day_on_which_it_does_not_hold() -> None:
    old = facets.name(IRI, "korte-naam", "X", dated("", "2020-12-31"))
    record = an_organisation(CODE, more=old)
    node, around = facets.node_of(old).value, Book(record).around
    with pytest.raises(ImpossibleDay, match="feit-geldt-dan-niet"):
        changes.end(record, node, NEW_YEAR, around)
    later = facets.name(IRI, "korte-naam", "Y", dated("2025-01-01"))
    with pytest.raises(ImpossibleDay, match="feit-geldt-dan-niet"):
        changes.change(record, node, later, around)
    without_day = facets.name(IRI, "korte-naam", "Y")
    with pytest.raises(ImpossibleDay, match="feit-geldt-dan-niet"):
        changes.change(record, node, without_day, around)


def test_a_fact_becomes_no_fact_of_another_kind() -> None:
    record = an_organisation(CODE)
    name = only(record, FacetKind.NAME).node.value
    contact = places.contact(IRI, email="a@b.example", period=dated("2025-01-01"))
    with pytest.raises(ImpossibleDay):
        changes.change(record, name, contact, Book(record).around)


def test_a_facet_that_is_not_there_is_named() -> None:
    record = an_organisation(CODE)
    with pytest.raises(WrongParties, match="facet-onbekend") as refused:
        changes.end(record, "https://data.vlaanderen.be/id/benaming/x", NEW_YEAR, Book().around)
    assert refused.value.facet.endswith("benaming/x")
    assert refused.value.record == record.iri
    with pytest.raises(WrongParties, match="facet-onbekend"):
        changes.redate(record, "https://data.vlaanderen.be/id/benaming/x", dated(), Book().around)


# --- undated ---------------------------------------------------------------------------------


def test_a_description_is_replaced_without_a_date() -> None:
    book = Book(an_organisation(CODE))
    for text in ("Oude tekst", "Nieuwe tekst"):
        literal = Literal(text, language="nl")
        book.write(changes.describe(book[CODE], DCT.description, [literal], book.around))
    assert stated(book[CODE], DCT.description) == {"Nieuwe tekst"}


def test_only_undated_facts_are_described() -> None:
    record = an_organisation(CODE)
    with pytest.raises(WrongParties, match="geen-ongedateerd-feit"):
        changes.describe(record, DCT.identifier, [Literal("OVO000002")], Book().around)


# --- corrections -----------------------------------------------------------------------------


def test_a_correction_may_change_the_past_and_an_organisation_that_has_ended() -> None:
    book = Book(an_organisation(CODE, "Naam", life=dated("2000-01-01", "2010-12-31")))
    book.write(changes.redate(book[CODE], IRI, dated("2001-01-01", "2011-12-31"), book.around))
    name = only(book[CODE], FacetKind.NAME).node.value
    outcome = book.write(changes.redate(book[CODE], name, dated("2001-01-01"), book.around))
    assert facets.life(book[CODE]) == dated("2001-01-01", "2011-12-31")
    assert only(book[CODE], FacetKind.NAME).period == dated("2001-01-01")
    assert outcome.what is Operation.CORRECTION
    assert outcome.on is None


def test_a_corrected_record_is_taken_as_it_is() -> None:
    wrong, right = an_organisation(CODE, "Fuot"), an_organisation(CODE, "Goed")
    assert changes.correct(wrong, right, Book(wrong).around).records == (right,)


def test_a_correction_that_changes_nothing_yields_nothing() -> None:
    record = an_organisation(CODE)
    assert changes.correct(record, record, Book(record).around).records == ()


def test_a_correction_keeps_to_its_organisation() -> None:
    with pytest.raises(WrongParties, match="andere-organisatie"):
        changes.correct(an_organisation(CODE), an_organisation("OVO000002"), Book().around)


def test_a_correction_of_an_event_is_possible_too() -> None:
    book = hasselt_and_kortessem()
    merger = changes.merge([book[KORTESSEM]], book[HASSELT], NEW_YEAR, book.around)
    event = merger.record(merger.event or "")
    later = changes.merge([book[KORTESSEM]], book[HASSELT], NEW_YEAR, book.around, label="Beter")
    better = later.record(later.event or "")
    assert changes.correct(event, better, book.around).records == (better,)


# --- several operations as one ---------------------------------------------------------------


def test_two_operations_on_a_record_become_one_outcome() -> None:
    book = Book(an_organisation(CODE, "Oud"))
    first = changes.rename(book[CODE], "Nieuw", NEW_YEAR, book.around)
    contact = places.contact(IRI, email="a@b.example", period=dated("2025-01-01"))
    second = changes.add(first.record(IRI), contact, book.around)
    both = second.after(first)
    assert both.records == second.records
    assert both.closed == first.closed
    assert said(only(both.records[0], FacetKind.NAME, on=NEW_YEAR)) == "Nieuw"
    assert shortcuts(both.records[0], OLD_YEAR) == shortcuts(book[CODE], OLD_YEAR)
