"""In which order a document tells what it has to tell.

The primary subject first, then its parts in the order of the links to them, then the other things
that it has labels of, and what the document says of itself last. Within a subject: type, codes and
names first, the bare list of facets last.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from organisatieregister.records import is_part_iri, text_of
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
    TIME,
)

Statement = tuple[str, NamedNode | BlankNode | Literal | Triple, Triple]
Grouped = dict[str, list[Statement]]  # subject → (predicate, object, triple), in order

_FIRST = (
    RDF.type, DCT.identifier, SKOS.notation, SKOS.prefLabel, SKOSXL.literalForm, FOAF.name,
    RDFS.label, DCT.title, REG.korteNaam, ROV.legalName, SKOS.altLabel, SKOS.hiddenLabel,
    DCT.description, DCT.type, ROV.orgStatus, ADMS.status, SCHEMA.startDate, SCHEMA.endDate,
    DCT.temporal, TIME.hasBeginning, TIME.hasEnd, ORG.classification, ORG.subOrganizationOf,
    ORG.hasSubOrganization, SKOSXL.prefLabel, SKOSXL.altLabel, SKOSXL.hiddenLabel,
    ADMS.identifier, SCHEMA.contactPoint, ORG.hasPrimarySite, ORG.hasSite,
)  # fmt: skip
_RANKS = {term.value: rank for rank, term in enumerate(_FIRST)} | {REG.facet.value: 99}
_TOPIC = FOAF.primaryTopic.value


def rank(predicate: str) -> int:
    """Where statements with this predicate come among those about a subject, from 0 to 99."""
    return _RANKS.get(predicate, 50)


def topic(triples: Iterable[Triple]) -> str:
    """The IRI that the document among the triples is about; empty when there is none."""
    return next((text_of(t.object) for t in triples if t.predicate == FOAF.primaryTopic), "")


def grouped(triples: Iterable[Triple]) -> Grouped:
    """The statements by subject, in the order in which they are told."""
    groups: dict[str, list[tuple[int, str, str, Statement]]] = {}
    for triple in triples:
        predicate, target = triple.predicate.value, triple.object
        groups.setdefault(text_of(triple.subject), []).append(
            (rank(predicate), predicate, str(target), (predicate, target, triple))
        )
    for group in groups.values():
        group.sort(key=lambda row: row[:3])
    return {subject: [row[3] for row in group] for subject, group in groups.items()}


def arranged(triples: Iterable[Triple], about: str) -> list[Triple]:
    """All triples, in the order of the document."""
    groups = grouped(triples)
    subjects = dict.fromkeys(_parts(groups, about))
    rest = sorted(groups.keys() - subjects.keys())
    documents = [iri for iri in rest if any(p == _TOPIC for p, _, _ in groups[iri])]
    for iri in rest:
        if iri not in documents:
            subjects[iri] = None
    return [triple for iri in (*subjects, *documents) for _, _, triple in groups[iri]]


def _parts(groups: Grouped, about: str) -> list[str]:
    """The primary subject and the parts that hang on it, each followed by its own parts."""
    seen: dict[str, None] = {}
    ahead = [about] if about in groups else []
    while ahead:
        subject = ahead.pop()
        if subject in seen:
            continue
        seen[subject] = None
        links = [target.value for _, target, _ in groups[subject] if isinstance(target, NamedNode)]
        ahead += [iri for iri in reversed(links) if iri in groups and is_part_iri(iri)]
    return list(seen)
