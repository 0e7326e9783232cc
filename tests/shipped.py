"""The RDF that ships, for the tests: ontology, shapes, code lists and example records."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import rdflib
from pyoxigraph import RdfFormat, Triple, parse

from organisatieregister.records import Record, gather
from organisatieregister.rules import Rulebook
from organisatieregister.rules.engine import PyShaclEngine

ROOT = Path(__file__).parents[1]
ONTOLOGY = ROOT / "ontology"
SHAPES = ROOT / "shapes"
EXAMPLES = ROOT / "data" / "voorbeelden"
SHAPE = "https://data.vlaanderen.be/ns/organisatieregister/shapes#"


def triples(path: Path) -> list[Triple]:
    return [quad.triple for quad in parse(path.read_bytes(), format=RdfFormat.TURTLE)]


def records(path: Path) -> list[Record]:
    return list(gather(triples(path)))


def graph(paths: Iterable[Path]) -> rdflib.Graph:
    """The files as one rdflib graph, for what pyoxigraph cannot ask."""
    together = rdflib.Graph()
    for path in paths:
        together.parse(path, format="turtle")
    return together


@cache
def shapes() -> rdflib.Graph:
    return graph(sorted(SHAPES.glob("*.ttl")))


@cache
def shapes_text() -> str:
    return "\n".join(path.read_text() for path in sorted(SHAPES.glob("*.ttl")))


@cache
def rulebook() -> Rulebook:
    return Rulebook(PyShaclEngine(shapes_text()))


@cache
def known() -> dict[str, Record]:
    """What counts as known to the register: each subject with its record."""
    paths = [*sorted((ONTOLOGY / "codelijsten").glob("*.ttl")), EXAMPLES / "omgeving.ttl"]
    return {iri: record for path in paths for record in records(path) for iri in record.by_subject}


def neighbours(checked: Iterable[Record]) -> list[Record]:
    """The known records that the rulebook asks for."""
    wanted = {iri for record in checked for iri in rulebook().neighbours_of(record)}
    return list(
        {known()[iri].iri: known()[iri] for iri in sorted(wanted) if iri in known()}.values()
    )
