"""Every rule has a test that breaks it, and one that does not."""

from collections.abc import Callable
from datetime import date

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from organisatieregister import changes, facets, places
from organisatieregister.changes import KBO, OVO, Outcome
from organisatieregister.errors import (
    ChangeRefused,
    FactsOverlap,
    ImpossibleDay,
    MalformedPeriod,
    MalformedRecord,
    OrganisationEnded,
    OwnedElsewhere,
    SelfRelation,
)
from organisatieregister.facets import FacetKind, KeyType, Triples
from organisatieregister.identifiers import (
    KBO_ENTERPRISE,
    KboNumber,
    OvoCode,
    concept_iri,
    person_iri,
)
from organisatieregister.periods import ALWAYS, Period
from organisatieregister.records import Record
from organisatieregister.vocabulary import DCT, ORG, SCHEMA, XSD
from tests.changes.book import NEW_YEAR, NIS, TODAY, VLIMPERS, Book, dated, only
from tests.examples import an_organisation, kbo_number
from tests.shipped import ONTOLOGY, neighbours, records, rulebook

CODE = "OVO000001"
IRI, PARENT, SECOND = (OvoCode(f"OVO00000{n}").iri for n in (1, 2, 3))
LEVEL = "https://data.vlaanderen.be/id/concept/Bestuursniveau/lokaal"
DOMAIN = concept_iri("Classificatietype", "Beleidsdomein")
NUMBER = kbo_number(2_074_538)

FIRST, OVERLAPPING, AFTER = (
    dated("2020-01-01", "2024-12-31"),
    dated("2024-12-31"),
    dated("2025-01-01"),
)

Build = Callable[[str, Period], Triples]

ONE_AT_A_TIME: list[tuple[str, Build]] = [
    ("een-moederorganisatie-tegelijk", lambda x, p: facets.parent(IRI, f"{PARENT[:-1]}{x}", p)),
    (
        "een-moederorganisatie-tegelijk",
        lambda x, p: facets.parent(IRI, f"{PARENT[:-1]}{x}", p, framework=VLIMPERS),
    ),
    ("een-identificator-per-soort", lambda x, p: facets.identifier(IRI, NIS, f"4408{x}", p)),
    ("een-naam-per-soort-en-taal", lambda x, p: facets.name(IRI, "korte-naam", x, p)),
    ("een-naam-per-soort-en-taal", lambda x, p: facets.name(IRI, "wettelijke-naam", x, p)),
    (
        "een-naam-per-soort-en-taal",
        lambda x, p: facets.name(IRI, "voorkeursnaam", x, p, language="en"),
    ),
    (
        "een-classificatie-per-soort",
        lambda x, p: facets.classification(IRI, "Bestuursniveau", LEVEL + x, p),
    ),
    (
        "een-hoofdvestiging",
        lambda x, p: places.site(IRI, "hoofdvestiging", places.Address(f"Dorp {x}"), p),
    ),
    (
        "een-maatschappelijke-zetel",
        lambda x, p: places.site(IRI, "maatschappelijke-zetel", places.Address(f"Dorp {x}"), p),
    ),
    ("een-status-tegelijk", lambda x, p: facets.stated_status(IRI, f"status-{x}", p)),
]


def added(*built: Triples, plural: tuple[str, ...] = ()) -> Outcome:
    """The last of the facets added to an organisation that has the others."""
    *there, new = built
    record = an_organisation(CODE, more=[triple for facet in there for triple in facet])
    return changes.add(record, new, Book(record).seen(plural=plural))


# --- no overlap in time ----------------------------------------------------------------------


@pytest.mark.parametrize(("rule", "build"), ONE_AT_A_TIME)
def test_two_of_a_kind_do_not_hold_on_the_same_day(rule: str, build: Build) -> None:
    first, second = build("8", FIRST), build("9", OVERLAPPING)
    with pytest.raises(FactsOverlap) as refused:
        added(first, second)
    assert refused.value.rule == rule
    assert refused.value.record == IRI
    assert refused.value.facet == facets.node_of(second).value
    assert refused.value.period == "2024-12-31/…"
    assert refused.value.other == facets.node_of(first).value
    assert refused.value.other_period == "2020-01-01/2024-12-31"


