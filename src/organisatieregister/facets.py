"""Facets: the dated facts of a record. What kinds there are, how to write one, how to read them.

A facet is a node on which the organisation's ``reg:facet`` points; its shape per kind stands in
``docs/decisions/0002-shape-of-a-record.md``. The builders return triples, owner's link included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, Triple

from organisatieregister.identifiers import concept_iri, part_iri
from organisatieregister.periods import ALWAYS, Period
from organisatieregister.records import Record, text_of
from organisatieregister.vocabulary import (
    ADMS,
    DCT,
    GENERIEK,
    ORG,
    RDF,
    REG,
    SCHEMA,
    SKOS,
    SKOSXL,
    TIME,
    XSD,
)

Triples = list[Triple]


class FacetKind(StrEnum):
    """What a facet is about."""

    NAME = "benaming"
    IDENTIFIER = "identificator"
    CLASSIFICATION = "classificatie"
    PARENT = "moederorganisatie"
    RELATION = "relatie"
    CONTACT = "contactpunt"
    SITE = "vestiging"
    POST = "positie"
    MEMBERSHIP = "lidmaatschap"
    STATUS = "statusvermelding"
    OTHER = "overig"


@dataclass(frozen=True)
class Facet:
    """One dated fact: its node, kind, period and the triples of the node and what hangs on it."""

    node: NamedNode
    kind: FacetKind
    period: Period
    own: tuple[Triple, ...]
    nested: tuple[Triple, ...]

    @property
    def triples(self) -> tuple[Triple, ...]:
        """All triples that come and go with the facet, but for the owner's link."""
        return self.own + self.nested

    def value(self, predicate: NamedNode) -> NamedNode | Literal | None:
        """One object of this predicate on the node, or None."""
        for triple in self.own:
            if triple.predicate == predicate:
                return triple.object  # type: ignore[return-value]  # records have no blank nodes
        return None


_KIND_OF_CLASS = {
    SKOSXL.Label: FacetKind.NAME,
    ADMS.Identifier: FacetKind.IDENTIFIER,
    REG.Classificatie: FacetKind.CLASSIFICATION,
    REG.Relatie: FacetKind.RELATION,
    SCHEMA.ContactPoint: FacetKind.CONTACT,
    ORG.Site: FacetKind.SITE,
    ORG.Post: FacetKind.POST,
    ORG.Membership: FacetKind.MEMBERSHIP,
    REG.Statusvermelding: FacetKind.STATUS,
}

# --- reading ---------------------------------------------------------------------------------


@lru_cache(maxsize=256)  # the same record is asked for its status, shortcuts and next change
def facets(record: Record) -> tuple[Facet, ...]:
    """The facets of the record, sorted by IRI."""
    grouped = record.by_subject
    nodes = sorted(
        triple.object.value
        for triple in grouped.get(record.iri, ())
        if triple.predicate == REG.facet and isinstance(triple.object, NamedNode)
    )
    return tuple(_facet(node, grouped, record.iri) for node in nodes if node in grouped)


def period_of(iri: str, grouped: dict[str, list[Triple]]) -> Period:
    """The period that stands on a subject as ``schema:startDate`` and ``schema:endDate``."""
    start = end = None
    for triple in grouped.get(iri, ()):
        if triple.predicate == SCHEMA.startDate:
            start = date.fromisoformat(text_of(triple.object))
        elif triple.predicate == SCHEMA.endDate:
            end = date.fromisoformat(text_of(triple.object))
    if start and end and start > end:
        # Stored data passed the shapes; a broken pair that came in otherwise is never in force.
        return Period(end, end)
    return Period(start, end) if start or end else ALWAYS


def life(record: Record) -> Period:
    """The period of the organisation itself."""
    return period_of(record.iri, record.by_subject)


