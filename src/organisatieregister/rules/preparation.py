"""The rules made ready: each shape with a severity, its targets, its constraints, its queries.

Called as its manual says, pySHACL parses the queries of the shapes again for every node, looks for
targets in the whole graph and rebuilds its shapes at each call: 170 ms for a record.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from pyshacl.constraints import CONSTRAINT_PARAMETERS_MAP
from pyshacl.constraints.sparql.sparql_based_constraints import SPARQLBasedConstraint
from pyshacl.helper.path_helper import shacl_path_to_sparql_path
from pyshacl.shape import Shape
from pyshacl.shapes_graph import ShapesGraph
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.algebra import traverse
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.sparql import Query
from rdflib.term import BNode, Identifier, URIRef, Variable

from organisatieregister.rules.report import Result, Severity
from organisatieregister.vocabulary import SH, XSD

_SHACL = rdflib.SH
_THIS = Variable("this")


class MemoryGraph(rdflib.Graph):
    """A graph in memory that is always true: pySHACL asks, and rdflib would count the triples."""

    def __init__(self) -> None:
        super().__init__(store="SimpleMemory", bind_namespaces="none")

    def __bool__(self) -> bool:
        return True


class Terms(dict[Any, Identifier]):
    """pyoxigraph's terms as rdflib's, each converted once."""

    def __missing__(self, term: NamedNode | BlankNode | Literal) -> Identifier:
        converted = self[term] = _term(term)
        return converted

    def of(self, triple: Triple) -> tuple[Identifier, Identifier, Identifier]:
        """The triple in rdflib's terms."""
        return self[triple.subject], self[triple.predicate], self[triple.object]


def _term(term: NamedNode | BlankNode | Literal) -> Identifier:
    """In rdflib plain literals and ``xsd:string`` differ: always plain. Lexical forms are kept."""
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, BlankNode):
        return BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    if term.datatype == XSD.string:
        return rdflib.Literal(term.value)
    return rdflib.Literal(term.value, datatype=URIRef(term.datatype.value), normalize=False)


@dataclass(frozen=True)
class Targets:
    """Where a rule applies: nodes of these classes, with or under these properties."""

    classes: frozenset[str] = frozenset()
    subjects_of: frozenset[str] = frozenset()
    objects_of: frozenset[str] = frozenset()

    def __or__(self, other: Targets) -> Targets:
        return Targets(
            self.classes | other.classes,
            self.subjects_of | other.subjects_of,
            self.objects_of | other.objects_of,
        )


@dataclass(frozen=True)
class ReadyRule:
    """A rule made ready: what to tell, where it applies, what pySHACL evaluates."""

    iri: str
    severity: Severity
    message_nl: str
    message_en: str
    path: str | None
    targets: Targets
    shape: Shape
    constraints: tuple[Any, ...]
    queries: tuple[Query, ...]

    def result(
        self, focus: Identifier, component: str, value: Identifier | None, record: str
    ) -> Result:
        """That the rule is broken at this node."""
        return Result(
            severity=self.severity,
            focus=str(focus),
            path=self.path,
            value=None if value is None else str(value),
            shape=self.iri,
            rule=component,
            message_nl=self.message_nl,
            message_en=self.message_en,
            record=record,
        )


def rules(graph: MemoryGraph) -> Iterator[ReadyRule]:
    """Every shape with a severity, with the targets of the shapes that list it."""
    shapes = ShapesGraph(graph)
    targets: dict[Identifier, Targets] = {}
    for shape in shapes.shapes:
        own = Targets(
            frozenset(map(str, shape.target_classes())),
            frozenset(map(str, shape.target_subjects_of())),
            frozenset(map(str, shape.target_objects_of())),
        )
        for node in (shape.node, *shape.property_shapes()):
            targets[node] = targets.get(node, Targets()) | own
    for shape in shapes.shapes:
        if next(shape.objects(_SHACL.severity), None) and not shape.deactivated:
            yield _made_ready(shape, targets[shape.node])


def _made_ready(shape: Shape, targets: Targets) -> ReadyRule:
    parts = {
        CONSTRAINT_PARAMETERS_MAP[parameter]
        for parameter in shape.sg.graph.predicates(shape.node)
        # The properties of a class are rules of their own.
        if parameter in CONSTRAINT_PARAMETERS_MAP and parameter != _SHACL.property
    }
    constraints = [part(shape) for part in sorted(parts, key=lambda part: part.__name__)]
    messages = {message.language: str(message) for message in shape.message}
    return ReadyRule(
        iri=str(shape.node),
        severity=Severity.of(NamedNode(str(shape.severity))),
        message_nl=messages["nl"],
        message_en=messages["en"],
        path=_path_text(shape),
        targets=targets,
        shape=shape,
        constraints=tuple(c for c in constraints if not isinstance(c, SPARQLBasedConstraint)),
        queries=tuple(
            _prepared(query.apply_prefixes(query.select_text))
            for c in constraints
            if isinstance(c, SPARQLBasedConstraint)
            for query in c.sparql_constraints
        ),
    )


def _prepared(text: str) -> Query:
    """The query, with each group of patterns evaluated from ``$this`` outwards.

    rdflib evaluates the pattern with the fewest unknowns first, and of equal ones the first in the
    order that it made before it knew ``$this``: it would begin with all nodes of some type.
    """
    query = prepareQuery(text)
    traverse(query.algebra, visitPost=_from_this)
    return query


def _from_this(part: Any) -> None:
    name = part.name if isinstance(part, CompValue) else ""
    if name in {"Builtin_EXISTS", "Builtin_NOTEXISTS"}:
        # Its pattern is an attribute, which traverse does not see.
        traverse(part.graph, visitPost=_from_this)
    if name != "BGP":
        return
    known, ahead, ordered = {_THIS}, list(part.triples), []

    def cost(pattern: tuple[Identifier, ...]) -> tuple[bool, int]:
        variables = {term for term in pattern if isinstance(term, Variable)}
        return not variables & known, len(variables - known)

    while ahead:
        nearest = min(ahead, key=cost)
        ahead.remove(nearest)
        ordered.append(nearest)
        known.update(term for term in nearest if isinstance(term, Variable))
    part["triples"] = ordered


def _path_text(shape: Shape) -> str | None:
    """The IRI of a property, or a SPARQL property path."""
    if not shape.is_property_shape:
        return None
    path: Identifier = shape.path()  # type: ignore[no-untyped-call]
    return str(path) if isinstance(path, URIRef) else shacl_path_to_sparql_path(shape.sg, path)


def links(graph: MemoryGraph) -> Iterator[str]:
    """The properties in the path of every shape that asks for a class of its values."""
    for asking in graph.subjects(URIRef(f"{SH.iri}class")):
        node = asking
        # The asking shape may be a member of another's sh:or.
        while (path := graph.value(node, _SHACL.path)) is None:
            node = next(iter(graph.subjects(None, node)))
        ahead = [path]
        while ahead:
            step = ahead.pop()
            if not isinstance(step, URIRef):
                ahead.extend(graph.objects(step))
            elif step != rdflib.RDF.nil:
                yield str(step)
