"""Organisations end in others: the mergers of 2025, splits and replacements."""

from datetime import date

import pytest

from organisatieregister import changes, facets
from organisatieregister.changes import Operation, Outcome
from organisatieregister.errors import (
    ImpossibleDay,
    OrganisationEnded,
    SelfRelation,
    TreeCycle,
    WrongParties,
)
from organisatieregister.facets import FacetKind, life
from organisatieregister.identifiers import KboNumber, OvoCode, change_event_iri
from organisatieregister.records import Record
from organisatieregister.validity import ACTIVE, INACTIVE, shortcuts, status
from organisatieregister.vocabulary import DCT, ORG, RDF, RDFS, VLORG
from tests.changes.book import (
    DE_PINTE,
    EAST_FLANDERS,
    HASSELT,
    KORTESSEM,
    LIMBURG,
    NAZARETH,
    NAZARETH_DE_PINTE,
    NEW_YEAR,
    OLD_YEAR,
    VLIMPERS,
    Book,
    dated,
    hasselt_and_kortessem,
    linked,
    name_on,
    nazareth_and_de_pinte,
    only,
    parents_on,
    stated,
)
from tests.examples import an_organisation

CHURCH, SCHOOL = "OVO029722", "OVO000777"


def iri(code: str) -> str:
    return OvoCode(code).iri


def the_new_municipality(book: Book) -> Outcome:
    """Gemeente Nazareth-De Pinte, with a code that was issued for it."""
    return changes.register(
        OvoCode(NAZARETH_DE_PINTE),
        "Gemeente Nazareth-De Pinte",
        book.around,
        life=dated("2025-01-01"),
        kbo=KboNumber("1010781867"),
        more=[facets.parent(iri(NAZARETH_DE_PINTE), iri(EAST_FLANDERS), dated("2025-01-01"))],
    )


def the_fusion(book: Book, *children: Record) -> Outcome:
    """Nazareth and De Pinte become Nazareth-De Pinte, registered in the same go."""
    founded = the_new_municipality(book)
    merger = changes.merge(
        [book[NAZARETH], book[DE_PINTE]],
        founded.records[0],
        NEW_YEAR,
        book.around,
        children=children,
    )
    return book.write(merger.after(founded))


def event_of(outcome: Outcome) -> Record:
    return outcome.record(outcome.event or "")


# --- fusion ----------------------------------------------------------------------------------


def test_nazareth_and_de_pinte_become_one() -> None:
    book = nazareth_and_de_pinte()
    outcome = the_fusion(book)
    event = event_of(outcome)
    assert outcome.what is Operation.MERGER
    assert linked(event, ORG.originalOrganization) == {NAZARETH, DE_PINTE}
    assert linked(event, ORG.resultingOrganization) == {NAZARETH_DE_PINTE}
    assert stated(event, DCT.date) == {"2025-01-01"}
    assert stated(event, RDFS.label) == {
        "Fusie van Gemeente Nazareth en Gemeente De Pinte tot Gemeente Nazareth-De Pinte"
    }
    assert stated(event, RDF.type) == {ORG.ChangeEvent.value, VLORG.Fusie.value}


def test_on_the_last_day_of_the_year_the_old_ones_live_and_on_new_year_the_new_one() -> None:
    book = nazareth_and_de_pinte()
    the_fusion(book)
    for code in (NAZARETH, DE_PINTE):
        assert status(book[code], OLD_YEAR) == ACTIVE
        assert status(book[code], NEW_YEAR) == INACTIVE
        assert life(book[code]).end == OLD_YEAR
    assert status(book[NAZARETH_DE_PINTE], OLD_YEAR) != ACTIVE
    assert status(book[NAZARETH_DE_PINTE], NEW_YEAR) == ACTIVE


def test_from_new_year_on_the_old_ones_are_replaced_by_the_new_one() -> None:
    book = nazareth_and_de_pinte()
    event = event_of(the_fusion(book))
    assert shortcuts(event, OLD_YEAR) == frozenset()
    replaced = {
        str(t.subject)[-10:-1]
        for t in shortcuts(event, NEW_YEAR)
        if t.predicate == DCT.isReplacedBy
    }
    assert replaced == {NAZARETH, DE_PINTE}


