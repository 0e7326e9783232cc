"""Contact points, sites and addresses as triples (LOCN, OSLO Adres, schema.org)."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from organisatieregister.facets import Triples, dated
from organisatieregister.identifiers import concept_iri, part_iri
from organisatieregister.periods import ALWAYS, Period
from organisatieregister.vocabulary import ADRES, DCT, FOAF, LOCN, ORG, RDF, REG, SCHEMA


@dataclass(frozen=True, slots=True)
class Address:
    """An address as written, and its fields where they are known; empty is unknown."""

    full: str
    street: str = ""
    number: str = ""
    box: str = ""
    postcode: str = ""
    municipality: str = ""
    country: str = "België"


def contact(
    owner: str, *, email: str = "", telephone: str = "", homepage: str = "",
    period: Period = ALWAYS, key: str = "",
) -> Triples:  # fmt: skip
    """A contact point; the telephone number in E.164, the homepage an IRI."""
    node = NamedNode(
        part_iri(owner, "contactpunt", key or f"{email}|{telephone}|{homepage}|{period}")
    )
    triples = [
        Triple(NamedNode(owner), REG.facet, node),
        Triple(node, RDF.type, SCHEMA.ContactPoint),
        *dated(node, period, owner),
    ]
    if email:
        triples.append(Triple(node, SCHEMA.email, Literal(email)))
    if telephone:
        triples.append(Triple(node, SCHEMA.telephone, Literal(telephone)))
    if homepage:
        triples.append(Triple(node, FOAF.homepage, NamedNode(homepage)))
    return triples


def site(
    owner: str, kind: str, address: Address, period: Period = ALWAYS, *, key: str = ""
) -> Triples:
    """A site with its address; ``kind`` is a code of Vestigingstype (hoofdvestiging …)."""
    node = NamedNode(part_iri(owner, "vestiging", key or f"{kind}|{address.full}|{period}"))
    point = NamedNode(part_iri(owner, "contactpunt", node.value))
    place = NamedNode(part_iri(owner, "adresvoorstelling", node.value))
    return [
        Triple(NamedNode(owner), REG.facet, node),
        Triple(node, RDF.type, ORG.Site),
        *dated(node, period, owner),
        Triple(node, DCT.type, NamedNode(concept_iri("Vestigingstype", kind))),
        Triple(node, ORG.siteAddress, point),
        Triple(point, RDF.type, SCHEMA.ContactPoint),
        Triple(point, LOCN.address, place),
        *_address(place, address),
    ]


def _address(place: NamedNode, address: Address) -> Triples:
    fields = (
        (LOCN.fullAddress, address.full, "nl"),
        (LOCN.thoroughfare, address.street, "nl"),
        (ADRES["Adresvoorstelling.huisnummer"], address.number, ""),
        (ADRES["Adresvoorstelling.busnummer"], address.box, ""),
        (LOCN.postCode, address.postcode, ""),
        (ADRES.gemeentenaam, address.municipality, "nl"),
        (ADRES.land, address.country, "nl"),
    )
    return [Triple(place, RDF.type, LOCN.Address)] + [
        Triple(place, predicate, Literal(text, language=language or None))
        for predicate, text, language in fields
        if text
    ]
