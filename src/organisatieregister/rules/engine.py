"""Validation with pySHACL: its parts, made ready once.

Called as its manual says, pySHACL parses the queries of the shapes again for every node, looks for
targets in the whole graph and rebuilds its shapes at each call: 170 ms for a record. Here each rule
is made ready when the engine is, and evaluated on the nodes of the records only.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse
from pyshacl.constraints import CONSTRAINT_PARAMETERS_MAP
from pyshacl.constraints.sparql.sparql_based_constraints import SPARQLBasedConstraint
from pyshacl.helper.path_helper import shacl_path_to_sparql_path
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shape import Shape
from pyshacl.shapes_graph import ShapesGraph
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.algebra import traverse
from rdflib.plugins.sparql.evaluate import evalQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.sparql import Query
from rdflib.term import BNode, Identifier, URIRef, Variable

from organisatieregister.records import Record
from organisatieregister.rules.report import Report, Result, Severity
from organisatieregister.vocabulary import RDF, SH, XSD

_SHACL = rdflib.SH
_THIS, _VALUE = Variable("this"), Variable("value")


class _Graph(rdflib.Graph):
    """A graph in memory that is always true: pySHACL asks, and rdflib would count the triples."""

    def __init__(self) -> None:
        super().__init__(store="SimpleMemory", bind_namespaces="none")

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True)
class _Targets:
    """Where a rule applies: nodes of these classes, with or under these properties."""

    classes: frozenset[str] = frozenset()
    subjects_of: frozenset[str] = frozenset()
    objects_of: frozenset[str] = frozenset()

    def __or__(self, other: _Targets) -> _Targets:
        return _Targets(
            self.classes | other.classes,
            self.subjects_of | other.subjects_of,
            self.objects_of | other.objects_of,
        )


@dataclass(frozen=True)
class _Rule:
    """A rule made ready: what to tell, where it applies, what pySHACL evaluates."""

    iri: str
    severity: Severity
    message_nl: str
    message_en: str
    path: str | None
    targets: _Targets
    shape: Shape
    constraints: tuple[Any, ...]
    queries: tuple[Query, ...]

    def result(
        self, focus: Identifier, component: str, value: Identifier | None, record: str
    ) -> Result:
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


@dataclass
class _Data:
    """The graph to validate, and its nodes by the ways in which rules find them."""

    graph: _Graph = field(default_factory=_Graph)
    record_of: dict[Identifier, str] = field(default_factory=dict)
    by_class: dict[str, set[Identifier]] = field(default_factory=dict)
    by_subject: dict[str, set[Identifier]] = field(default_factory=dict)
    by_object: dict[str, set[Identifier]] = field(default_factory=dict)

    def index(
        self, triple: tuple[Identifier, Identifier, Identifier], record: str, targets: _Targets
    ) -> None:
        """Note the nodes of a triple of a record to which rules with these targets may apply."""
        subject, predicate, target = triple[0], str(triple[1]), triple[2]
        if predicate == RDF.type.value:
            self.by_class.setdefault(str(target), set()).add(subject)
            self.record_of[subject] = record
        if predicate in targets.subjects_of:
            self.by_subject.setdefault(predicate, set()).add(subject)
            self.record_of[subject] = record
        if predicate in targets.objects_of:
            self.by_object.setdefault(predicate, set()).add(target)
            self.record_of.setdefault(target, record)

    def focus(self, targets: _Targets) -> set[Identifier]:
        """The nodes of the records to which a rule with these targets applies."""
        found: set[Identifier] = set()
        for wanted, index in (
            (targets.classes, self.by_class),
            (targets.subjects_of, self.by_subject),
            (targets.objects_of, self.by_object),
        ):
            for iri in wanted & index.keys():
                found |= index[iri]
        return found


class PyShaclEngine:
    """Validates records with pySHACL; ``shapes`` is Turtle, several files may be joined.

    A second or two for a thousand records; all of a call are in memory at once (about 1 kB a
    triple). One call runs at a time, as the parts of pySHACL are shared.
    """

    def __init__(self, shapes: str | bytes) -> None:
        graph = _Graph()
        terms = _Terms()
        for quad in parse(shapes, format=RdfFormat.TURTLE):
            graph.add(terms.of(quad.triple))
        self._rules = tuple(_rules(ShapesGraph(graph)))
        self._links = frozenset(_links(graph))
        self._executor = SHACLExecutor()
        self._lock = threading.Lock()

    @property
    def links(self) -> frozenset[str]:
        """The properties whose values the shapes look at: what has ``sh:class``."""
        return self._links

    def validate(self, records: Iterable[Record], neighbours: Iterable[Record] = ()) -> Report:
        """What is wrong with the records; the neighbours are context and not validated."""
        with self._lock:
            data = self._data(records, neighbours)
            return Report.of(
                result for rule in self._rules for result in _evaluate(rule, data, self._executor)
            )

    def _data(self, records: Iterable[Record], neighbours: Iterable[Record]) -> _Data:
        targets = _Targets()
        for rule in self._rules:
            targets |= rule.targets
        data = _Data()
        terms = _Terms()
        for neighbour in neighbours:
            for triple in neighbour.triples:
                data.graph.add(terms.of(triple))
        for record in records:
            for triple in record.triples:
                converted = terms.of(triple)
                data.graph.add(converted)
                data.index(converted, record.iri, targets)
        return data


class _Terms(dict[Any, Identifier]):
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


# --- making the rules ready --------------------------------------------------------------------


def _rules(shapes: ShapesGraph) -> Iterator[_Rule]:
    """Every shape with a severity, with the targets of the shapes that list it."""
    targets: dict[Identifier, _Targets] = {}
    for shape in shapes.shapes:
        own = _Targets(
            frozenset(map(str, shape.target_classes())),
            frozenset(map(str, shape.target_subjects_of())),
            frozenset(map(str, shape.target_objects_of())),
        )
        for node in (shape.node, *shape.property_shapes()):
            targets[node] = targets.get(node, _Targets()) | own
    for shape in shapes.shapes:
        if next(shape.objects(_SHACL.severity), None):
            yield _made_ready(shape, targets[shape.node])


def _made_ready(shape: Shape, targets: _Targets) -> _Rule:
    parts = {
        CONSTRAINT_PARAMETERS_MAP[parameter]
        for parameter in shape.sg.graph.predicates(shape.node)
        # The properties of a class are rules of their own.
        if parameter in CONSTRAINT_PARAMETERS_MAP and parameter != _SHACL.property
    }
    constraints = [part(shape) for part in sorted(parts, key=lambda part: part.__name__)]
    messages = {message.language: str(message) for message in shape.message}
    return _Rule(
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


def _links(shapes: _Graph) -> Iterator[str]:
    """The properties in the path of every shape that asks for a class of its values."""
    for asking in shapes.subjects(URIRef(f"{SH.iri}class")):
        node = asking
        # The asking shape may be a member of another's sh:or.
        while (path := shapes.value(node, _SHACL.path)) is None:
            node = next(iter(shapes.subjects(None, node)))
        ahead = [path]
        while ahead:
            step = ahead.pop()
            if not isinstance(step, URIRef):
                ahead.extend(shapes.objects(step))
            elif step != rdflib.RDF.nil:
                yield str(step)


# --- evaluating --------------------------------------------------------------------------------


def _evaluate(rule: _Rule, data: _Data, executor: SHACLExecutor) -> Iterator[Result]:
    """The results of one rule on all nodes to which it applies."""
    focus = data.focus(rule.targets)
    if not focus:
        return
    values = rule.shape.value_nodes(data.graph, focus)
    for constraint in rule.constraints:
        _, reports = constraint.evaluate(executor, data.graph, values, [rule.shape, constraint])
        for _, _, triples in reports:
            said = {p: o[1] if isinstance(o, tuple) else o for _, p, o in triples}
            node = said[_SHACL.focusNode]
            component = str(said[_SHACL.sourceConstraintComponent])
            yield rule.result(node, _short(component), said.get(_SHACL.value), data.record_of[node])
    for query in rule.queries:
        for node in focus:
            for row in evalQuery(data.graph, query, {"this": node})["bindings"]:
                yield rule.result(node, "SPARQL", row.get(_VALUE, node), data.record_of[node])


def _short(component: str) -> str:
    return component.removeprefix(SH.iri).removesuffix("ConstraintComponent")
