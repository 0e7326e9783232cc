"""Who may do what, cell by cell, and what an outcome touches."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from pyoxigraph import Literal, Triple

from organisatieregister import changes, facets, places
from organisatieregister.changes import Operation, Surroundings
from organisatieregister.errors import NotPermitted
from organisatieregister.facets import FacetKind
from organisatieregister.identifiers import OvoCode
from organisatieregister.periods import Period
from organisatieregister.policy import Client, Part, Role, check, is_permitted
from organisatieregister.records import Record
from organisatieregister.vocabulary import DCT
from tests.examples import an_organisation

TODAY, ON, LATER = date(2026, 11, 23), date(2026, 12, 1), date(2030, 1, 1)
TOP, OWN, LOW, LOWER, OTHER = (OvoCode.of(number).iri for number in (1, 10, 11, 12, 20))

# The table once more, as the rules of the organisation state it: for each role and part the
# operations, and the kinds of facts ("-" is what is no facet). Written out, not derived.
LIFE = (
    "registratie naamswijziging verhuis facet beschrijving stopzetting heropening verbetering "
    "kbo-koppeling kbo-ontkoppeling"
)
EVERY_OPERATION = f"{LIFE} fusie splitsing vervanging ontbinding"
EVERY_KIND = (
    "- benaming identificator classificatie moederorganisatie relatie contactpunt vestiging "
    "positie lidmaatschap statusvermelding overig"
)
STATED = [
    ("algemeenBeheerder", "alles", EVERY_OPERATION, EVERY_KIND),
    ("cjmBeheerder", "alles", LIFE, EVERY_KIND),
    ("vlimpersBeheerder", "vlaams", EVERY_OPERATION, EVERY_KIND),
    ("decentraalBeheerder", "eigen", "facet verbetering naamswijziging beschrijving",
     "- benaming contactpunt vestiging relatie positie lidmaatschap"),
    ("decentraalBeheerder", "eigen", "verhuis", "moederorganisatie"),
    ("orgaanBeheerder", "alles", "facet verbetering", "positie lidmaatschap"),
    ("regelgevingBeheerder", "alles", "facet verbetering verhuis",
     "classificatie moederorganisatie"),
]  # fmt: skip
ALLOWED = {
    (role, part, operation, kind)
    for role, part, operations, kinds in STATED
    for operation, kind in product(operations.split(), kinds.split())
}
KINDS: list[FacetKind | None] = [None, *FacetKind]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("part", Part)
def test_every_cell_is_as_stated(role: Role, part: Part) -> None:
    client = Client("x", frozenset({role}))
    for operation, kind in product(Operation, KINDS):
        cell = (role.value, part.value, operation.value, kind.value if kind else "-")
        assert is_permitted(client, operation, kind, {part}) == (cell in ALLOWED), cell


def test_who_has_no_role_may_nothing_and_scopes_only_narrow() -> None:
    for operation, kind in product(Operation, KINDS):
        assert not is_permitted(Client("x"), operation, kind, set(Part))
    narrow = Client("x", frozenset({Role.GENERAL}), operations=frozenset({Operation.RENAMING}))
    assert is_permitted(narrow, Operation.RENAMING, FacetKind.NAME, set(Part))
    assert not is_permitted(narrow, Operation.MOVE, FacetKind.PARENT, set(Part))


RECORDS = {
    record.iri: record
    for record in (
        an_organisation("OVO000001", "Vlaamse overheid"),
        an_organisation("OVO000010", "Eigen", parent="OVO000001"),
        an_organisation("OVO000011", "Laag", parent="OVO000010"),
        an_organisation("OVO000012", "Lager", parent="OVO000011"),
        an_organisation("OVO000020", "Ander"),
    )
}
AROUND = Surroundings(TODAY, RECORDS.get)
DECENTRAL = Client("x", frozenset({Role.DECENTRAL}), own=frozenset({OWN}))
VLIMPERS = Client("x", frozenset({Role.VLIMPERS}))


def permitted(client: Client, outcome: changes.Outcome) -> bool:
    try:
        check(client, outcome, RECORDS.get, TODAY)
    except NotPermitted:
        return False
    return True


@pytest.mark.parametrize("iri", [OWN, LOW, LOWER])
def test_who_keeps_an_organisation_keeps_all_under_it(iri: str) -> None:
    assert permitted(DECENTRAL, changes.rename(RECORDS[iri], "Nieuw", ON, AROUND))


@pytest.mark.parametrize("iri", [TOP, OTHER])
def test_but_nothing_above_or_beside_it(iri: str) -> None:
    assert not permitted(DECENTRAL, changes.rename(RECORDS[iri], "Nieuw", ON, AROUND))


def test_moves_stay_inside_ones_own_part() -> None:
    assert permitted(DECENTRAL, changes.move(RECORDS[LOWER], OWN, ON, AROUND))
    assert not permitted(DECENTRAL, changes.move(RECORDS[LOWER], OTHER, ON, AROUND))
    assert not permitted(DECENTRAL, changes.move(RECORDS[LOWER], OTHER, LATER, AROUND))
    assert not permitted(DECENTRAL, changes.move(RECORDS[OTHER], OWN, ON, AROUND))


def test_who_keeps_an_organisation_does_not_move_it_itself() -> None:
    assert not permitted(DECENTRAL, changes.move(RECORDS[OWN], OTHER, ON, AROUND))
    assert not permitted(DECENTRAL, changes.move(RECORDS[OWN], "", ON, AROUND))


def test_a_fact_of_another_kind_is_not_smuggled_in_with_a_correction() -> None:
    more = facets.identifier(LOW, facets.KeyType("NIS", "Statbel"), "44048")
    record = RECORDS[LOW]
    corrected = Record.of(LOW, record.triples | frozenset(more))
    assert not permitted(DECENTRAL, changes.correct(record, corrected, AROUND))
    contact = places.contact(LOW, email="info@laag.example")
    corrected = Record.of(LOW, record.triples | frozenset(contact))
    assert permitted(DECENTRAL, changes.correct(record, corrected, AROUND))


def test_code_lists_are_not_corrected_by_who_keeps_organisations() -> None:
    from tests.web.register import a_concept_scheme

    scheme = a_concept_scheme()
    corrected = Record.of(
        scheme.iri, scheme.triples | {Triple(scheme.subject, DCT.identifier, Literal("x"))}
    )
    outcome = changes.correct(scheme, corrected, AROUND)
    assert not permitted(DECENTRAL, outcome)
    assert not permitted(VLIMPERS, outcome)
    assert permitted(Client("x", frozenset({Role.GENERAL})), outcome)


def test_vlimpers_keeps_the_flemish_administration_and_nothing_else() -> None:
    assert permitted(VLIMPERS, changes.terminate(RECORDS[LOW], ON, AROUND))
    assert not permitted(VLIMPERS, changes.terminate(RECORDS[OTHER], ON, AROUND))
    inside = changes.register(
        OvoCode("OVO000030"), "Nieuw", AROUND, life=Period(ON),
        more=[facets.parent(OvoCode("OVO000030").iri, LOW, Period(ON))],
    )  # fmt: skip
    assert permitted(VLIMPERS, inside)
    assert not permitted(VLIMPERS, changes.register(OvoCode("OVO000030"), "Nieuw", AROUND))


def test_a_merger_is_looked_at_as_a_whole() -> None:
    merger = changes.merge(
        [RECORDS[LOW], RECORDS[OWN]], RECORDS[OWN], ON, AROUND, children=[RECORDS[LOWER]]
    )
    assert permitted(VLIMPERS, merger)
    assert not permitted(DECENTRAL, merger)
    outside = changes.merge([RECORDS[LOW], RECORDS[OTHER]], RECORDS[OTHER], ON, AROUND)
    assert not permitted(VLIMPERS, outside)
    assert permitted(Client("x", frozenset({Role.GENERAL})), outside)
