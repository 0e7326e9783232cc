"""The document about a record as valid on any day, derived on request. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial

from pyoxigraph import RdfFormat, Triple, parse

from organisatieregister.identifiers import ORGANISATION
from organisatieregister.publication import labels, statements_about_others
from organisatieregister.records import text_of
from organisatieregister.views.documents.composition import Told, composed
from organisatieregister.views.documents.tables import Tables


def document_on(tables: Tables, iri: str, on: date, *, historic: bool) -> frozenset[Triple] | None:
    """The document with what others said of the resource, and were called, on that day."""
    number = tables.number(iri)
    stored = tables.record(number) if number is not None else None
    if stored is None:
        return None
    statements: Told
    labels_of: Told
    if on == tables.day:
        statements = partial(_read, tables.statements)
        labels_of = partial(_read, tables.labels)
    else:
        statements = partial(said_on, tables, on=on)
        labels_of = partial(labels_on, tables, on=on)
    return composed(stored.record, on, stored.modified, statements, labels_of, historic=historic)


def read_triples(n_triples: bytes) -> frozenset[Triple]:
    """The triples in N-Triples that this view wrote."""
    quads = parse(n_triples, format=RdfFormat.N_TRIPLES, lenient=True)
    return frozenset(quad.triple for quad in quads)


def _read(about: Callable[[Iterable[str]], bytes], subjects: Iterable[str]) -> frozenset[Triple]:
    return read_triples(about(subjects))


def said_on(tables: Tables, subjects: Iterable[str], on: date) -> set[Triple]:
    """What other records say about the subjects on a day."""
    asked = set(subjects)
    speakers = (tables.record(number) for number in tables.speakers(asked))
    return {
        triple
        for stored in speakers
        if stored
        for triple in statements_about_others(stored.record, on)
        if text_of(triple.subject) in asked
    }


def labels_on(tables: Tables, subjects: Iterable[str], on: date) -> set[Triple]:
    """The labels of the subjects on a day; only the names of organisations have periods."""
    others = []
    found: set[Triple] = set()
    for iri in subjects:
        number = tables.number(iri) if iri.startswith(ORGANISATION) else None
        stored = tables.record(number) if number is not None else None
        if stored:
            found |= labels(stored.record, on)
        else:
            others.append(iri)
    return found | read_triples(tables.labels(others))
