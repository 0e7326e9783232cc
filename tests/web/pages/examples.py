"""Organisations, lists and pages for the tests of the pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pyoxigraph import Literal, NamedNode, Triple

from organisatieregister import facets, places
from organisatieregister.identifiers import OvoCode, concept_iri, person_iri
from organisatieregister.periods import Period
from organisatieregister.records import Record
from organisatieregister.validity import ACTIVE, INACTIVE
from organisatieregister.views.search import FacetCount, Hit, ListQuery, ListResult
from organisatieregister.vocabulary import DCT, FOAF, PERSON, RDF
from organisatieregister.web.pages import Pages, load_theme
from tests.examples import KBO, an_organisation, kbo_number
from tests.web.pages.reading import Page, read
from tests.web.register import MODIFIED, TODAY, DocumentsInMemory, a_concept_scheme, a_register

AGENCY = OvoCode("OVO002949").iri
HEAD = concept_iri("Functie", "leidend-ambtenaar")
PEETERS = person_iri("peeters")
KIND = concept_iri("Organisatieclassificatie", "agentschap")


def a_person() -> Record:
    node = NamedNode(PEETERS)
    return Record.of(
        PEETERS,
        [Triple(node, RDF.type, PERSON.Person), Triple(node, FOAF.name, Literal("An Peeters"))],
    )


def an_agency() -> Record:
    """An organisation of which everything is known."""
    site = places.Address("Havenlaan 88, 1000 Brussel", "Havenlaan", "88", "2", "1000", "Brussel")
    post = facets.post(AGENCY, HEAD)
    return an_organisation(
        "OVO002949",
        "Agentschap Digitaal Vlaanderen",
        life=Period.parse("2016-01-01", ""),
        parent="OVO000001",
        more=[
            Triple(NamedNode(AGENCY), DCT.description, Literal("Maakt digitaal.", language="nl")),
            *facets.name(AGENCY, "korte-naam", "DV"),
            *facets.name(
                AGENCY,
                "voorkeursnaam",
                "Informatie Vlaanderen",
                Period.parse("2016-01-01", "2020-12-31"),
            ),
            *facets.identifier(AGENCY, KBO, kbo_number(3163808)),
            *facets.classification(AGENCY, "Organisatieclassificatie", KIND),
            *places.contact(
                AGENCY,
                email="info@vlaanderen.example",
                telephone="+3225531700",
                homepage="https://www.vlaanderen.example/digitaal/",
            ),
            *places.site(AGENCY, "hoofdvestiging", site),
            *post,
            *facets.membership(
                AGENCY,
                member=PEETERS,
                organisation=AGENCY,
                role=HEAD,
                post=facets.node_of(post).value,
            ),
        ],
    )


def a_full_register(*more: Record) -> DocumentsInMemory:
    return DocumentsInMemory(
        [
            *a_register().records.values(),
            an_agency(),
            a_person(),
            a_concept_scheme(name="Functie", code="leidend-ambtenaar"),
            a_concept_scheme(name="Organisatieclassificatie", code="agentschap"),
            *more,
        ]
    )


def page_of(
    documents: DocumentsInMemory,
    iri: str,
    language: str = "nl",
    *,
    on: date | None = None,
    historic: bool = False,
) -> Page:
    """The page about a resource, read and checked."""
    day = on or TODAY
    triples = documents.document(iri, day, historic)
    assert triples is not None
    html = the_pages().document(
        iri,
        documents.record(iri),
        triples,
        on=day,
        modified=MODIFIED,
        language=language,
        dated=on is not None,
        historic=historic,
    )
    return read(html)


def the_pages() -> Pages:
    return Pages(load_theme())


def a_hit(name: str = "Gemeente Nazareth", code: str = "OVO002188", status: str = "") -> Hit:
    return Hit(
        iri=OvoCode(code).iri,
        code=code,
        name=name,
        short_name="",
        status=status or ACTIVE.value,
        classification=((concept_iri("Bestuursniveau", "lokaal"), "Lokaal"), (KIND, "Agentschap")),
        municipality="Nazareth",
    )


def a_result(
    hits: Iterable[Hit] = (), *, total: int | None = None, query: ListQuery | None = None
) -> ListResult:
    found = tuple(hits)
    return ListResult(
        hits=found,
        total=len(found) if total is None else total,
        query=query or ListQuery(),
        facets={
            "status": (
                FacetCount(ACTIVE.value, "Actief", 90),
                FacetCount(INACTIVE.value, "Niet actief", 31),
            ),
            "classificatie": (
                FacetCount(KIND, "Agentschap", 12),
                FacetCount(concept_iri("Bestuursniveau", "lokaal"), "Lokaal", 80),
            ),
            "gemeente": tuple(FacetCount(f"Dorp {n}", f"Dorp {n}", n) for n in range(20, 0, -1)),
        },
    )