def test_a_fusion_yields_all_records_and_lists_what_was_closed() -> None:
    book = nazareth_and_de_pinte()
    outcome = the_fusion(book)
    assert {r.iri for r in outcome.records} == {
        iri(NAZARETH), iri(DE_PINTE), iri(NAZARETH_DE_PINTE), outcome.event,
    }  # fmt: skip
    ended = {
        f.node.value
        for code in (NAZARETH, DE_PINTE)
        for f in facets.facets(book[code])
        if f.period.end == OLD_YEAR
    }
    assert set(outcome.closed) == ended
    assert outcome.on == NEW_YEAR


def test_the_same_merger_from_another_source_is_the_same_event() -> None:
    codes = "|".join(sorted((NAZARETH, DE_PINTE, NAZARETH_DE_PINTE)))
    expected = change_event_iri(f"fusie|2025-01-01|{codes}")
    assert the_fusion(nazareth_and_de_pinte()).event == expected


def test_the_children_move_to_the_result_in_every_tree() -> None:
    book = nazareth_and_de_pinte()
    vlimpers = facets.parent(iri(CHURCH), iri(DE_PINTE), dated("2010-01-01"), framework=VLIMPERS)
    church = an_organisation(CHURCH, "Kerkfabriek O.-L.-Vrouw", parent=NAZARETH, more=vlimpers)
    book.records[church.iri] = church
    outcome = the_fusion(book, church)
    assert parents_on(book[CHURCH], OLD_YEAR) == {NAZARETH}
    assert parents_on(book[CHURCH], NEW_YEAR) == {NAZARETH_DE_PINTE}
    in_framework = [
        (f.period, str(f.value(ORG.organization))[-10:-1])
        for f in facets.facets(book[CHURCH])
        if f.node in {t.subject for t in book[CHURCH].triples if str(t.object) == f"<{VLIMPERS}>"}
    ]
    assert sorted(in_framework, key=str) == [
        (dated("2010-01-01", "2024-12-31"), DE_PINTE),
        (dated("2025-01-01"), NAZARETH_DE_PINTE),
    ]
    assert facets.node_of(vlimpers).value in outcome.closed


def test_a_child_that_has_ended_keeps_its_parent() -> None:
    book = nazareth_and_de_pinte()
    school = an_organisation(SCHOOL, "School", parent=NAZARETH, life=dated("", "2020-06-30"))
    book.records[school.iri] = school
    outcome = the_fusion(book, school)
    assert school.iri not in {record.iri for record in outcome.records}


def test_a_planned_parent_of_a_child_moves_too() -> None:
    book = nazareth_and_de_pinte()
    plan = facets.parent(iri(SCHOOL), iri(DE_PINTE), dated("2028-01-01", "2029-12-31"))
    school = an_organisation(SCHOOL, "School", more=plan)
    book.records[school.iri] = school
    the_fusion(book, school)
    parent = only(book[SCHOOL], FacetKind.PARENT)
    assert parent.period == dated("2028-01-01", "2029-12-31")
    assert parents_on(book[SCHOOL], date(2028, 6, 1)) == {NAZARETH_DE_PINTE}


def test_a_merger_may_be_recorded_after_its_originals_ended() -> None:
    book = nazareth_and_de_pinte()
    for code in (NAZARETH, DE_PINTE):
        book.write(changes.terminate(book[code], NEW_YEAR, book.around))
    before = book[NAZARETH]
    outcome = the_fusion(book)
    assert book[NAZARETH] == before
    assert linked(event_of(outcome), ORG.originalOrganization) == {NAZARETH, DE_PINTE}


def test_an_original_that_ended_earlier_cannot_merge() -> None:
    book = nazareth_and_de_pinte()
    book.write(changes.terminate(book[NAZARETH], date(2020, 1, 1), book.around))
    with pytest.raises(OrganisationEnded):
        the_fusion(book)


def test_the_result_may_be_in_the_register_before_the_day() -> None:
    book = nazareth_and_de_pinte()
    book.write(the_new_municipality(book))
    outcome = book.write(
        changes.merge(
            [book[NAZARETH], book[DE_PINTE]], book[NAZARETH_DE_PINTE], NEW_YEAR, book.around
        )
    )
    assert linked(event_of(outcome), ORG.originalOrganization) == {NAZARETH, DE_PINTE}
    assert iri(NAZARETH_DE_PINTE) not in {record.iri for record in outcome.records}


