"""Real records to put in a journal."""

from __future__ import annotations

from datetime import UTC, datetime

from pyoxigraph import NamedNode, Triple

from organisatieregister import facets
from organisatieregister.identifiers import OvoCode
from organisatieregister.journal import Activity, Draft
from organisatieregister.records import Record
from organisatieregister.vocabulary import ORG, RDF

ACTIVITY = Activity("laden", agent="https://data.vlaanderen.be/id/organisatie/OVO002949")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def organisation(number: int, name: str = "Gemeente Nazareth") -> Record:
    iri = OvoCode.of(number).iri
    named = facets.name(iri, "voorkeursnaam", name)
    return Record.of(iri, [Triple(NamedNode(iri), RDF.type, ORG.Organization), *named])


def draft(number: int, name: str = "Gemeente Nazareth", expected: int | None = None) -> Draft:
    record = organisation(number, name)
    return Draft(record.iri, record.canonical, expected)


def tombstone(number: int, expected: int | None = None) -> Draft:
    return Draft(OvoCode.of(number).iri, None, expected)
