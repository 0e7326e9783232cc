"""Facets: what the builders write is what the reader finds."""

import pytest
from hypothesis import given
from pyoxigraph import Literal, NamedNode, Triple

from organisatieregister import facets, places
from organisatieregister.facets import FacetKind
from organisatieregister.identifiers import OvoCode, person_iri
from organisatieregister.periods import ALWAYS, Period
from organisatieregister.vocabulary import DCT, LOCN, ORG, REG, SCHEMA, SKOS, SKOSXL, TIME
from tests.examples import KBO, an_organisation, periods

IRI = OvoCode("OVO000001").iri
OTHER = OvoCode("OVO000002").iri
PERIOD = Period.parse("2020-01-01", "2024-12-31")
ROLE = "https://data.vlaanderen.be/id/concept/Functie/leidend-ambtenaar"


@pytest.mark.parametrize(
    ("kind", "triples"),
    [
        (FacetKind.NAME, facets.name(IRI, "korte-naam", "DV", PERIOD)),
        (FacetKind.IDENTIFIER, facets.identifier(IRI, KBO, "0207499826", PERIOD)),
        (FacetKind.CLASSIFICATION, facets.classification(IRI, "Categorie", ROLE, PERIOD)),
        (FacetKind.PARENT, facets.parent(IRI, OTHER, PERIOD)),
        (FacetKind.RELATION, facets.relation(IRI, "is-verbonden-met", OTHER, PERIOD)),
        (FacetKind.CONTACT, places.contact(IRI, email="a@b.example", period=PERIOD)),
        (FacetKind.SITE, places.site(IRI, "vestiging", places.Address("Dorp 1"), PERIOD)),
        (FacetKind.POST, facets.post(IRI, ROLE, PERIOD)),
        (FacetKind.STATUS, facets.stated_status(IRI, "nietactief", PERIOD)),
        (
            FacetKind.MEMBERSHIP,
            facets.membership(
                IRI, member=person_iri("a"), organisation=IRI, role=ROLE, period=PERIOD
            ),
        ),
    ],
)
def test_every_kind_is_read_back_with_its_period(kind: FacetKind, triples: list[Triple]) -> None:
    record = an_organisation(name="", more=triples)
    [facet] = [f for f in facets.facets(record) if f.node == facets.node_of(triples)]
    assert facet.kind is kind
    assert facet.period == PERIOD
    assert set(facet.triples) == set(triples[1:])


@given(periods())
def test_a_period_is_written_as_an_interval_and_as_plain_dates(period: Period) -> None:
    node = NamedNode(IRI)
    triples = facets.dated(node, period, IRI)
    record = an_organisation(life=period)
    assert facets.life(record) == period
    plain = {t.predicate: t.object for t in triples if t.subject == node}
    instants = {t.object for t in triples if t.predicate == TIME.inXSDDate}
    assert instants == {v for p, v in plain.items() if p in (SCHEMA.startDate, SCHEMA.endDate)}
    assert bool(triples) != period.is_open


def test_an_open_period_leaves_no_trace() -> None:
    assert facets.dated(NamedNode(IRI), ALWAYS, IRI) == []


def test_the_same_fact_from_the_same_source_is_the_same_node() -> None:
    first = facets.name(IRI, "voorkeursnaam", "Oud", key="wegwijs-1")
    mended = facets.name(IRI, "voorkeursnaam", "Nieuw", key="wegwijs-1")
    assert facets.node_of(first) == facets.node_of(mended)


def test_a_parent_in_a_framework_names_the_framework() -> None:
    framework = "https://data.vlaanderen.be/id/concept/Toepassingsgebied/vlimpers"
    triples = facets.parent(IRI, OTHER, framework=framework)
    node = facets.node_of(triples)
    assert Triple(node, REG.toepassingsgebied, NamedNode(framework)) in triples
    assert facets.node_of(facets.parent(IRI, OTHER)) != node


def test_a_membership_lasts_as_long_as_its_period() -> None:
    triples = facets.parent(IRI, OTHER, PERIOD)
    node = facets.node_of(triples)
    during = {t.object for t in triples if t.subject == node and t.predicate == ORG.memberDuring}
    assert during == {
        t.object for t in triples if t.subject == node and t.predicate == DCT.temporal
    }
    assert len(during) == 1


def test_a_source_stands_on_the_facet() -> None:
    source = "https://example.org/bron"
    triples = facets.sourced(facets.name(IRI, "korte-naam", "X"), source)
    assert Triple(facets.node_of(triples), DCT.source, NamedNode(source)) in triples


def test_only_what_is_known_of_an_address_is_written() -> None:
    address = places.Address("Dorp 1, 9810 Nazareth", postcode="9810")
    triples = places.site(IRI, "hoofdvestiging", address)
    written = {t.predicate for t in triples}
    assert LOCN.postCode in written
    assert LOCN.thoroughfare not in written
    assert Literal("Dorp 1, 9810 Nazareth", language="nl") in {t.object for t in triples}


def test_a_post_and_its_holder_are_two_facets() -> None:
    post = facets.post(IRI, ROLE)
    holder = facets.membership(
        IRI, member=person_iri("a"), organisation=IRI, role=ROLE, post=facets.node_of(post).value
    )
    kinds = {f.kind for f in facets.facets(an_organisation(name="", more=post + holder))}
    assert {FacetKind.POST, FacetKind.MEMBERSHIP} <= kinds


def test_the_text_of_a_name_and_of_an_identifier_are_found() -> None:
    record = an_organisation("OVO000001", "Naam")
    values = {f.kind: f.value(SKOSXL.literalForm) or f.value(SKOS.notation)
              for f in facets.facets(record)}  # fmt: skip
    assert values[FacetKind.NAME] == Literal("Naam", language="nl")
    assert values[FacetKind.IDENTIFIER] == Literal("OVO000001")
