"""Which terms exist: the lint that every IRI of a vocabulary has to pass.

The W3C's and Dublin Core's terms are those of rdflib, the other vocabularies' stand in
``ontology/termen/``, our own in ``ontology/`` and ``shapes/``.
"""

from __future__ import annotations

from functools import cache

import rdflib
from rdflib import RDF, RDFS, SH, URIRef, namespace
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.algebra import traverse
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node

from tests.shipped import ONTOLOGY, SHAPE, graph, shapes

DEFINED = (
    namespace.DCAT, namespace.DCTERMS, namespace.FOAF, namespace.ORG, namespace.OWL,
    namespace.PROF, namespace.PROV, namespace.RDF, namespace.RDFS, namespace.SDO, namespace.SH,
    namespace.SKOS, namespace.TIME, namespace.VANN, namespace.VOID, namespace.XSD,
)  # fmt: skip
REG = "https://data.vlaanderen.be/ns/organisatieregister#"
PROFILE = "https://data.vlaanderen.be/ns/organisatieregister/profiel#"
CONCEPTS = (
    "https://data.vlaanderen.be/id/concept/",
    "http://data.vlaanderen.be/id/concept/",
    "https://productencatalogus.data.vlaanderen.be/id/concept/",
    "http://themis.vlaanderen.be/id/beleidsdomein/",
)
# In a shape these point to a property or class, as a predicate or rdf:type does in data.
TO_PROPERTIES = (
    SH.path, SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals, SH.targetSubjectsOf,
    SH.targetObjectsOf, SH.inversePath,
)  # fmt: skip
TO_CLASSES = (RDF.type, SH.targetClass, URIRef(f"{SH}class"), SH.datatype)


@cache
def listed() -> dict[str, dict[str, bool]]:
    """Namespace → term → whether it is a property; from the lists that we keep ourselves."""
    spaces: dict[str, dict[str, bool]] = {}
    terms = graph(sorted((ONTOLOGY / "termen").glob("*.ttl")))
    own = graph([ONTOLOGY / "organisatieregister.ttl"])
    for words in (terms, own):
        for term, kind in words.subject_objects(RDF.type):
            space = str(term)[: max(str(term).rfind("#"), str(term).rfind("/")) + 1]
            if space.endswith("#") or words is terms:
                spaces.setdefault(space, {})[str(term)] = str(kind).endswith("Property")
    spaces[SHAPE] = dict.fromkeys(map(str, shapes().subjects()), False)
    profile = graph([ONTOLOGY / "profiel.ttl"])
    spaces[PROFILE] = dict.fromkeys(map(str, profile.subjects()), False)
    return spaces


@cache
def concepts() -> frozenset[str]:
    lists = graph(sorted((ONTOLOGY / "codelijsten").glob("*.ttl")))
    return frozenset(str(s) for s in lists.subjects(RDF.type, rdflib.SKOS.Concept))


def exists(iri: str, *, as_property: bool = False) -> bool | None:
    """Whether the vocabulary in whose namespace the IRI lies has it; None: in no vocabulary."""
    for space, terms in listed().items():
        if iri.startswith(space) and iri != space:
            return iri in terms and (terms[iri] or not as_property)
    for vocabulary in DEFINED:
        if iri.startswith(str(vocabulary._NS)) and iri != str(vocabulary._NS):
            return URIRef(iri) in vocabulary
    return None


def wrong_terms(data: rdflib.Graph, *, with_concepts: bool = True) -> set[str]:
    """The IRIs in the graph that no vocabulary has; ``with_concepts``: nor any code list."""
    wrong = set()
    known = concepts() | {str(s) for s in data.subjects(RDF.type, rdflib.SKOS.Concept)}
    for triple in data:
        for iri in (str(term) for term in triple if isinstance(term, URIRef)):
            if exists(iri) is False:
                wrong.add(iri)
            if with_concepts and iri.startswith(CONCEPTS) and iri not in known:
                wrong.add(iri)
    used = set(data.predicates()) | {o for p in TO_PROPERTIES for o in data.objects(None, p)}
    wrong |= {str(p) for p in used if _is_iri(p) and not exists(str(p), as_property=True)}
    classes = {o for p in TO_CLASSES for o in data.objects(None, p)}
    wrong |= {str(c) for c in classes if _is_iri(c) and not exists(str(c))}
    return wrong


def _is_iri(term: object) -> bool:
    return isinstance(term, URIRef)


def query_terms(query: str) -> set[str]:
    """The IRIs in the patterns of a SPARQL query."""
    found: set[str] = set()

    def note(part: object) -> None:
        if isinstance(part, CompValue) and part.name in {"Builtin_EXISTS", "Builtin_NOTEXISTS"}:
            traverse(part.graph, visitPost=note)
        elif isinstance(part, CompValue) and part.name == "BGP":
            for pattern in part.triples:
                found.update(str(term) for term in pattern if isinstance(term, URIRef))

    traverse(prepareQuery(query).algebra, visitPost=note)
    return found


def labels(data: rdflib.Graph, subject: Node | None, predicate: URIRef = RDFS.label) -> set[str]:
    """The languages in which a term has this text."""
    return {str(text.language) for text in data.objects(subject, predicate)}  # type: ignore[attr-defined]