@pytest.mark.parametrize(("rule", "build"), ONE_AT_A_TIME)
def test_two_of_a_kind_may_follow_each_other(rule: str, build: Build) -> None:
    assert added(build("8", FIRST), build("9", AFTER)).records


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (facets.parent(IRI, PARENT), facets.parent(IRI, SECOND, framework=VLIMPERS)),
        (
            facets.identifier(IRI, NIS, "44086"),
            facets.identifier(IRI, KeyType("INR", "INR"), "44086"),
        ),
        (facets.name(IRI, "korte-naam", "X"), facets.name(IRI, "wettelijke-naam", "X")),
        (facets.name(IRI, "korte-naam", "X"), facets.name(IRI, "korte-naam", "X", language="fr")),
        (
            facets.classification(IRI, "Bestuursniveau", LEVEL),
            facets.classification(IRI, "Categorie", LEVEL),
        ),
        (
            places.site(IRI, "hoofdvestiging", places.Address("Dorp 1")),
            places.site(IRI, "maatschappelijke-zetel", places.Address("Dorp 1")),
        ),
        (
            places.site(IRI, "vestiging", places.Address("Dorp 1")),
            places.site(IRI, "vestiging", places.Address("Dorp 2")),
        ),
        (
            places.contact(IRI, email="a@a.example"),
            places.contact(IRI, email="b@a.example"),
        ),
    ],
)
def test_what_is_not_of_a_kind_holds_together(first: Triples, second: Triples) -> None:
    assert added(first, second).records


def test_a_type_of_classification_may_allow_more() -> None:
    two = [facets.classification(IRI, "Beleidsdomein", LEVEL + x) for x in "12"]
    with pytest.raises(FactsOverlap, match="een-classificatie-per-soort"):
        added(*two)
    assert added(*two, plural=(DOMAIN,)).records


@pytest.mark.parametrize(
    "build",
    [
        lambda p: places.contact(IRI, email="a@a.example", period=p),
        lambda p: places.site(IRI, "vestiging", places.Address("Dorp 1"), p),
        lambda p: facets.relation(IRI, "werkt-samen-met", PARENT, p),
        lambda p: facets.post(IRI, LEVEL, p),
        lambda p: facets.membership(
            IRI, member=person_iri("a"), organisation=IRI, role=LEVEL, period=p
        ),
    ],
)
def test_the_same_fact_is_not_stated_twice_for_one_day(build: Callable[[Period], Triples]) -> None:
    with pytest.raises(FactsOverlap, match="hetzelfde-feit-tweemaal"):
        added(build(FIRST), build(OVERLAPPING))
    with pytest.raises(FactsOverlap, match="hetzelfde-feit-tweemaal"):
        added(build(ALWAYS), build(ALWAYS))
    assert added(build(FIRST), build(AFTER)).records


def test_the_code_list_says_which_types_allow_more() -> None:
    types = records(ONTOLOGY / "codelijsten" / "Classificatietype.ttl")
    assert changes.plural_types(types) == {DOMAIN}


def test_a_change_must_leave_room_for_what_follows() -> None:
    record = an_organisation(
        CODE,
        more=facets.identifier(IRI, NIS, "1", FIRST) + facets.identifier(IRI, NIS, "2", AFTER),
    )
    first = only(record, FacetKind.IDENTIFIER, "NIS", date(2022, 1, 1)).node.value
    around = Book(record).around
    with pytest.raises(FactsOverlap):
        changes.change(record, first, facets.identifier(IRI, NIS, "3", dated("2023-01-01")), around)
    until = facets.identifier(IRI, NIS, "3", dated("2023-01-01", "2024-12-31"))
    assert changes.change(record, first, until, around).records


def test_a_correction_may_not_make_facts_overlap_either() -> None:
    more = facets.identifier(IRI, NIS, "1", FIRST) + facets.identifier(IRI, NIS, "2", AFTER)
    record = an_organisation(CODE, more=more)
    with pytest.raises(FactsOverlap):
        changes.redate(record, facets.node_of(more).value, OVERLAPPING, Book(record).around)


def test_what_overlapped_already_can_be_mended_piece_by_piece() -> None:
    names = [facets.name(IRI, "korte-naam", x) for x in "XYZ"]
    record = an_organisation(CODE, more=[t for name in names for t in name])
    outcome = changes.end(record, facets.node_of(names[0]).value, NEW_YEAR, Book(record).around)
    assert outcome.closed == (facets.node_of(names[0]).value,)
    assert changes.rename(record, "Ander", NEW_YEAR, Book(record).around).records


