"""The record as valid on a date: for every date the shortcuts follow from the facets."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from organisatieregister import facets, places
from organisatieregister.facets import FacetKind
from organisatieregister.identifiers import OvoCode
from organisatieregister.periods import Period
from organisatieregister.records import Record, text_of
from organisatieregister.validity import (
    ACTIVE,
    BEING_FOUNDED,
    INACTIVE,
    next_change,
    shortcuts,
    status,
    valid_on,
)
from organisatieregister.vocabulary import (
    ADMS,
    DCT,
    FOAF,
    ORG,
    RDFS,
    REG,
    ROV,
    SCHEMA,
    SKOS,
    SKOSXL,
)
from tests.examples import KBO, a_merger, an_organisation, days, organisations

IRI = OvoCode("OVO000001").iri
PARENT = OvoCode("OVO000002").iri
NEW_YEAR = date(2025, 1, 1)
OLD_YEAR = date(2024, 12, 31)


def objects(record: Record, predicate: NamedNode, on: date) -> set[str]:
    return {
        text_of(t.object)
        for t in shortcuts(record, on)
        if t.subject == record.subject and t.predicate == predicate
    }


# --- properties ------------------------------------------------------------------------------


@given(organisations(), days)
def test_there_is_exactly_one_preferred_dutch_name_on_every_day(record: Record, on: date) -> None:
    dutch = [
        t
        for t in shortcuts(record, on)
        if t.predicate == SKOS.prefLabel and isinstance(t.object, Literal)
        and t.object.language == "nl"
    ]  # fmt: skip
    assert len(dutch) == 1


@given(organisations(), days)
def test_parents_follow_from_the_memberships_in_force(record: Record, on: date) -> None:
    alive = facets.life(record).contains(on) and status(record, on) != INACTIVE
    expected = {
        f.value(ORG.organization).value  # type: ignore[union-attr]
        for f in facets.facets(record)
        if f.kind is FacetKind.PARENT and f.period.contains(on) and alive
    }
    assert objects(record, ORG.subOrganizationOf, on) == expected


@given(organisations(), days)
def test_nothing_is_shown_that_has_another_time(record: Record, on: date) -> None:
    shown = valid_on(record, on)
    lasting = {FacetKind.NAME, FacetKind.IDENTIFIER, FacetKind.CLASSIFICATION, FacetKind.STATUS}
    alive = facets.life(record).contains(on) and status(record, on) != INACTIVE
    for facet in facets.facets(record):
        if facet.kind not in lasting:
            linked = Triple(record.subject, REG.facet, facet.node) in shown
            assert linked == (facet.period.contains(on) and alive)
            assert linked == (facet.own[0] in shown)


@given(organisations(), days)
def test_every_link_to_a_part_leads_somewhere(record: Record, on: date) -> None:
    shown = valid_on(record, on)
    subjects = {t.subject for t in shown}
    for triple in shown:
        if isinstance(triple.object, NamedNode) and triple.object.value in record.by_subject:
            assert triple.object in subjects, triple


@given(organisations(), days)
def test_between_two_changes_nothing_changes(record: Record, on: date) -> None:
    turning = next_change(record, on)
    last = (turning - timedelta(days=1)) if turning else date(2100, 1, 1)
    assert shortcuts(record, on) == shortcuts(record, last)


@given(organisations(), days)
def test_shortcuts_are_never_among_the_stored_triples(record: Record, on: date) -> None:
    assert not shortcuts(record, on) & record.triples


@given(organisations(), days, st.integers(0, 40_000))
def test_what_holds_on_a_day_does_not_depend_on_days_asked_before(
    record: Record, on: date, other: int
) -> None:
    fresh = Record(record.iri, frozenset(record.triples))
    expected = shortcuts(record, on)
    shortcuts(fresh, date(1950, 1, 1) + timedelta(days=other))
    assert shortcuts(fresh, on) == expected


# --- examples --------------------------------------------------------------------------------


def test_a_rename_keeps_the_old_name_as_a_hidden_label() -> None:
    record = an_organisation(
        name="",
        more=facets.name(IRI, "voorkeursnaam", "Ham", Period.parse("", "2024-12-31"))
        + facets.name(IRI, "voorkeursnaam", "Tessenderlo-Ham", Period.parse("2025-01-01")),
    )
    assert objects(record, SKOS.prefLabel, OLD_YEAR) == {"Ham"}
    assert objects(record, SKOS.hiddenLabel, OLD_YEAR) == set()
    assert objects(record, SKOS.prefLabel, NEW_YEAR) == {"Tessenderlo-Ham"}
    assert objects(record, SKOS.hiddenLabel, NEW_YEAR) == {"Ham"}
    assert len(objects(record, SKOSXL.hiddenLabel, NEW_YEAR)) == 1


def test_a_former_name_keeps_its_dated_node_and_a_future_one_waits() -> None:
    record = an_organisation(
        name="",
        more=facets.name(IRI, "voorkeursnaam", "Oud", Period.parse("", "2024-12-31"))
        + facets.name(IRI, "voorkeursnaam", "Nieuw", Period.parse("2025-01-01")),
    )

    def forms(on: date) -> set[str]:
        return {text_of(t.object) for t in valid_on(record, on) if t.predicate == form}

    form = SKOSXL.literalForm
    assert forms(OLD_YEAR) == {"Oud"}
    assert forms(NEW_YEAR) == {"Oud", "Nieuw"}


def test_an_ended_organisation_keeps_its_name_and_codes_and_loses_its_contacts() -> None:
    record = an_organisation(
        life=Period.parse("", "2024-12-31"),
        parent="OVO000002",
        more=places.contact(IRI, homepage="https://www.nazareth.example/")
        + facets.identifier(IRI, KBO, "0207453801", Period.parse("", "2024-12-31")),
    )
    assert objects(record, ROV.orgStatus, OLD_YEAR) == {ACTIVE.value}
    assert objects(record, FOAF.homepage, OLD_YEAR) == {"https://www.nazareth.example/"}
    assert objects(record, ROV.orgStatus, NEW_YEAR) == {INACTIVE.value}
    assert objects(record, SKOS.prefLabel, NEW_YEAR) == {"Departement Voorbeeld"}
    assert len(objects(record, ADMS.identifier, NEW_YEAR)) == 2
    assert objects(record, SCHEMA.contactPoint, NEW_YEAR) == set()
    assert objects(record, ORG.subOrganizationOf, NEW_YEAR) == set()


def test_an_organisation_that_is_stated_to_be_inactive_is_below_nobody() -> None:
    record = an_organisation(
        parent="OVO000002",
        more=facets.stated_status(IRI, "nietactief")
        + places.contact(IRI, homepage="https://www.borsbeek.example/"),
    )
    assert objects(record, ROV.orgStatus, NEW_YEAR) == {INACTIVE.value}
    assert objects(record, ORG.subOrganizationOf, NEW_YEAR) == set()
    assert objects(record, FOAF.homepage, NEW_YEAR) == set()
    assert objects(record, SKOS.prefLabel, NEW_YEAR) == {"Departement Voorbeeld"}


def test_status_follows_from_the_life_then_from_what_a_source_states() -> None:
    coming = an_organisation(life=Period.parse("2025-01-01"))
    assert status(coming, OLD_YEAR) == BEING_FOUNDED
    assert status(coming, NEW_YEAR) == ACTIVE
    stated = an_organisation(more=facets.stated_status(IRI, "nietactief"))
    assert status(stated, NEW_YEAR) == INACTIVE
    assert status(an_organisation(), NEW_YEAR) == ACTIVE


def test_a_child_says_of_its_parent_that_it_has_a_child() -> None:
    record = an_organisation(parent="OVO000002")
    inverse = Triple(NamedNode(PARENT), ORG.hasSubOrganization, record.subject)
    assert inverse in shortcuts(record, NEW_YEAR)
    assert inverse not in valid_on(record, NEW_YEAR)


def test_a_parent_in_a_framework_is_no_administrative_parent() -> None:
    tree = facets.parent(IRI, PARENT, framework="https://data.vlaanderen.be/id/concept/T/vlimpers")
    assert objects(an_organisation(more=tree), ORG.subOrganizationOf, NEW_YEAR) == set()


def test_a_kbo_number_leads_to_the_enterprise() -> None:
    record = an_organisation(more=facets.identifier(IRI, KBO, "0207453801"))
    expected = {"https://org.belgif.be/id/CbeRegisteredEntity/0207453801"}
    assert objects(record, RDFS.seeAlso, NEW_YEAR) == expected
    assert len(objects(record, ROV.registration, NEW_YEAR)) == 1


def test_a_legal_form_has_its_own_shortcut() -> None:
    concept = "https://data.vlaanderen.be/id/concept/Rechtsvormtype/v1/411"
    record = an_organisation(more=facets.classification(IRI, "Rechtsvorm", concept))
    assert objects(record, ORG.classification, NEW_YEAR) == set()
    assert Triple(
        record.subject,
        NamedNode("https://data.vlaanderen.be/ns/organisatie#rechtsvorm"),
        NamedNode(concept),
    ) in shortcuts(record, NEW_YEAR)


def test_a_merger_speaks_from_its_date_on() -> None:
    event = a_merger("2025-01-01", ["OVO000001", "OVO000002"], "OVO000003")
    assert shortcuts(event, OLD_YEAR) == frozenset()
    said = {(text_of(t.subject)[-9:], t.predicate, text_of(t.object)[-9:])
            for t in shortcuts(event, NEW_YEAR)}  # fmt: skip
    assert ("OVO000001", DCT.isReplacedBy, "OVO000003") in said
    assert ("OVO000003", DCT.replaces, "OVO000002") in said
    assert next_change(event, OLD_YEAR) == NEW_YEAR


def test_the_survivor_of_an_absorption_is_not_replaced() -> None:
    event = a_merger("2025-01-01", ["OVO000001", "OVO000002"], "OVO000002")
    said = shortcuts(event, NEW_YEAR)
    survivor, absorbed = NamedNode(PARENT), NamedNode(IRI)
    assert Triple(absorbed, DCT.isReplacedBy, survivor) in said
    assert Triple(survivor, DCT.replaces, absorbed) in said
    assert not [t for t in said if t.subject == survivor and t.predicate == DCT.isReplacedBy]
    assert Triple(survivor, ORG.changedBy, event.subject) in said
    assert Triple(survivor, ORG.resultedFrom, event.subject) in said
