"""The organisation as schema.org JSON-LD, embedded in its page for search engines."""

from __future__ import annotations

from datetime import date
from typing import Any

from pyoxigraph import NamedNode

from organisatieregister.facets import life
from organisatieregister.records import Record
from organisatieregister.vocabulary import (
    ADMS,
    ADRES,
    DCT,
    FOAF,
    LOCN,
    M8G,
    ORG,
    REG,
    ROV,
    SCHEMA,
    SKOS,
)
from organisatieregister.web.pages.links import last_part
from organisatieregister.web.pages.statements import Statements

_LENGTH = 500  # characters of a text
_CHILDREN = 25  # of an organisation with more none are named


def schema_org(record: Record, statements: Statements) -> dict[str, Any]:
    """A GovernmentOrganization (https://schema.org), or Organization when it is not public."""
    iri, period = record.iri, life(record)
    public = statements.is_a(iri, M8G.PublicOrganisation)
    points = statements.iris(iri, SCHEMA.contactPoint)
    children = _organisations(iri, statements, ORG.hasSubOrganization)
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "GovernmentOrganization" if public else "Organization",
        "@id": iri,
        "name": _name(iri, statements),
        "alternateName": _texts(iri, statements, REG.korteNaam, SKOS.altLabel, SKOS.hiddenLabel),
        "legalName": _text(iri, statements, ROV.legalName),
        "description": _text(iri, statements, DCT.description),
        "identifier": _identifiers(iri, statements),
        "foundingDate": _day(period.start),
        "dissolutionDate": _day(period.end),
        "url": statements.iris(iri, FOAF.homepage),
        "telephone": [t for p in points for t in _texts(p, statements, SCHEMA.telephone)],
        "email": [t for p in points for t in _texts(p, statements, SCHEMA.email)],
        "address": _addresses(iri, statements),
        "parentOrganization": _organisations(iri, statements, ORG.subOrganizationOf),
        "subOrganization": children if len(children) <= _CHILDREN else [],
    }
    return {name: _single(value) for name, value in found.items() if value}


def _single(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _name(iri: str, statements: Statements) -> str:
    return statements.label(iri).cut(_LENGTH).value or last_part(iri)


def _text(subject: str, statements: Statements, predicate: NamedNode) -> str:
    return statements.text(subject, predicate).cut(_LENGTH).value


def _texts(subject: str, statements: Statements, *predicates: NamedNode) -> list[str]:
    found = [text for predicate in predicates for text in statements.texts(subject, predicate)]
    return list(dict.fromkeys(text.cut(_LENGTH).value for text in found))


def _identifiers(iri: str, statements: Statements) -> list[dict[str, str]]:
    return [
        {
            "@type": "PropertyValue",
            "propertyID": last_part(statements.iri(node, DCT.type)),
            "value": _text(node, statements, SKOS.notation),
        }
        for node in statements.iris(iri, ADMS.identifier)
    ]


def _organisations(iri: str, statements: Statements, predicate: NamedNode) -> list[dict[str, str]]:
    return [
        {"@type": "GovernmentOrganization", "@id": other, "name": _name(other, statements)}
        for other in statements.iris(iri, predicate)
    ]


def _addresses(iri: str, statements: Statements) -> list[dict[str, str]]:
    found = []
    for site in statements.iris(iri, ORG.hasSite):
        for point in statements.iris(site, ORG.siteAddress):
            found += [_address(a, statements) for a in statements.iris(point, LOCN.address)]
    return found


def _address(address: str, statements: Statements) -> dict[str, str]:
    street = _text(address, statements, LOCN.thoroughfare)
    number = _text(address, statements, ADRES["Adresvoorstelling.huisnummer"])
    fields = {
        "@type": "PostalAddress",
        "streetAddress": f"{street} {number}".strip()
        or _text(address, statements, LOCN.fullAddress),
        "postalCode": _text(address, statements, LOCN.postCode),
        "addressLocality": _text(address, statements, ADRES.gemeentenaam),
        "addressCountry": _text(address, statements, ADRES.land),
    }
    return {name: text for name, text in fields.items() if text}