@pytest.mark.parametrize(("rule", "build"), ONE_AT_A_TIME)
def test_the_shapes_say_the_same(rule: str, build: Build) -> None:
    """What comes in otherwise than by an operation is held to the same rule."""
    for second, is_broken in ((OVERLAPPING, True), (AFTER, False)):
        record = an_organisation(CODE, more=build("1", FIRST) + build("2", second))
        report = rulebook().check([record], neighbours([record]))
        broken = [r for r in report.violations if "-een-" in r.shape and r.rule == "SPARQL"]
        assert bool(broken) is is_broken, rule


# --- start not after end ---------------------------------------------------------------------


def test_a_period_does_not_start_after_its_end() -> None:
    with pytest.raises(MalformedPeriod):
        dated("2025-01-02", "2025-01-01")


def test_nor_does_one_that_comes_as_triples() -> None:
    def reversed_dates(subject: NamedNode) -> list[Triple]:
        return [
            Triple(subject, SCHEMA.startDate, Literal("2025-01-02", datatype=XSD.date)),
            Triple(subject, SCHEMA.endDate, Literal("2025-01-01", datatype=XSD.date)),
        ]

    name = facets.name(IRI, "korte-naam", "X")
    node = facets.node_of(name)
    with pytest.raises(ImpossibleDay, match="begin-na-einde") as refused:
        added([*name, *reversed_dates(node)])
    assert refused.value.facet == node.value
    assert refused.value.period == "2025-01-02/2025-01-01"
    record = an_organisation(CODE)
    wrong = Record(IRI, record.triples | set(reversed_dates(record.subject)))
    with pytest.raises(ImpossibleDay, match="begin-na-einde"):
        changes.correct(record, wrong, Book(record).around)


# --- no relation with itself -----------------------------------------------------------------


@pytest.mark.parametrize(
    "facet",
    [
        facets.parent(IRI, IRI),
        facets.parent(IRI, IRI, framework=VLIMPERS),
        facets.relation(IRI, "werkt-samen-met", IRI),
        facets.membership(IRI, member=IRI, organisation=IRI, role=LEVEL),
    ],
)
def test_an_organisation_is_not_related_to_itself(facet: Triples) -> None:
    with pytest.raises(SelfRelation, match="niet-met-zichzelf") as refused:
        added(facet)
    assert refused.value.facet == facets.node_of(facet).value


# --- nothing but reopening or correcting -----------------------------------------------------

Operate = Callable[[Record, Book], Outcome]
ON = date(2023, 1, 1)

REFUSED_AFTER_THE_END: list[Operate] = [
    lambda r, b: changes.rename(r, "Nieuw", ON, b.around),
    lambda r, b: changes.add(r, facets.name(IRI, "korte-naam", "X", Period(ON)), b.around),
    lambda r, b: changes.add(r, facets.name(IRI, "korte-naam", "X"), b.around),
    lambda r, b: changes.change(
        r,
        only(r, FacetKind.NAME).node.value,
        facets.name(IRI, "voorkeursnaam", "X", Period(ON)),
        b.around,
    ),
    lambda r, b: changes.end(r, only(r, FacetKind.NAME).node.value, ON, b.around),
    lambda r, b: changes.describe(r, DCT.description, [Literal("x", language="nl")], b.around),
    lambda r, b: changes.move(r, PARENT, ON, b.around),
    lambda r, b: changes.terminate(r, ON, b.around),
    lambda r, b: changes.dissolve(r, ON, b.around),
    lambda r, b: changes.replace(r, an_organisation("OVO000002"), ON, b.around),
    lambda r, b: changes.merge([r], an_organisation("OVO000002"), ON, b.around),
    lambda r, b: changes.merge([an_organisation("OVO000002")], r, ON, b.around),
    lambda r, b: changes.split(
        r, [an_organisation("OVO000002"), an_organisation("OVO000003")], ON, b.around
    ),
    lambda r, b: changes.couple(r, KboNumber(NUMBER), ON, b.around),
    lambda r, b: changes.uncouple(r, ON, b.around),
]


@pytest.mark.parametrize("operate", REFUSED_AFTER_THE_END)
def test_nothing_happens_to_an_organisation_that_has_ended(operate: Operate) -> None:
    ended = an_organisation(CODE, life=dated("", "2024-12-31"))
    with pytest.raises(OrganisationEnded, match="organisatie-beeindigd") as refused:
        operate(ended, Book(ended))
    assert refused.value.period == "…/2024-12-31"


