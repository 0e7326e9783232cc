"""The result formats: content types by form of query, and their names in pyoxigraph."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from organisatieregister.representations import negotiate

# In order of preference. The plain XML and JSON types are what older clients ask for.
RESULTS = MappingProxyType(
    {
        "application/sparql-results+json": "JSON",
        "application/sparql-results+xml": "XML",
        "text/csv; charset=utf-8": "CSV",
        "text/tab-separated-values; charset=utf-8": "TSV",
        "application/json": "JSON",
        "application/xml": "XML",
        "text/xml": "XML",
    }
)
GRAPHS = MappingProxyType(
    {
        "text/turtle; charset=utf-8": "TURTLE",
        "application/n-triples": "N_TRIPLES",
        "application/ld+json": "JSON_LD",
        "application/rdf+xml": "RDF_XML",
        "application/trig": "TRIG",
        "application/n-quads": "N_QUADS",
        "application/json": "JSON_LD",
        "application/xml": "RDF_XML",
        "text/plain; charset=utf-8": "N_TRIPLES",
    }
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The content types that fit an Accept header; None where nothing does."""

    results: str | None
    graph: str | None

    @property
    def formats(self) -> dict[str, str | None]:
        """The same by pyoxigraph's names."""
        return {
            "results": RESULTS[self.results] if self.results else None,
            "graph": GRAPHS[self.graph] if self.graph else None,
        }


@lru_cache(maxsize=256)
def choose(accept: str) -> Choice:
    """The best content type for a table or a truth value, and for a graph."""
    return Choice(negotiate(accept, list(RESULTS)), negotiate(accept, list(GRAPHS)))
