"""What the register publishes of a record: in the graph, and as a document.

The published graph is the union of ``published`` over the current records. A document shows one
record at a date, with what other records say about it, the labels of what it links to, and
metadata of itself (``docs/decisions/0002-shape-of-a-record.md``).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from pyoxigraph import Literal, NamedNode, Triple

from organisatieregister.identifiers import DATASET, OvoCode, document_iri
from organisatieregister.records import Record, text_of
from organisatieregister.validity import shortcuts, valid_on
from organisatieregister.vocabulary import DCT, FOAF, RDF, RDFS, SKOS, XSD

LICENCE = NamedNode("https://data.vlaanderen.be/id/licentie/modellicentie-gratis-hergebruik/v1.0")
PUBLISHER = NamedNode(OvoCode("OVO002949").iri)
SUFFIXES = ("html", "ttl", "jsonld", "nt", "nq", "trig", "rdf", "json")

_LABELS = (SKOS.prefLabel, FOAF.name, DCT.title, RDFS.label)


def published(record: Record, on: date, modified: datetime) -> frozenset[Triple]:
    """The triples of the record in the published graph on a day: all facets, and what follows.

    Some have another subject (the inverse links); no other record publishes the same triple.
    """
    document = NamedNode(document_iri(record.iri))
    return (
        record.triples
        | shortcuts(record, on)
        | {
            Triple(document, RDF.type, FOAF.Document),
            Triple(document, FOAF.primaryTopic, record.subject),
            Triple(document, DCT.modified, _moment(modified)),
        }
    )


def statements_about_others(record: Record, on: date) -> frozenset[Triple]:
    """What follows from the record about subjects that are not in it."""
    own = record.by_subject
    return frozenset(t for t in shortcuts(record, on) if text_of(t.subject) not in own)


def labels(record: Record, on: date) -> frozenset[Triple]:
    """The labels by which other documents show this record's subjects (concepts too)."""
    named = {t for t in record.triples if t.predicate in _LABELS and _is_resource(t, record)}
    return frozenset(named | {t for t in shortcuts(record, on) if t.predicate == SKOS.prefLabel})


def mentions(triples: Iterable[Triple], record: Record) -> frozenset[str]:
    """The IRIs outside the record that its triples point to."""
    own = record.by_subject
    return frozenset(
        t.object.value
        for t in triples
        if isinstance(t.object, NamedNode) and t.object.value not in own and t.predicate != RDF.type
    )


def document(
    record: Record,
    on: date,
    modified: datetime,
    *,
    said_by_others: Iterable[Triple] = (),
    labels_of_others: Iterable[Triple] = (),
    historic: bool = False,
) -> frozenset[Triple]:
    """The document about the record on a day; ``historic``: all facets, not just those in force.

    ``said_by_others`` are the statements of other records about this one on the same day.
    """
    if historic:
        own = record.by_subject
        derived = {t for t in shortcuts(record, on) if text_of(t.subject) in own}
        content = record.triples | derived
    else:
        content = valid_on(record, on)
    return (
        content
        | frozenset(said_by_others)
        | frozenset(labels_of_others)
        | metadata(record.iri, modified)
    )


def metadata(iri: str, modified: datetime) -> frozenset[Triple]:
    """What a document says of itself: topic, dataset, licence, publisher, formats."""
    about = document_iri(iri)
    node = NamedNode(about)
    triples = {
        Triple(node, RDF.type, FOAF.Document),
        Triple(node, FOAF.primaryTopic, NamedNode(iri)),
        Triple(node, DCT.modified, _moment(modified)),
        Triple(node, DCT.isPartOf, NamedNode(DATASET)),
        Triple(node, DCT.license, LICENCE),
        Triple(node, DCT.publisher, PUBLISHER),
    }
    if "?" not in about:
        triples |= {
            Triple(node, DCT.hasFormat, NamedNode(f"{about}.{suffix}")) for suffix in SUFFIXES
        }
    return frozenset(triples)


def _moment(time: datetime) -> Literal:
    # The canonical form has Z; the graph store would turn +00:00 into it, the documents would not.
    text = time.isoformat(timespec="seconds").replace("+00:00", "Z")
    return Literal(text, datatype=XSD.dateTime)


def _is_resource(triple: Triple, record: Record) -> bool:
    """True for the primary resource and concepts: what other records link to."""
    subject = text_of(triple.subject)
    return subject == record.iri or Triple(triple.subject, RDF.type, SKOS.Concept) in record.triples