@pytest.mark.parametrize("operate", REFUSED_AFTER_THE_END)
def test_nor_after_an_end_that_is_planned(operate: Operate) -> None:
    ending = an_organisation(CODE, life=dated("", "2022-06-30"))
    with pytest.raises(OrganisationEnded):
        operate(ending, Book(ending, today=date(2024, 1, 1)))


def test_before_a_planned_end_everything_goes_on() -> None:
    ending = an_organisation(CODE, life=dated("", "2030-12-31"))
    around = Book(ending, today=TODAY).around
    assert changes.rename(ending, "Nieuw", date(2029, 1, 1), around).records


def test_reopening_and_correcting_are_possible() -> None:
    ended = an_organisation(CODE, life=dated("", "2024-12-31"))
    around = Book(ended).around
    assert changes.reopen(ended, around).records
    assert changes.redate(ended, IRI, dated("", "2023-12-31"), around).records


# --- owned elsewhere -------------------------------------------------------------------------

SOURCE = KBO_ENTERPRISE + NUMBER


@pytest.mark.parametrize(
    "build",
    [
        lambda x, p: facets.name(IRI, "korte-naam", x, p),
        lambda x, p: facets.name(IRI, "wettelijke-naam", x, p),
        lambda x, p: facets.classification(IRI, "Rechtsvorm", LEVEL + x, p),
        lambda x, p: places.site(IRI, "maatschappelijke-zetel", places.Address(f"Dorp {x}"), p),
    ],
)
def test_what_the_kbo_owns_is_changed_there(build: Build) -> None:
    fact = facets.sourced(build("1", ALWAYS), SOURCE)
    record = an_organisation(CODE, more=fact + facets.identifier(IRI, KBO, NUMBER))
    book, node = Book(record), facets.node_of(fact).value
    with pytest.raises(OwnedElsewhere, match="gegeven-van-de-kbo") as refused:
        changes.end(record, node, NEW_YEAR, book.around)
    assert refused.value.facet == node
    with pytest.raises(OwnedElsewhere, match="gegeven-van-de-kbo"):
        changes.change(record, node, build("2", AFTER), book.around)
    assert changes.end(record, node, NEW_YEAR, book.seen(through_kbo=True)).records


@pytest.mark.parametrize(
    "more",
    [
        facets.sourced(facets.name(IRI, "korte-naam", "X"), SOURCE),
        facets.sourced(facets.name(IRI, "korte-naam", "X"), "https://elders.example/")
        + facets.identifier(IRI, KBO, NUMBER),
        facets.sourced(places.contact(IRI, email="a@b.example"), SOURCE)
        + facets.identifier(IRI, KBO, NUMBER),
        facets.sourced(facets.classification(IRI, "Bestuursniveau", LEVEL), SOURCE)
        + facets.identifier(IRI, KBO, NUMBER),
        facets.sourced(places.site(IRI, "hoofdvestiging", places.Address("Dorp 1")), SOURCE)
        + facets.identifier(IRI, KBO, NUMBER),
    ],
)
def test_what_the_kbo_does_not_own_is_changed_here(more: Triples) -> None:
    record = an_organisation(CODE, more=more)
    assert changes.end(record, facets.node_of(more).value, NEW_YEAR, Book(record).around).records


def test_an_ovo_code_never_ends_and_never_changes() -> None:
    record = an_organisation(CODE)
    node = only(record, FacetKind.IDENTIFIER, "OVO").node.value
    with pytest.raises(OwnedElsewhere, match="ovo-code-vast"):
        changes.end(record, node, NEW_YEAR, Book(record).around)
    other = facets.identifier(IRI, OVO, "OVO000002", AFTER)
    with pytest.raises(OwnedElsewhere, match="ovo-code-vast"):
        changes.change(record, node, other, Book(record).around)
    with pytest.raises(OwnedElsewhere, match="ovo-code-vast"):
        changes.add(record, other, Book(record).around)


