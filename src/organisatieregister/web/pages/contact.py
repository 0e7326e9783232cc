"""How to reach an organisation: its addresses, websites, telephone numbers and e-mail."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from organisatieregister.vocabulary import ADRES, DCT, FOAF, LOCN, ORG, SCHEMA
from organisatieregister.web.pages.links import (
    Link,
    bare,
    call,
    email,
    external,
    last_part,
    on_the_map,
)
from organisatieregister.web.pages.statements import Statements, Text
from organisatieregister.web.pages.wording import telephone

_ADDRESS_LENGTH = 300  # characters


@dataclass(frozen=True, slots=True)
class Place:
    """A site: of what kind, its address in lines, and where a map shows it."""

    kind: Text
    lines: tuple[Text, ...]
    map_href: str


@dataclass(frozen=True, slots=True)
class Contact:
    """All ways to reach the organisation on the day."""

    places: tuple[Place, ...]
    websites: tuple[Link, ...]
    telephones: tuple[Link, ...]
    emails: tuple[Link, ...]

    def __bool__(self) -> bool:
        return bool(self.places or self.websites or self.telephones or self.emails)


def contact_of(iri: str, statements: Statements) -> Contact:
    """The contact points and sites that the document links to."""
    points = statements.iris(iri, SCHEMA.contactPoint)
    websites = dict.fromkeys(
        [
            *statements.iris(iri, FOAF.homepage),
            *(page for point in points for page in statements.iris(point, FOAF.homepage)),
        ]
    )
    numbers = _literals(points, statements, SCHEMA.telephone)
    return Contact(
        places=_places(iri, statements),
        websites=tuple(external(page, Text(bare(page)).cut(80)) for page in websites),
        telephones=tuple(call(number, telephone(number)) for number in numbers),
        emails=tuple(email(address) for address in _literals(points, statements, SCHEMA.email)),
    )


def address_lines(address: str, statements: Statements) -> tuple[Text, ...]:
    """Street and number, postcode and municipality; or the address as it was written."""
    street = statements.text(address, LOCN.thoroughfare)
    town = statements.text(address, ADRES.gemeentenaam)
    if not (street and town):
        full = statements.text(address, LOCN.fullAddress).cut(_ADDRESS_LENGTH)
        return (full,) if full else ()
    number = statements.text(address, ADRES["Adresvoorstelling.huisnummer"]).value
    box = statements.text(address, ADRES["Adresvoorstelling.busnummer"]).value
    first = " ".join(part for part in (street.value, number, f"bus {box}" if box else "") if part)
    postcode = statements.text(address, LOCN.postCode).value
    return (
        Text(first, street.language).cut(_ADDRESS_LENGTH),
        Text(f"{postcode} {town.value}".strip(), town.language).cut(_ADDRESS_LENGTH),
    )


def _places(iri: str, statements: Statements) -> tuple[Place, ...]:
    primary = statements.iris(iri, ORG.hasPrimarySite)
    places = []
    for site in sorted(statements.iris(iri, ORG.hasSite), key=lambda site: site not in primary):
        kind = statements.iri(site, DCT.type)
        for point in statements.iris(site, ORG.siteAddress):
            for address in statements.iris(point, LOCN.address):
                if lines := address_lines(address, statements):
                    where = on_the_map(", ".join(line.value for line in lines))
                    label = statements.label(kind) or Text(last_part(kind) if kind else "")
                    places.append(Place(label, lines, where))
    return tuple(places)


def _literals(points: list[str], statements: Statements, predicate: NamedNode) -> list[str]:
    """The literals of all contact points, each once."""
    return list(
        dict.fromkeys(text.value for point in points for text in statements.texts(point, predicate))
    )
