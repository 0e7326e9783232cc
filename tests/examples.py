"""Organisations and events for the tests, and hypothesis strategies that make them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from organisatieregister import facets, places
from organisatieregister.identifiers import (
    KBO_ENTERPRISE,
    ORGANISATION,
    KboNumber,
    OvoCode,
    change_event_iri,
)
from organisatieregister.periods import ALWAYS, Period
from organisatieregister.records import Record
from organisatieregister.vocabulary import DCT, M8G, ORG, RDF, RDFS, VLORG, XSD

OVO = facets.KeyType("OVO", "Digitaal Vlaanderen", f"{ORGANISATION}OVO002949", ORGANISATION)
KBO = facets.KeyType(
    "KBO", "Kruispuntbank van Ondernemingen", f"{ORGANISATION}OVO027341", KBO_ENTERPRISE
)


def an_organisation(
    code: str = "OVO000001",
    name: str = "Departement Voorbeeld",
    *,
    life: Period = ALWAYS,
    parent: str = "",
    more: Iterable[Triple] = (),
) -> Record:
    """An organisation with a name and its OVO code, and whatever facets come in ``more``."""
    iri = OvoCode(code).iri
    node = NamedNode(iri)
    triples = [
        Triple(node, RDF.type, ORG.Organization),
        Triple(node, RDF.type, M8G.PublicOrganisation),
        Triple(node, DCT.identifier, Literal(code)),
        *facets.dated(node, life, iri),
        *facets.identifier(iri, OVO, code),
        *more,
    ]
    if name:
        triples += facets.name(iri, "voorkeursnaam", name)
    if parent:
        triples += facets.parent(iri, OvoCode(parent).iri)
    return Record.of(iri, triples)


def a_merger(
    on: str, originals: Iterable[str], result: str, label: str = "Fusie van gemeenten"
) -> Record:
    """A merger of organisations into one, dated."""
    iri = change_event_iri(f"{on}|{result}")
    node = NamedNode(iri)
    return Record.of(
        iri,
        [
            Triple(node, RDF.type, ORG.ChangeEvent),
            Triple(node, RDF.type, VLORG.Fusie),
            Triple(node, RDFS.label, Literal(label, language="nl")),
            Triple(node, DCT.date, Literal(on, datatype=XSD.date)),
            Triple(node, ORG.resultingOrganization, NamedNode(OvoCode(result).iri)),
            *(
                Triple(node, ORG.originalOrganization, NamedNode(OvoCode(code).iri))
                for code in originals
            ),
        ],
    )


def kbo_number(stem: int) -> str:
    """A KBO number with right check digits from its first eight digits."""
    return KboNumber(f"{stem:08d}{97 - stem % 97:02d}").value


days = st.dates(min_value=date(1950, 1, 1), max_value=date(2050, 12, 31))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    """Open, half-open and closed periods."""
    start = draw(st.none() | days)
    end = draw(st.none() | days)
    if start and end and start > end:
        start, end = end, start
    return Period(start, end)


codes = st.integers(0, 999_999).map(lambda number: OvoCode.of(number).value)
kbo_numbers = st.integers(1, 19_999_999).map(kbo_number)
# Text as it stands in names: any script, none of the characters that a record refuses.
texts = st.text(
    st.characters(
        exclude_categories=("Cs", "Cc", "Cn"),
        exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffe\uffff",
    ),
    min_size=1,
    max_size=40,
)


@st.composite
def organisations(draw: st.DrawFn) -> Record:
    """Organisations with facets of every kind and any periods."""
    code = draw(codes)
    iri = OvoCode(code).iri
    more: list[Triple] = []
    for kind in ("voorkeursnaam", "korte-naam", "alternatieve-naam", "wettelijke-naam"):
        for text in draw(st.lists(texts, max_size=2)):
            more += facets.name(iri, kind, text, draw(periods()))
    for number in draw(st.lists(kbo_numbers, max_size=2)):
        more += facets.identifier(iri, KBO, number, draw(periods()))
    for other in draw(st.lists(codes.filter(lambda c: c != code), max_size=2)):
        more += facets.parent(iri, OvoCode(other).iri, draw(periods()))
        more += facets.relation(iri, "is-verbonden-met", OvoCode(other).iri, draw(periods()))
    for text in draw(st.lists(texts, max_size=1)):
        address = places.Address(text, street=text, number="1", postcode="9000")
        more += places.site(iri, "hoofdvestiging", address, draw(periods()))
    if draw(st.booleans()):
        more += places.contact(iri, email="info@voorbeeld.example", period=draw(periods()))
        more += facets.stated_status(iri, "nietactief", draw(periods()))
    return an_organisation(code, draw(texts), life=draw(periods()), more=more)
