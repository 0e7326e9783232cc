"""Contact points and sites of generated organisations, some of them of the past."""

from __future__ import annotations

from organisatieregister import places
from organisatieregister.facets import Triples
from organisatieregister.generate import names
from organisatieregister.generate.dice import Dice
from organisatieregister.periods import Period


def contacts(dice: Dice, iri: str, host: str, life: Period) -> Triples:
    """Functional contact points under a reserved domain, and sometimes the one before."""
    if dice.chance(0.12):
        return []
    before, after = dice.change(life, 0.15)
    triples = places.contact(
        iri,
        email=f"info@{host}",
        telephone=_telephone(dice),
        homepage=f"https://www.{host}/",
        period=after,
    )
    if before:
        triples += places.contact(iri, email=f"contact@{host}", period=before)
    return triples


def sites(dice: Dice, iri: str, place: int, life: Period, extra: int) -> Triples:
    """The main site, sometimes the one before a move, and ``extra`` more."""
    triples: Triples = []
    if dice.chance(0.42):
        before, after = dice.change(life, 0.2)
        triples += places.site(iri, "hoofdvestiging", _address(dice, place), after)
        if before:
            triples += places.site(iri, "hoofdvestiging", _address(dice, place), before)
    for number in range(extra):
        address = _address(dice, place + number)
        triples += places.site(iri, "vestiging", address, key=f"vestiging {number}")
    return triples


def _address(dice: Dice, place: int) -> places.Address:
    street, number = names.street(dice), str(dice.between(1, 250))
    postcode, municipality = names.postcode(place), names.place(place)
    return places.Address(
        full=f"{street} {number}, {postcode} {municipality}",
        street=street,
        number=number,
        postcode=postcode,
        municipality=municipality,
    )


def _telephone(dice: Dice) -> str:
    """A number that nobody has: a local number never begins with 0."""
    return f"+3290{dice.below(1_000_000):06d}"
