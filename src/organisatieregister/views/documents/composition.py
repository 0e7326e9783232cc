"""A document from its content and what the tables add: statements of other records, and labels.

The finished document is composed of text (N-Triples), for every record gets one and going through
terms takes three times as long; a document of another day is composed of triples. What others say
of a part that is not in force is left out of both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from pyoxigraph import RdfFormat, Triple, serialize

from organisatieregister.identifiers import document_iri
from organisatieregister.publication import document, mentions, metadata
from organisatieregister.records import Record, text_of
from organisatieregister.representations.turtle import rows, turtle
from organisatieregister.views.documents.contribution import without_fragment
from organisatieregister.views.documents.stored import Finished
from organisatieregister.views.documents.tables import Tables, key
from organisatieregister.vocabulary import DCT, RDF

_TYPE, _REPLACED_BY = str(RDF.type), str(DCT.isReplacedBy)


Told = Callable[[Iterable[str]], Iterable[Triple]]  # by subjects


@dataclass(frozen=True)
class Content:
    """What a document says by its own record, as N-Triples."""

    iri: str
    version: int
    n_triples: bytes

    @classmethod
    def of(cls, record: Record, version: int, modified: datetime, day: date) -> Content:
        """The content of the document on a day."""
        triples = document(record, day, modified)
        return cls(record.iri, version, serialize(triples, format=RdfFormat.N_TRIPLES) or b"")


def finished(content: Content, tables: Tables) -> Finished:
    """The whole document."""
    said = rows(content.n_triples)
    described = {subject for subject, _, _ in said} - {f"<{document_iri(content.iri)}>"}
    said += rows(tables.statements(_askable(described)))
    shown, types, successors = set(), [], []
    about = f"<{content.iri}>"
    for subject, predicate, target in said:
        if target[0] != "<":
            continue
        if predicate == _TYPE:
            if subject == about:
                types.append(target[1:-1])
        elif subject in described and target not in described:
            shown.add(target[1:-1])
            if predicate == _REPLACED_BY and subject == about:
                successors.append(target[1:-1])
    said += rows(tables.labels(shown))
    return Finished(
        turtle(dict.fromkeys(said), content.iri),
        content.version,
        sorted(types),
        sorted(successors),
        {key(iri) for iri in shown},
    )


def composed(
    record: Record,
    on: date,
    modified: datetime,
    statements_about: Told,
    labels_of: Told,
    *,
    historic: bool,
) -> frozenset[Triple]:
    """The same from triples, for any day; the two functions tell what the tables would."""
    content = document(record, on, modified, historic=historic)
    about_itself = metadata(record.iri, modified)
    described = {text_of(triple.subject) for triple in content - about_itself}
    said = frozenset(statements_about(described))
    shown = mentions((content | said) - about_itself, record)
    return content | said | frozenset(labels_of(shown))


def _askable(subjects: Iterable[str]) -> Iterable[str]:
    iris = (subject[1:-1] for subject in subjects)
    return (iri for iri in iris if iri == without_fragment(iri))