def _facet(node: str, grouped: dict[str, list[Triple]], owner: str) -> Facet:
    own = grouped[node]
    kind = FacetKind.OTHER
    for triple in own:
        if triple.predicate == RDF.type:
            kind = _KIND_OF_CLASS.get(triple.object, kind)  # type: ignore[arg-type]
        elif triple.predicate == ORG.role and triple.object == REG.moederorganisatie:
            kind = FacetKind.PARENT
            break
    nested = [t for part in _nested(node, grouped, owner) for t in grouped[part]]
    return Facet(NamedNode(node), kind, period_of(node, grouped), tuple(own), tuple(nested))


def _nested(node: str, grouped: dict[str, list[Triple]], owner: str) -> list[str]:
    """The parts that hang on the node, not going back to the owner or over to other facets."""
    seen: list[str] = []
    ahead = [node]
    while ahead:
        for triple in grouped[ahead.pop()]:
            if triple.predicate == REG.positie:
                continue
            target = triple.object.value if isinstance(triple.object, NamedNode) else ""
            if target in grouped and target not in (owner, node) and target not in seen:
                seen.append(target)
                ahead.append(target)
    return seen


# --- writing ---------------------------------------------------------------------------------


def dated(subject: NamedNode, period: Period, owner: str) -> Triples:
    """The period of a subject: the interval node and the plain dates; nothing when open."""
    if period.is_open:
        return []
    interval = NamedNode(part_iri(owner, "periode", subject.value))
    triples = [
        Triple(subject, DCT.temporal, interval),
        Triple(interval, RDF.type, TIME.ProperInterval),
    ]
    for day, edge, link, plain in (
        (period.start, "begin", TIME.hasBeginning, SCHEMA.startDate),
        (period.end, "einde", TIME.hasEnd, SCHEMA.endDate),
    ):
        if day:
            instant = NamedNode(f"{interval.value}#{edge}")
            value = Literal(day.isoformat(), datatype=XSD.date)
            triples += [
                Triple(interval, link, instant),
                Triple(instant, RDF.type, TIME.Instant),
                Triple(instant, TIME.inXSDDate, value),
                Triple(subject, plain, value),
            ]
    return triples


def name(
    owner: str,
    kind: str,
    text: str,
    period: Period = ALWAYS,
    *,
    language: str = "nl",
    key: str = "",
) -> Triples:
    """A name; ``kind`` is a code of Benamingtype (voorkeursnaam, korte-naam …)."""
    node = _part(owner, "benaming", key or f"{kind}|{language}|{text}|{period}")
    return _facet_triples(owner, node, SKOSXL.Label, period) + [
        Triple(node, DCT.type, NamedNode(concept_iri("Benamingtype", kind))),
        Triple(node, SKOSXL.literalForm, Literal(text, language=language)),
    ]


@dataclass(frozen=True, slots=True)
class KeyType:
    """A type of identifier: code in Sleuteltype, who issues it, the space of the codes."""

    code: str
    agency: str
    agency_iri: str = ""
    space: str = ""


def identifier(
    owner: str, key_type: KeyType, code: str, period: Period = ALWAYS, *, key: str = ""
) -> Triples:
    """An identifier of the organisation elsewhere (or its OVO code)."""
    node = _part(owner, "identificator", key or f"{key_type.code}|{code}|{period}")
    structured = _part(owner, "gestructureerde-identificator", node.value)
    triples = _facet_triples(owner, node, ADMS.Identifier, period) + [
        Triple(node, DCT.type, NamedNode(concept_iri("Sleuteltype", key_type.code))),
        Triple(node, SKOS.notation, Literal(code)),
        Triple(node, ADMS.schemaAgency, Literal(key_type.agency)),
        Triple(node, GENERIEK.gestructureerdeIdentificator, structured),
        Triple(structured, RDF.type, GENERIEK.GestructureerdeIdentificator),
        Triple(structured, GENERIEK.lokaleIdentificator, Literal(code)),
    ]
    if key_type.agency_iri:
        triples.append(Triple(node, DCT.creator, NamedNode(key_type.agency_iri)))
    if key_type.space:
        triples.append(Triple(structured, GENERIEK.naamruimte, Literal(key_type.space)))
    return triples