def test_no_identifier_becomes_an_ovo_code_or_a_kbo_number() -> None:
    record = an_organisation(CODE, more=facets.identifier(IRI, NIS, "44086"))
    node = only(record, FacetKind.IDENTIFIER, "NIS").node.value
    for key_type, code in ((OVO, "OVO000002"), (KBO, NUMBER)):
        with pytest.raises(OwnedElsewhere):
            new = facets.identifier(IRI, key_type, code, AFTER)
            changes.change(record, node, new, Book(record).around)


def test_a_kbo_number_comes_by_coupling_and_goes_by_uncoupling() -> None:
    record = an_organisation(CODE, more=facets.identifier(IRI, KBO, NUMBER))
    node = only(record, FacetKind.IDENTIFIER, "KBO").node.value
    with pytest.raises(OwnedElsewhere, match="kbo-nummer-via-koppeling"):
        changes.end(record, node, NEW_YEAR, Book(record).around)
    with pytest.raises(OwnedElsewhere, match="kbo-nummer-via-koppeling"):
        added(facets.identifier(IRI, KBO, NUMBER))


# --- outside the organisation's life ---------------------------------------------------------


@pytest.mark.parametrize(
    "period", [dated("1999-12-31"), dated("", "1999-12-31"), dated("2005-01-01", "2031-01-01"),
               dated("2031-01-01", "2032-01-01")],
)  # fmt: skip
def test_a_fact_outside_the_life_of_its_organisation_is_reported_not_refused(
    period: Period,
) -> None:
    record = an_organisation(CODE, life=dated("2000-01-01", "2030-12-31"))
    facet = facets.name(IRI, "korte-naam", "X", period)
    if period.start and period.start > date(2030, 12, 31):
        with pytest.raises(OrganisationEnded):
            changes.add(record, facet, Book(record).around)
        after = Record.of(IRI, record.triples | set(facet))
        outcome = changes.correct(record, after, Book(record).around)
    else:
        outcome = changes.add(record, facet, Book(record).around)
    [notice] = outcome.warnings
    assert notice.rule == "buiten-de-levensloop"
    assert notice.facet == facets.node_of(facet).value
    assert notice.period == period


@pytest.mark.parametrize("period", [ALWAYS, dated("2000-01-01"), dated("", "2030-12-31")])
def test_a_fact_within_it_is_not_reported(period: Period) -> None:
    record = an_organisation(CODE, life=dated("2000-01-01", "2030-12-31"))
    facet = facets.name(IRI, "korte-naam", "X", period)
    assert changes.add(record, facet, Book(record).around).warnings == ()


# --- what is a facet -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        [Triple(NamedNode(IRI), ORG.purpose, Literal("x", language="nl"))],
        [
            *facets.name(IRI, "korte-naam", "X"),
            Triple(NamedNode(IRI), DCT.identifier, Literal("y")),
        ],
        [
            *facets.name(IRI, "korte-naam", "X"),
            Triple(NamedNode(PARENT), DCT.identifier, Literal("y")),
        ],
        [
            *facets.name(IRI, "korte-naam", "X"),
            *facets.name(IRI, "korte-naam", "Y")[1:],
        ],
        facets.name(PARENT, "korte-naam", "X"),
        [
            *facets.sourced(facets.name(IRI, "korte-naam", "X"), LEVEL),
            Triple(NamedNode(LEVEL), DCT.type, NamedNode(LEVEL)),
        ],
    ],
)
def test_only_a_facet_of_the_organisation_itself_is_added(wrong: Triples) -> None:
    record = an_organisation(CODE)
    with pytest.raises(MalformedRecord):
        changes.add(record, wrong, Book(record).around)


def test_a_refusal_tells_all_that_a_reader_needs() -> None:
    with pytest.raises(ChangeRefused) as refused:
        added(facets.name(IRI, "korte-naam", "X", FIRST), facets.name(IRI, "korte-naam", "Y"))
    assert str(refused.value).startswith(f"<{IRI}>: een-naam-per-soort-en-taal https://")
    assert "against https://" in str(refused.value)


def test_the_calendar_has_a_first_and_a_last_day() -> None:
    record = an_organisation(CODE)
    around = Book(record).around
    with pytest.raises(MalformedPeriod):
        changes.rename(record, "Nieuw", date.min, around)
    with pytest.raises(MalformedPeriod):
        changes.terminate(record, date.min, around)
    endless = an_organisation(CODE, life=Period(date.min, date.max))
    with pytest.raises(MalformedPeriod):
        changes.reopen(endless, around)
    assert changes.redate(endless, IRI, ALWAYS, around).records
