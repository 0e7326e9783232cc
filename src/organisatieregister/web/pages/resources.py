"""What the pages of the other records say: events, code lists, persons, frameworks, our terms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from pyoxigraph import NamedNode

from organisatieregister.identifiers import ONTOLOGY, concept_iri
from organisatieregister.vocabulary import (
    DCT,
    M8G,
    ORG,
    OWL,
    RDF,
    RDFS,
    SKOS,
    VLORG,
    shorten,
)
from organisatieregister.web.pages.links import Link, Links, anchor, external, last_part, sort_key
from organisatieregister.web.pages.statements import Statements, Text

# By the IRI of the class of an event: the key of its name in ``texts.py``.
EVENT_KINDS = MappingProxyType(
    {
        VLORG.Fusie.value: "merger",
        VLORG.Splitsing.value: "split",
        VLORG.Vervanging.value: "replacement",
        VLORG.Stopzetting.value: "dissolution",
        M8G.FoundationEvent.value: "foundation",
    }
)
# Code lists of which a concept says something about a fact, not about an organisation.
_ABOUT_FACTS = re.compile(
    r"Benamingtype|Sleuteltype|Classificatietype|Relatietype|Vestigingstype|Herkomst|Rechts\w+type"
    r"|StopzettingType|OrganisatieStatus|BestuursfunctieCode"
)
_TERM_KINDS = (
    ("classes", (OWL.Class,)),
    ("properties", (OWL.ObjectProperty, OWL.DatatypeProperty)),
)


@dataclass(frozen=True, slots=True)
class Event:
    """A change event: what happened, when, to whom, with what result and on which ground."""

    kind: str
    name: Text
    day: date | None
    originals: tuple[Link, ...]
    results: tuple[Link, ...]
    survivors: frozenset[str]
    reasons: tuple[Link, ...]
    frameworks: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept of a code list, with all its names."""

    anchor: str
    iri: str
    notation: Text
    names: tuple[Text, ...]
    definition: Text
    members: str


@dataclass(frozen=True, slots=True)
class Term:
    """A class or property of our own vocabulary."""

    anchor: str
    iri: str
    short: str
    label: Text
    label_in_other_language: Text
    comment: Text
    broader: tuple[Link, ...]
    domain: tuple[Link, ...]
    range: tuple[Link, ...]


def event_of(iri: str, statements: Statements, links: Links) -> Event:
    """The change event that a document describes."""
    originals = statements.iris(iri, ORG.originalOrganization)
    results = statements.iris(iri, ORG.resultingOrganization)
    classes = statements.iris(iri, RDF.type)
    kinds = [key for kind, key in EVENT_KINDS.items() if kind in classes]
    return Event(
        kind=kinds[0] if kinds else "change",
        name=statements.label(iri),
        day=statements.day(iri, DCT.date),
        originals=links.all(originals),
        results=links.all(results),
        survivors=frozenset(last_part(o) for o in originals if o in results),
        reasons=links.all(statements.iris(iri, VLORG.redenStopzetting)),
        frameworks=links.all(statements.iris(iri, M8G.hasFormalFramework)),
    )


def concepts_of(scheme: str, statements: Statements, links: Links) -> tuple[Concept, ...]:
    """The concepts of a code list, by notation and then by name."""
    members = {
        *statements.iris(scheme, SKOS.hasTopConcept),
        *(
            concept
            for concept in statements.with_type(SKOS.Concept)
            if scheme in statements.iris(concept, SKOS.inScheme)
        ),
    }
    found = [_concept(iri, statements, links) for iri in members]
    return tuple(
        sorted(found, key=lambda c: (sort_key(c.notation.value), sort_key(c.names[0].value), c.iri))
    )


def _concept(iri: str, statements: Statements, links: Links) -> Concept:
    return Concept(
        anchor=anchor(iri),
        iri=iri,
        notation=statements.text(iri, SKOS.notation),
        names=tuple(statements.texts(iri, SKOS.prefLabel)) or (Text(last_part(iri)),),
        definition=statements.text(iri, SKOS.definition),
        members=_members(iri, links),
    )


def _members(concept: str, links: Links) -> str:
    """The list of the organisations with this status or classification."""
    if _ABOUT_FACTS.search(concept):
        return ""
    if concept.startswith(concept_iri("organisatiestatus", "")):
        return links.here("/doc/organisatie", ("status", last_part(concept)))
    return links.here("/doc/organisatie", ("classificatie", concept))


def terms_of(statements: Statements) -> tuple[tuple[str, tuple[Term, ...]], ...]:
    """Our own terms: classes, properties, and what else the vocabulary defines."""
    ours = [iri for iri in statements.subjects if iri.startswith(f"{ONTOLOGY}#")]
    groups: dict[str, list[Term]] = {key: [] for key in (*dict(_TERM_KINDS), "individuals")}
    for iri in ours:
        groups[_group(iri, statements)].append(_term(iri, statements))
    return tuple(
        (key, tuple(sorted(terms, key=lambda term: sort_key(term.short))))
        for key, terms in groups.items()
        if terms
    )


def _group(iri: str, statements: Statements) -> str:
    for key, kinds in _TERM_KINDS:
        if any(statements.is_a(iri, kind) for kind in kinds):
            return key
    return "individuals"


def _term(iri: str, statements: Statements) -> Term:
    labels = statements.texts(iri, RDFS.label) or statements.texts(iri, SKOS.prefLabel)
    return Term(
        anchor=anchor(iri),
        iri=iri,
        short=shorten(iri),
        label=labels[0] if labels else Text(last_part(iri)),
        label_in_other_language=labels[1] if len(labels) > 1 else Text(""),
        comment=statements.text(iri, RDFS.comment) or statements.text(iri, SKOS.definition),
        broader=_terms(iri, statements, RDFS.subClassOf, RDFS.subPropertyOf),
        domain=_terms(iri, statements, RDFS.domain),
        range=_terms(iri, statements, RDFS.range),
    )


def _terms(iri: str, statements: Statements, *predicates: NamedNode) -> tuple[Link, ...]:
    """Links to terms under their short form; only those of ours stay on this host."""
    found = [other for predicate in predicates for other in statements.iris(iri, predicate)]
    return tuple(_term_link(other) for other in found)


def _term_link(iri: str) -> Link:
    short = Text(shorten(iri))
    if iri.startswith(f"{ONTOLOGY}#"):
        return Link(short, f"#{anchor(iri)}")
    return external(iri, short)
