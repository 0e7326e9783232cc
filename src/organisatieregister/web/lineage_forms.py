"""A lineage as JSON and as RDF; pure."""

from __future__ import annotations

from typing import Any

import orjson
from pyoxigraph import Literal, NamedNode, Triple

from organisatieregister.identifiers import BASE
from organisatieregister.lineage import Lineage, Member, Transition
from organisatieregister.publication import LICENCE
from organisatieregister.vocabulary import (
    DCT,
    FOAF,
    HYDRA,
    ORG,
    RDF,
    RDFS,
    ROV,
    SCHEMA,
    SKOS,
    XSD,
    shorten,
)
from organisatieregister.web.routing import document_path


def lineage_json(lineage: Lineage, name: str) -> bytes:
    """The answer under ``name`` (``opvolgers``, ``voorgangers``), with the way that led there."""
    content = {
        "organisatie": _organisation(lineage.member(lineage.start)),
        "op": lineage.on.isoformat(),
        name: [_organisation(lineage.member(iri)) for iri in lineage.found],
        "gebeurtenissen": [_event(event) for event in lineage.events],
        "organisaties": [_organisation(member) for member in lineage.members],
    }
    return orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE)


def lineage_triples(lineage: Lineage, path: str) -> frozenset[Triple]:
    """A ``hydra:Collection`` at the path with the answer, and the events and organisations."""
    collection = NamedNode(BASE + path)
    triples = {
        Triple(collection, RDF.type, HYDRA.Collection),
        Triple(collection, FOAF.primaryTopic, NamedNode(lineage.start)),
        Triple(collection, HYDRA.totalItems, Literal(len(lineage.found))),
        Triple(collection, DCT.license, LICENCE),
    }
    triples.update(Triple(collection, HYDRA.member, NamedNode(iri)) for iri in lineage.found)
    for event in lineage.events:
        triples |= _event_triples(event)
    for member in lineage.members:
        triples |= _member_triples(member)
    return frozenset(triples)


def _organisation(member: Member) -> dict[str, Any]:
    """By the names of our JSON-LD context; null is unknown."""
    summary = member.summary
    return {
        "id": member.iri,
        "code": summary.code if summary else member.iri.rpartition("/")[2],
        "naam": summary.name if summary else None,
        "status": summary.status if summary else None,
        "inVoege": member.in_force,
        "van": summary.start if summary else None,
        "tot": summary.end if summary else None,
        "href": document_path(member.iri) if summary else None,
    }


def _event(event: Transition) -> dict[str, Any]:
    return {
        "id": event.iri,
        "datum": event.day.isoformat(),
        "soort": [{"id": kind, "naam": shorten(kind).partition(":")[2]} for kind in event.kinds],
        "naam": event.label or None,
        "oorspronkelijk": list(event.originals),
        "resultaat": list(event.results),
        "href": document_path(event.iri),
    }


def _event_triples(event: Transition) -> set[Triple]:
    about = NamedNode(event.iri)
    triples = {
        Triple(about, RDF.type, ORG.ChangeEvent),
        *(Triple(about, RDF.type, NamedNode(kind)) for kind in event.kinds),
        Triple(about, DCT.date, Literal(event.day.isoformat(), datatype=XSD.date)),
        *(Triple(about, ORG.originalOrganization, NamedNode(iri)) for iri in event.originals),
        *(Triple(about, ORG.resultingOrganization, NamedNode(iri)) for iri in event.results),
    }
    if event.label:
        triples.add(Triple(about, RDFS.label, Literal(event.label, language="nl")))
    for original in event.originals:
        for result in event.became(original):
            triples.add(Triple(NamedNode(original), DCT.isReplacedBy, NamedNode(result)))
    return triples


def _member_triples(member: Member) -> set[Triple]:
    summary = member.summary
    if summary is None:
        return set()
    about = NamedNode(member.iri)
    triples = {
        Triple(about, RDF.type, ORG.Organization),
        Triple(about, DCT.identifier, Literal(summary.code)),
        Triple(about, SKOS.prefLabel, Literal(summary.name, language="nl")),
        Triple(about, ROV.orgStatus, NamedNode(summary.status)),
    }
    for predicate, day in ((SCHEMA.startDate, summary.start), (SCHEMA.endDate, summary.end)):
        if day:
            triples.add(Triple(about, predicate, Literal(day, datatype=XSD.date)))
    return triples