def test_a_merger_in_the_future_waits_for_its_day() -> None:
    book = nazareth_and_de_pinte()
    day = date(2031, 1, 1)
    founded = changes.register(
        OvoCode(NAZARETH_DE_PINTE), "Nieuw", book.around, life=dated("2031-01-01")
    )
    merger = changes.merge([book[NAZARETH], book[DE_PINTE]], founded.records[0], day, book.around)
    book.write(merger.after(founded))
    assert status(book[NAZARETH], date(2030, 12, 31)) == ACTIVE
    assert status(book[NAZARETH], day) == INACTIVE


# --- absorption ------------------------------------------------------------------------------


@pytest.mark.parametrize("survivor_is_named", [False, True])
def test_hasselt_absorbs_kortessem(survivor_is_named: bool) -> None:
    book = hasselt_and_kortessem()
    hasselt = book[HASSELT]
    originals = [book[KORTESSEM]] + ([hasselt] if survivor_is_named else [])
    outcome = book.write(changes.merge(originals, hasselt, NEW_YEAR, book.around))
    event = event_of(outcome)
    assert linked(event, ORG.originalOrganization) == {KORTESSEM, HASSELT}
    assert linked(event, ORG.resultingOrganization) == {HASSELT}
    assert stated(event, RDFS.label) == {"Opslorping van Kortessem door Stad Hasselt"}
    assert book[HASSELT] == hasselt
    assert life(book[KORTESSEM]).end == OLD_YEAR
    assert {record.iri for record in outcome.records} == {iri(KORTESSEM), event.iri}


def test_the_label_names_the_organisations_as_they_were_called() -> None:
    book = hasselt_and_kortessem()
    book.write(changes.rename(book[HASSELT], "Stad Hasselt-Kortessem", NEW_YEAR, book.around))
    outcome = changes.merge([book[KORTESSEM]], book[HASSELT], NEW_YEAR, book.around)
    assert stated(event_of(outcome), RDFS.label) == {
        "Opslorping van Kortessem door Stad Hasselt-Kortessem"
    }


def test_the_survivor_is_no_child_of_itself() -> None:
    book = hasselt_and_kortessem()
    book.write(changes.move(book[HASSELT], iri(KORTESSEM), date(2020, 1, 1), book.around))
    with pytest.raises(SelfRelation):
        changes.merge(
            [book[KORTESSEM]], book[HASSELT], NEW_YEAR, book.around, children=[book[HASSELT]]
        )


def test_a_child_above_the_survivor_would_close_a_cycle() -> None:
    book = hasselt_and_kortessem()
    agency = an_organisation(SCHOOL, "Agentschap", parent=KORTESSEM)
    book.records[agency.iri] = agency
    book.write(changes.move(book[HASSELT], agency.iri, date(2020, 1, 1), book.around))
    with pytest.raises(TreeCycle):
        changes.merge([book[KORTESSEM]], book[HASSELT], NEW_YEAR, book.around, children=[agency])


# --- who may merge ---------------------------------------------------------------------------


def test_a_merger_names_two_or_more() -> None:
    book = nazareth_and_de_pinte()
    new = the_new_municipality(book).records[0]
    for originals in ([], [book[NAZARETH]], [book[NAZARETH], book[NAZARETH]]):
        with pytest.raises(WrongParties, match="fusie-van-twee-of-meer"):
            changes.merge(originals, new, NEW_YEAR, book.around)
    with pytest.raises(WrongParties, match="fusie-van-twee-of-meer"):
        changes.merge([book[NAZARETH]] * 2, book[DE_PINTE], NEW_YEAR, book.around)


def test_the_result_lives_on_the_day() -> None:
    book = nazareth_and_de_pinte()
    originals = [book[NAZARETH], book[DE_PINTE]]
    coming = an_organisation(NAZARETH_DE_PINTE, life=dated("2025-01-02"))
    with pytest.raises(ImpossibleDay, match="nog-niet-begonnen"):
        changes.merge(originals, coming, NEW_YEAR, book.around)
    gone = an_organisation(NAZARETH_DE_PINTE, life=dated("", "2024-12-31"))
    with pytest.raises(OrganisationEnded):
        changes.merge(originals, gone, NEW_YEAR, book.around)


def test_what_begins_on_the_day_is_no_original() -> None:
    book = nazareth_and_de_pinte()
    new = the_new_municipality(book).records[0]
    with pytest.raises(ImpossibleDay, match="nog-niet-begonnen"):
        changes.merge([book[NAZARETH], new], new, NEW_YEAR, book.around)


