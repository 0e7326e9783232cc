"""RDF files of our profile → records.

What our own dumps and documents state beyond the stored facts (shortcuts, statements about others,
document metadata: ``validity.py``, ``publication.py``) is recognised and dropped, so that a dump
loads again into the same records. Named graphs are merged. Nothing is ever fetched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import IO

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple, parse

from organisatieregister.errors import UnreadableSource
from organisatieregister.identifiers import BASE, KBO_ENTERPRISE, ORGANISATION, canonical_iri
from organisatieregister.records import Record, gather, gather_in_order, text_of
from organisatieregister.vocabulary import (
    ADMS,
    DCT,
    FOAF,
    ORG,
    RDF,
    RDFS,
    REG,
    ROV,
    SCHEMA,
    SKOS,
    SKOSXL,
    VLORG,
)

FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "rdf": RdfFormat.RDF_XML,
    "xml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "json": RdfFormat.JSON_LD,
}
# Above this size the records must stand one after the other, as in our dumps; bytes.
IN_MEMORY_LIMIT = 64 * 1024 * 1024

_STREAMED = frozenset({"ttl", "nt", "nq", "trig"})
_DOCUMENT = f"{BASE}/doc/"
_POST = f"{BASE}/id/positie/"

_OF_ORGANISATION = frozenset({
    SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, SKOSXL.prefLabel, SKOSXL.altLabel,
    SKOSXL.hiddenLabel, REG.korteNaam, ROV.legalName, ROV.orgStatus, ADMS.status, ADMS.identifier,
    ROV.registration, ORG.classification, VLORG.rechtsvorm, VLORG.rechtstoestand,
    VLORG.rechtspersoonlijkheid, ORG.hasMembership, ORG.subOrganizationOf, ORG.hasSubOrganization,
    ORG.linkedTo, SCHEMA.contactPoint, FOAF.homepage, ORG.hasSite, ORG.hasPrimarySite,
    ORG.hasRegisteredSite, ORG.hasPost, ORG.changedBy, ORG.resultedFrom, DCT.replaces,
    DCT.isReplacedBy,
})  # fmt: skip
_OF_POST = frozenset({ORG.heldBy})
_OF_DOCUMENT = frozenset({
    FOAF.primaryTopic, DCT.modified, DCT.isPartOf, DCT.license, DCT.publisher, DCT.hasFormat,
})  # fmt: skip
_SOMETIMES = frozenset({RDF.type, RDFS.seeAlso})  # derived for some objects
_NONE: frozenset[NamedNode] = frozenset()
_ADVICE = "every part needs an IRI"
_LABELS = frozenset({SKOS.prefLabel, FOAF.name, DCT.title, RDFS.label})


def read_records(
    source: IO[bytes] | bytes, name: str, suffix: str, size: int = 0
) -> Iterator[Record]:
    """The records in a file; ``suffix`` tells the format, ``size`` (bytes) how to read it.

    A file of more than IN_MEMORY_LIMIT bytes in a line-wise format is read as a stream. Raises
    UnreadableSource (syntax with line and column, unknown format, remote context, blank nodes) and
    MalformedRecord.
    """
    kind = suffix.removeprefix(".").lower()
    if kind not in FORMATS:
        known = " ".join(f".{each}" for each in FORMATS)
        raise UnreadableSource(name, f"{suffix or 'no suffix'} is no RDF format; known are {known}")
    triples = stored(_quads(source, name, FORMATS[kind]), name)
    if size > IN_MEMORY_LIMIT and kind in _STREAMED:
        yield from gather_in_order(triples)
    else:
        yield from gather(_without_bare_labels(triples))


def stored(quads: Iterable[Quad], name: str) -> Iterator[Triple]:
    """The triples that a record holds, with our own IRIs in their canonical spelling."""
    last: object = None
    moved, derived = None, _NONE
    for quad in quads:  # millions of times: what is not needed is not asked for
        subject = quad.subject
        if subject != last:
            last = subject
            if not isinstance(subject, NamedNode):
                raise UnreadableSource(name, f"{_place(quad)} is about a blank node; {_ADVICE}")
            moved, derived = _about(subject.value)
        predicate = quad.predicate
        if predicate in derived:
            continue
        target = quad.object
        mended = None
        if isinstance(target, NamedNode):
            if predicate in _SOMETIMES and _is_derived_link(subject, predicate, target):
                continue
            mended = _mended(target.value)
        elif isinstance(target, BlankNode):
            raise UnreadableSource(name, f"{_place(quad)} points to a blank node; {_ADVICE}")
        if moved is None and mended is None:
            yield quad.triple
        else:
            yield Triple(moved or subject, predicate, mended or target)


def _quads(source: IO[bytes] | bytes, name: str, kind: RdfFormat) -> Iterator[Quad]:
    try:
        yield from parse(source, format=kind)
    except SyntaxError as error:
        reason = str(error.msg)
        if "LoadDocumentCallback" in reason:
            reason = "refers to a remote @context, which is never fetched: put it in the file"
        raise UnreadableSource(name, reason, error.lineno or 0, error.offset or 0) from error


def _about(iri: str) -> tuple[NamedNode | None, frozenset[NamedNode]]:
    """The subject in its canonical spelling if it is not, and the predicates derived for it."""
    moved = _mended(iri)
    if moved:  # the IRI of the document is also met where the organisation is meant
        return moved, _OF_ORGANISATION | _OF_DOCUMENT
    if iri.startswith(ORGANISATION):
        return None, _OF_ORGANISATION
    if iri.startswith(_POST):
        return None, _OF_POST
    return None, _OF_DOCUMENT if iri.startswith(_DOCUMENT) else _NONE


def _is_derived_link(subject: object, predicate: NamedNode, target: NamedNode) -> bool:
    if predicate == RDF.type:
        return target == FOAF.Document
    return (
        target.value.startswith(KBO_ENTERPRISE)
        and isinstance(subject, NamedNode)
        and canonical_iri(subject.value).startswith(ORGANISATION)
    )


@lru_cache(maxsize=65536)  # the same few IRIs are the object of most triples
def _mended(iri: str) -> NamedNode | None:
    """The canonical spelling of one of our IRIs, when it is another."""
    canonical = canonical_iri(iri)
    return NamedNode(canonical) if canonical != iri else None


def _without_bare_labels(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Drop the labels of other resources that a document shows beside its own record."""
    groups: dict[str, list[Triple]] = {}
    for triple in triples:
        groups.setdefault(text_of(triple.subject), []).append(triple)
    for group in groups.values():
        if any(triple.predicate not in _LABELS for triple in group):
            yield from group


def _place(quad: Quad) -> str:
    """Where in the graph a triple stands; the parser does not tell its line."""
    terms = (quad.subject, quad.predicate, quad.object)
    return " ".join(str(term) for term in terms if not isinstance(term, BlankNode))[:300]
