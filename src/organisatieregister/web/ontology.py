"""Our own terms as a document beside those of the register: ``/ns/organisatieregister``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from pyoxigraph import Triple

from organisatieregister.identifiers import ONTOLOGY
from organisatieregister.publication import metadata
from organisatieregister.records import Record, text_of
from organisatieregister.representations import TURTLE, serialise
from organisatieregister.vocabulary import RDF
from organisatieregister.web.rendering import Documents, StoredDocument


@dataclass(frozen=True, slots=True)
class FixedDocument:
    """A document that is the same on every day (a ``StoredDocument``)."""

    turtle: bytes
    etag: str
    modified: datetime
    types: tuple[str, ...]
    successors: tuple[str, ...] = ()


class WithOntology:
    """The documents view, and the ontology as one document more."""

    def __init__(
        self, documents: Documents, ontology: Iterable[Triple], modified: datetime
    ) -> None:
        self._documents = documents
        self._triples = frozenset(ontology) | metadata(ONTOLOGY, modified)
        turtle = serialise(self._triples, TURTLE, ONTOLOGY)
        types = {
            text_of(t.object)
            for t in self._triples
            if text_of(t.subject) == ONTOLOGY and t.predicate == RDF.type
        }
        self._ontology = FixedDocument(
            turtle, hashlib.sha256(turtle).hexdigest()[:16], modified, tuple(sorted(types))
        )

    @property
    def position(self) -> int:
        """The position of the documents view."""
        return self._documents.position

    def get(self, iri: str) -> StoredDocument | None:
        """The document about ``iri``."""
        return self._ontology if iri == ONTOLOGY else self._documents.get(iri)

    def owner(self, part_iri: str) -> str | None:
        """What a part belongs to."""
        return self._documents.owner(part_iri)

    def document(self, iri: str, on: date, historic: bool = False) -> frozenset[Triple] | None:
        """The document about ``iri`` on a day."""
        return self._triples if iri == ONTOLOGY else self._documents.document(iri, on, historic)

    def record(self, iri: str) -> Record | None:
        """The record; the ontology is none."""
        return self._documents.record(iri)