def classification(
    owner: str, kind: str, concept: str, period: Period = ALWAYS, *, key: str = ""
) -> Triples:
    """A classification; ``kind`` is a code of Classificatietype, ``concept`` an IRI."""
    node = _part(owner, "classificatie", key or f"{kind}|{concept}|{period}")
    return _facet_triples(owner, node, REG.Classificatie, period) + [
        Triple(node, DCT.type, NamedNode(concept_iri("Classificatietype", kind))),
        Triple(node, REG.concept, NamedNode(concept)),
    ]


def parent(
    owner: str, parent_iri: str, period: Period = ALWAYS, *, framework: str = "", key: str = ""
) -> Triples:
    """The organisation above this one, in the administrative tree or a framework's."""
    triples = membership(
        owner, member=owner, organisation=parent_iri, role=REG.moederorganisatie.value,
        period=period, key=key or f"moeder|{parent_iri}|{framework}|{period}",
    )  # fmt: skip
    if framework:
        triples.append(Triple(node_of(triples), REG.toepassingsgebied, NamedNode(framework)))
    return triples


def membership(
    owner: str, *, member: str, organisation: str, role: str,
    period: Period = ALWAYS, post: str = "", key: str = "",
) -> Triples:  # fmt: skip
    """A membership in a role; ``post`` is the IRI of the post that the member holds."""
    node = _part(owner, "lidmaatschap", key or f"{member}|{organisation}|{role}|{period}")
    triples = _facet_triples(owner, node, ORG.Membership, period) + [
        Triple(node, ORG.member, NamedNode(member)),
        Triple(node, ORG.organization, NamedNode(organisation)),
        Triple(node, ORG.role, NamedNode(role)),
    ]
    during = [t.object for t in triples if t.subject == node and t.predicate == DCT.temporal]
    triples += [Triple(node, ORG.memberDuring, interval) for interval in during]
    if post:
        triples.append(Triple(node, REG.positie, NamedNode(post)))
    return triples


def post(owner: str, role: str, period: Period = ALWAYS, *, key: str = "") -> Triples:
    """A post in the organisation, whoever holds it; ``role`` is the IRI of a concept."""
    node = _part(owner, "positie", key or f"{role}|{period}")
    return _facet_triples(owner, node, ORG.Post, period) + [
        Triple(node, ORG.role, NamedNode(role)),
        Triple(node, ORG.postIn, NamedNode(owner)),
    ]


def relation(
    owner: str, kind: str, other: str, period: Period = ALWAYS, *, key: str = ""
) -> Triples:
    """A relation to another organisation; ``kind`` is a code of Relatietype."""
    node = _part(owner, "relatie", key or f"{kind}|{other}|{period}")
    return _facet_triples(owner, node, REG.Relatie, period) + [
        Triple(node, DCT.type, NamedNode(concept_iri("Relatietype", kind))),
        Triple(node, REG.gerelateerdeOrganisatie, NamedNode(other)),
    ]


def stated_status(owner: str, status: str, period: Period = ALWAYS, *, key: str = "") -> Triples:
    """A status that a source states without telling when it began (see decision 2)."""
    node = _part(owner, "statusvermelding", key or f"{status}|{period}")
    concept = NamedNode(concept_iri("organisatiestatus", status))
    return [
        *_facet_triples(owner, node, REG.Statusvermelding, period),
        Triple(node, REG.concept, concept),
    ]


def sourced(facet: Sequence[Triple], source: str) -> Triples:
    """The same facet with ``dct:source`` on its node."""
    return [*facet, Triple(node_of(facet), DCT.source, NamedNode(source))]


def node_of(facet: Sequence[Triple]) -> NamedNode:
    """The node of a facet as the builders return it: the object of the owner's link."""
    return NamedNode(text_of(facet[0].object))


def _part(owner: str, kind: str, key: str) -> NamedNode:
    return NamedNode(part_iri(owner, kind, key))


def _facet_triples(owner: str, node: NamedNode, klass: NamedNode, period: Period) -> Triples:
    """The owner's link (always first), the class and the period."""
    return [
        Triple(NamedNode(owner), REG.facet, node),
        Triple(node, RDF.type, klass),
        *dated(node, period, owner),
    ]
