"""NIS codes and territories: from ``nis_codes.csv`` and ``municipality_links.csv``.

A NIS code identifies a municipality or a province. Where a source gives one to another
organisation (an OCMW), it means the territory in which that organisation works.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from organisatieregister import facets
from organisatieregister.errors import MalformedPeriod
from organisatieregister.identifiers import OvoCode, part_iri
from organisatieregister.periods import ALWAYS, Period
from organisatieregister.sources import reasons
from organisatieregister.sources.csv import Row
from organisatieregister.sources.texts import Desk, is_web_address
from organisatieregister.vocabulary import BESLUIT, DCT, RDF, RDFS, SKOS

NIS = facets.KeyType("NIS", "Statbel")

_LINKS = ("refnis2025", "wikidata_territory", "geonames", "nuts_lau")
_NIS_CODE = re.compile(r"[0-9]{5}")
_KIND_OF_MUNICIPALITY = re.compile(r"^(Gemeente|Stad) ")

Rows = Mapping[str, Sequence[Row]]


def nis_and_territory(desk: Desk, code: OvoCode, nis_codes: Rows, links: Rows) -> list[Triple]:
    """The dated NIS codes of the organisation, and its territory with its outward links."""
    triples: list[Triple] = []
    for row in nis_codes.get(code.value, ()):
        triples += _dated_code(desk, code, row)
    stated = desk.text("nis")
    if stated and code.value not in nis_codes:
        triples += _territory_of_another(desk, code, stated, nis_codes, links)
    for row in links.get(code.value, ())[:1]:
        _compare(desk, row)
        triples += _territory(desk, code, row)
    return triples


def _territory(desk: Desk, code: OvoCode, row: Row) -> list[Triple]:
    """The territory as an undated part, with its exact matches elsewhere."""
    label = _KIND_OF_MUNICIPALITY.sub("", row["name_nl"])
    place = NamedNode(part_iri(code.iri, "werkingsgebied", "grondgebied"))
    organisation = NamedNode(code.iri)
    triples = [
        Triple(organisation, BESLUIT.werkingsgebied, place),
        Triple(organisation, DCT.spatial, place),
        Triple(place, RDF.type, DCT.Location),
        Triple(place, RDFS.label, Literal(label, language="nl")),
    ]
    for column in _LINKS:
        for link in filter(None, row[column].split("|")):
            address = link.removeprefix("exactMatch:")
            if is_web_address(address):
                triples.append(Triple(place, SKOS.exactMatch, NamedNode(address)))
            else:
                desk.refuse(column, link, reasons.BAD_LINK)
    return triples


def _dated_code(desk: Desk, code: OvoCode, row: Row) -> list[Triple]:
    note = Desk(row)
    period, nis = ALWAYS, row["nis"]
    try:
        period = Period.parse(row["valid_from"], row["valid_to"])
    except MalformedPeriod as error:
        note.refuse("valid_from", f"{row['valid_from']}/{row['valid_to']}", reasons.BAD_DATE,
                    str(error))  # fmt: skip
    if not _NIS_CODE.fullmatch(nis):
        note.refuse("nis", nis, reasons.BAD_NIS)
    desk.findings += note.findings
    return facets.identifier(code.iri, NIS, nis, period) if _NIS_CODE.fullmatch(nis) else []


def _territory_of_another(
    desk: Desk, code: OvoCode, nis: str, nis_codes: Rows, links: Rows
) -> list[Triple]:
    """The territory of the municipality that has the code."""
    if not _NIS_CODE.fullmatch(nis):
        desk.refuse("nis", nis, reasons.BAD_NIS)
        return []
    owners = [ovo for ovo, rows in nis_codes.items() if any(row["nis"] == nis for row in rows)]
    row = next((row for ovo in owners for row in links.get(ovo, ())), None)
    if row is None:
        desk.refuse("nis", nis, reasons.NO_TERRITORY, f"NIS-code van {', '.join(owners)}")
        return []
    desk.mend("nis", nis, f"werkingsgebied van {row['ovo']}", reasons.TERRITORY_CODE)
    return _territory(desk, code, row)


def _compare(desk: Desk, links: Row) -> None:
    """Note where the links and the organisation's own row tell different codes."""
    for column in ("nis", "kbo"):
        if links[column] and desk.row[column] and links[column] != desk.row[column]:
            note = Desk(links)
            note.note(column, links[column], reasons.DISAGREES)
            desk.findings += note.findings