# --- split and replacement -------------------------------------------------------------------


def test_a_split_makes_two_and_shares_out_the_children() -> None:
    book = nazareth_and_de_pinte()
    church = an_organisation(CHURCH, "Kerkfabriek", parent=NAZARETH)
    school = an_organisation(SCHOOL, "School", parent=NAZARETH)
    left = an_organisation("OVO000101", "Nazareth", life=dated("2025-01-01"))
    right = an_organisation("OVO000102", "Eke", life=dated("2025-01-01"))
    book.records |= {r.iri: r for r in (church, school)}
    outcome = book.write(
        changes.split(
            book[NAZARETH],
            [left, right],
            NEW_YEAR,
            book.around,
            children={left.iri: [church], right.iri: [school]},
        )
    )
    event = event_of(outcome)
    assert outcome.what is Operation.SPLIT
    assert linked(event, ORG.originalOrganization) == {NAZARETH}
    assert linked(event, ORG.resultingOrganization) == {"OVO000101", "OVO000102"}
    assert stated(event, RDFS.label) == {"Splitsing van Gemeente Nazareth in Nazareth en Eke"}
    assert life(book[NAZARETH]).end == OLD_YEAR
    assert parents_on(book[CHURCH], NEW_YEAR) == {"OVO000101"}
    assert parents_on(book[SCHOOL], NEW_YEAR) == {"OVO000102"}
    assert {left.iri, right.iri} <= {record.iri for record in outcome.records}


def test_who_splits_may_go_on() -> None:
    book = nazareth_and_de_pinte()
    before = book[NAZARETH]
    new = an_organisation("OVO000102", "Eke", life=dated("2025-01-01"))
    book.write(changes.split(before, [before, new], NEW_YEAR, book.around))
    assert book[NAZARETH] == before


def test_a_split_is_into_two_or_more() -> None:
    book = nazareth_and_de_pinte()
    new = an_organisation("OVO000102", "Eke", life=dated("2025-01-01"))
    for results in ([], [new], [new, new]):
        with pytest.raises(WrongParties, match="splitsing-in-twee-of-meer"):
            changes.split(book[NAZARETH], results, NEW_YEAR, book.around)


def test_a_child_goes_to_one_result() -> None:
    book = nazareth_and_de_pinte()
    church = an_organisation(CHURCH, "Kerkfabriek", parent=NAZARETH)
    results = [an_organisation(f"OVO00010{n}", life=dated("2025-01-01")) for n in (1, 2)]
    with pytest.raises(WrongParties, match="tweemaal"):
        changes.split(
            book[NAZARETH],
            results,
            NEW_YEAR,
            book.around,
            children={result.iri: [church] for result in results},
        )


def test_a_replacement_puts_one_in_the_place_of_another() -> None:
    book = nazareth_and_de_pinte()
    church = an_organisation(CHURCH, "Kerkfabriek", parent=NAZARETH)
    book.records[church.iri] = church
    outcome = book.write(
        changes.replace(book[NAZARETH], book[DE_PINTE], NEW_YEAR, book.around, children=[church])
    )
    event = event_of(outcome)
    assert outcome.what is Operation.REPLACEMENT
    assert linked(event, ORG.originalOrganization) == {NAZARETH}
    assert linked(event, ORG.resultingOrganization) == {DE_PINTE}
    assert stated(event, RDFS.label) == {"Vervanging van Gemeente Nazareth door Gemeente De Pinte"}
    assert life(book[NAZARETH]).end == OLD_YEAR
    assert life(book[DE_PINTE]).end is None
    assert parents_on(book[CHURCH], NEW_YEAR) == {DE_PINTE}


def test_nobody_replaces_itself() -> None:
    book = nazareth_and_de_pinte()
    with pytest.raises(WrongParties, match="vervanging-door-een-andere"):
        changes.replace(book[NAZARETH], book[NAZARETH], NEW_YEAR, book.around)


def test_a_label_of_ones_own_is_kept() -> None:
    book = hasselt_and_kortessem()
    outcome = changes.merge(
        [book[KORTESSEM]], book[HASSELT], NEW_YEAR, book.around, label="Vrijwillige fusie"
    )
    assert stated(event_of(outcome), RDFS.label) == {"Vrijwillige fusie"}
    assert name_on(book[LIMBURG], NEW_YEAR) == "Provincie Limburg"
