"""A small register in memory, and pages without style, for the tests of the doors."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from pyoxigraph import Literal, NamedNode, Triple

from organisatieregister import facets, places
from organisatieregister.identifiers import BASE, ONTOLOGY, OvoCode, concept_iri
from organisatieregister.periods import Period
from organisatieregister.publication import (
    document,
    labels,
    mentions,
    metadata,
    statements_about_others,
)
from organisatieregister.records import Record, text_of
from organisatieregister.representations import TURTLE, serialise
from organisatieregister.vocabulary import DCT, OWL, RDF, RDFS, SKOS
from organisatieregister.web.problems import PlainPages
from tests.examples import a_merger, an_organisation

TODAY = date(2026, 11, 23)
MODIFIED = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)

NAZARETH = OvoCode("OVO002188").iri
DE_PINTE = OvoCode("OVO002144").iri
MERGED = OvoCode("OVO053388").iri
PARENT = OvoCode("OVO000001").iri
PREFERRED = concept_iri("Benamingtype", "voorkeursnaam")


@dataclass(frozen=True)
class Stored:
    turtle: bytes
    etag: str
    modified: datetime
    types: tuple[str, ...]
    successors: tuple[str, ...]


class DocumentsInMemory:
    """The documents view's reading side, made on the spot from records."""

    def __init__(self, records: Iterable[Record], today: date = TODAY) -> None:
        self.records = {record.iri: record for record in records}
        self.today = today
        self.position = len(self.records)
        self.reads = 0
        self.commits = 0

    @property
    def state(self) -> object:
        return (self.position, self.commits)

    def put(self, record: Record) -> None:
        self.records[record.iri] = record
        self.position += 1

    def get(self, iri: str) -> Stored | None:
        self.reads += 1
        triples = self.document(iri, self.today)
        if triples is None:
            return None
        turtle = serialise(triples, TURTLE, iri)
        return Stored(
            turtle,
            hashlib.sha256(turtle).hexdigest()[:16],
            MODIFIED,
            _objects(triples, iri, RDF.type),
            _objects(triples, iri, DCT.isReplacedBy),
        )

    def owner(self, part_iri: str) -> str | None:
        return next(
            (r.iri for r in self.records.values() if part_iri in r.parts and part_iri != r.iri),
            None,
        )

    def record(self, iri: str) -> Record | None:
        return self.records.get(iri)

    def document(self, iri: str, on: date, historic: bool = False) -> frozenset[Triple] | None:
        record = self.records.get(iri)
        if record is None:
            return None
        said = [
            t
            for other in self.records.values()
            for t in statements_about_others(other, on)
            if t.subject == record.subject
        ]
        bare = document(record, on, MODIFIED, said_by_others=said, historic=historic)
        mentioned = mentions(bare - metadata(iri, MODIFIED), record)
        named = {
            t
            for other in self.records.values()
            for t in labels(other, on)
            if text_of(t.subject) in mentioned
        }
        return bare | named


class PlainDocumentPages(PlainPages):
    """The page of a document: its name, its language and its day."""

    version = "1"

    def document(
        self, iri: str, record: Record | None, triples: frozenset[Triple], *, on: date,
        modified: datetime, language: str, dated: bool, historic: bool,
    ) -> str:  # fmt: skip
        name = next((text_of(t.object) for t in triples if t.predicate == SKOS.prefLabel), "")
        filling = "<p>…</p>" * 300
        return f'<!doctype html><html lang="{language}"><h1>{name}</h1>{on} {dated}{filling}'


def a_register() -> DocumentsInMemory:
    """Two municipalities that merged into a third on 1 January 2025, and a parent."""
    ended = Period.parse("", "2024-12-31")
    return DocumentsInMemory(
        [
            an_organisation("OVO000001", "Vlaamse overheid"),
            an_organisation(
                "OVO002188",
                "Gemeente Nazareth",
                life=ended,
                parent="OVO000001",
                more=[
                    *facets.name(
                        NAZARETH,
                        "voorkeursnaam",
                        "Nazaret",
                        Period.parse("1990-01-01", "1999-12-31"),
                    ),
                    *places.contact(NAZARETH, email="info@nazareth.example"),
                    *places.contact(
                        NAZARETH,
                        email="oud@nazareth.example",
                        period=Period.parse("1990-01-01", "1999-12-31"),
                    ),
                ],
            ),
            an_organisation("OVO002144", "Gemeente De Pinte", life=ended),
            an_organisation("OVO053388", "Gemeente Nazareth-De Pinte", parent="OVO000001"),
            a_merger("2025-01-01", ["OVO002188", "OVO002144"], "OVO053388"),
            a_concept_scheme(),
            a_concept_scheme("http://data.vlaanderen.be/id/", "OrganisatieStatus", "actief"),
            the_ontology(),
        ]
    )


def a_concept_scheme(
    space: str = f"{BASE}/id/", name: str = "Benamingtype", code: str = "voorkeursnaam"
) -> Record:
    """A code list with one concept."""
    scheme = NamedNode(f"{space}conceptscheme/{name}")
    concept = NamedNode(f"{space}concept/{name}/{code}")
    return Record.of(
        scheme.value,
        [
            Triple(scheme, RDF.type, SKOS.ConceptScheme),
            Triple(scheme, SKOS.prefLabel, Literal(name, language="nl")),
            Triple(scheme, SKOS.hasTopConcept, concept),
            Triple(concept, RDF.type, SKOS.Concept),
            Triple(concept, SKOS.inScheme, scheme),
            Triple(concept, SKOS.prefLabel, Literal(code.capitalize(), language="nl")),
        ],
    )


def the_ontology() -> Record:
    """Our own terms, or one of them."""
    ontology, term = NamedNode(ONTOLOGY), NamedNode(f"{ONTOLOGY}#lidwoord")
    return Record.of(
        ONTOLOGY,
        [
            Triple(ontology, RDF.type, OWL.Ontology),
            Triple(term, RDF.type, OWL.DatatypeProperty),
            Triple(term, RDFS.isDefinedBy, ontology),
            Triple(term, RDFS.label, Literal("lidwoord", language="nl")),
        ],
    )


def _objects(triples: Iterable[Triple], iri: str, predicate: NamedNode) -> tuple[str, ...]:
    subject = NamedNode(iri)
    return tuple(
        sorted(
            text_of(t.object) for t in triples if t.subject == subject and t.predicate == predicate
        )
    )
