"""A register in a dict, to apply operations to, and real organisations to begin with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pyoxigraph import NamedNode

from organisatieregister import facets, places
from organisatieregister.changes import KBO, Outcome, Surroundings
from organisatieregister.facets import Facet, FacetKind, KeyType
from organisatieregister.identifiers import OvoCode, concept_iri
from organisatieregister.periods import ALWAYS, Period
from organisatieregister.records import Record, check_normal_form, is_part_iri, text_of
from organisatieregister.validity import in_force, shortcuts
from organisatieregister.vocabulary import DCT, ORG, REG, SKOS, SKOSXL
from tests.examples import an_organisation

NIS = KeyType("NIS", "Statbel")
TODAY = date(2026, 11, 23)
OLD_YEAR, NEW_YEAR = date(2024, 12, 31), date(2025, 1, 1)

NAZARETH, DE_PINTE, NAZARETH_DE_PINTE = "OVO002188", "OVO002041", "OVO053388"
KORTESSEM, HASSELT = "OVO002132", "OVO002083"
LIMBURG, EAST_FLANDERS = "OVO000229", "OVO000230"
VLIMPERS = "https://data.vlaanderen.be/id/wettelijk-kader/3f0b5c1e-3d6f-5a55-9f1c-6d1f6c6b8f10"


class Book:
    """Records by IRI, as the register holds them."""

    def __init__(self, *records: Record, today: date = TODAY) -> None:
        self.records = {record.iri: record for record in records}
        self.today = today

    def __getitem__(self, code: str) -> Record:
        return self.records[OvoCode(code).iri]

    @property
    def around(self) -> Surroundings:
        return self.seen()

    def seen(self, *, through_kbo: bool = False, plural: Iterable[str] = ()) -> Surroundings:
        return Surroundings(
            self.today, self.records.get, self.holder, frozenset(plural), through_kbo
        )

    def holder(self, number: str) -> str | None:
        """The organisation that has the KBO number last."""
        having = [
            (facet.period.end or date.max, record.iri)
            for record in self.records.values()
            for facet in facets.facets(record)
            if facet.kind is FacetKind.IDENTIFIER and said(facet) == number
        ]
        return max(having)[1] if having else None

    def write(self, outcome: Outcome) -> Outcome:
        for record in outcome.records:
            check_normal_form(record)
            assert all(map(is_part_iri, record.parts))
            self.records[record.iri] = record
        for iri in outcome.withdrawn:
            del self.records[iri]
        return outcome


def nazareth_and_de_pinte() -> Book:
    """Before the merger of 1 January 2025, with a church council that worships under Nazareth."""
    return Book(
        an_organisation(EAST_FLANDERS, "Provincie Oost-Vlaanderen"),
        a_municipality(NAZARETH, "Gemeente Nazareth", EAST_FLANDERS, "0207453801", "44048"),
        a_municipality(DE_PINTE, "Gemeente De Pinte", EAST_FLANDERS, "0207450534", "44012"),
    )


def hasselt_and_kortessem() -> Book:
    """Before Hasselt absorbed Kortessem."""
    return Book(
        an_organisation(LIMBURG, "Provincie Limburg"),
        a_municipality(HASSELT, "Stad Hasselt", LIMBURG, "0207466964", "71022"),
        a_municipality(KORTESSEM, "Kortessem", LIMBURG, "0207478545", "73040"),
    )


def a_municipality(code: str, name: str, province: str, kbo: str, nis: str) -> Record:
    iri = OvoCode(code).iri
    return an_organisation(
        code,
        name,
        life=Period(date(1977, 1, 1)),
        parent=province,
        more=facets.identifier(iri, KBO, kbo)
        + facets.identifier(iri, NIS, nis, Period(date(1977, 1, 1)))
        + places.contact(iri, homepage=f"https://www.{nis}.example/"),
    )


# --- reading ---------------------------------------------------------------------------------


def only(record: Record, kind: FacetKind, type_code: str = "", on: date | None = None) -> Facet:
    """The one facet of a kind (and type, and on a day)."""
    [facet] = [
        facet
        for facet in facets.facets(record)
        if facet.kind is kind
        and (not type_code or text_of(facet.value(DCT.type) or record.subject).endswith(type_code))
        and (on is None or facet.period.contains(on))
    ]
    return facet


def said(facet: Facet) -> str:
    """The name, number, concept or organisation that a facet states."""
    for predicate in (SKOSXL.literalForm, SKOS.notation, REG.concept, ORG.organization):
        value = facet.value(predicate)
        if value:
            return value.value
    return ""


def name_on(record: Record, on: date) -> str:
    [name] = objects(record, SKOS.prefLabel, on)
    return name


def parents_on(record: Record, on: date) -> set[str]:
    return {iri[-9:] for iri in objects(record, ORG.subOrganizationOf, on)}


def nis_on(record: Record, on: date) -> set[str]:
    kind = NamedNode(concept_iri("Sleuteltype", "NIS"))
    return {said(facet) for facet in in_force(record, on) if facet.value(DCT.type) == kind}


def objects(record: Record, predicate: NamedNode, on: date) -> set[str]:
    return {
        text_of(t.object)
        for t in shortcuts(record, on)
        if t.predicate == predicate and t.subject == record.subject
    }


def linked(event: Record, predicate: NamedNode) -> set[str]:
    """The codes of the organisations to which an event points."""
    return {text_of(t.object)[-9:] for t in event.triples if t.predicate == predicate}


def stated(record: Record, predicate: NamedNode) -> set[str]:
    return {text_of(t.object) for t in record.by_subject[record.iri] if t.predicate == predicate}


def dated(start: str = "", end: str = "") -> Period:
    return Period.parse(start, end) if start or end else ALWAYS
