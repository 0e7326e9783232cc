"""The example queries that ship (``ontology/voorbeeldvragen.ttl``), for the form at ``/sparql``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Literal, RdfFormat, parse

from organisatieregister.errors import UnreadableSource
from organisatieregister.records import text_of
from organisatieregister.vocabulary import RDFS, SH

FILE = "voorbeeldvragen.ttl"

_QUERY = (SH.select, SH.construct, SH.ask)


@dataclass(frozen=True, slots=True)
class Example:
    """A query with titles and comments by language (``nl``, ``en``)."""

    iri: str
    query: str
    titles: Mapping[str, str]
    comments: Mapping[str, str] = field(default_factory=dict)

    def title(self, language: str) -> str:
        """In this language, or else in another."""
        return self.titles.get(language) or next(iter(self.titles.values()), self.iri)

    def comment(self, language: str) -> str:
        """In this language; empty when there is none."""
        return self.comments.get(language, "")


def read_examples(path: Path) -> list[Example]:
    """The ``sh:SPARQLExecutable`` in a Turtle file, in its order. Raises UnreadableSource."""
    queries: dict[str, str] = {}
    titles: dict[str, dict[str, str]] = {}
    comments: dict[str, dict[str, str]] = {}
    try:
        quads = list(parse(path.read_bytes(), RdfFormat.TURTLE))
    except (OSError, SyntaxError) as error:
        raise UnreadableSource(path.name, str(error)) from error
    for subject, predicate, value, _ in quads:
        iri = text_of(subject)
        if predicate in _QUERY:
            queries[iri] = text_of(value)
        elif isinstance(value, Literal) and predicate == RDFS.label:
            titles.setdefault(iri, {})[value.language or ""] = value.value
        elif isinstance(value, Literal) and predicate == RDFS.comment:
            comments.setdefault(iri, {})[value.language or ""] = value.value
    return [
        Example(iri, query.strip(), titles.get(iri, {}), comments.get(iri, {}))
        for iri, query in queries.items()
    ]
