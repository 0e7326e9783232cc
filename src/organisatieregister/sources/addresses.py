"""Belgian addresses on one line, as sources write them: ``Dorp 1 bus 2, 9810 Nazareth``."""

from __future__ import annotations

import re

from organisatieregister.places import Address

_PLACE = re.compile(r"(?P<postcode>[1-9][0-9]{3}) (?P<municipality>[^\d,_]+)")
_STREET = re.compile(
    r"(?P<street>[^\d,_]+?)"
    # 12, 12A, 12-14, 12/3: what stands on the door
    r"(?: (?P<number>[0-9]+ ?[A-Za-z]?(?:[-/][0-9]+[A-Za-z]?)?))?"
    r"(?:,? (?:bus|b\.) ?(?P<box>[0-9A-Za-z.]+))?"
)


def parse_address(text: str) -> Address:
    """The address with the fields that are certain; the full text always stays.

    Each half stands on its own: a street that cannot be read leaves postcode and municipality.
    """
    before, comma, after = text.rpartition(",")
    place = _PLACE.fullmatch(after.strip())
    street = _STREET.fullmatch(before.strip()) if comma and place else None
    return Address(
        full=text,
        street=street["street"] if street else "",
        number=(street["number"] or "").replace(" ", "") if street else "",
        box=(street["box"] or "") if street else "",
        postcode=place["postcode"] if place else "",
        municipality=place["municipality"] if place else "",
        country="België" if place else "",
    )
