"""Validation with pySHACL: its parts, evaluated on the nodes of the records only."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import RdfFormat, parse
from pyshacl.pytypes import SHACLExecutor
from rdflib import SH as SHACL
from rdflib.plugins.sparql.evaluate import evalQuery
from rdflib.term import Identifier, Variable

from organisatieregister.records import Record
from organisatieregister.rules.preparation import (
    MemoryGraph,
    ReadyRule,
    Targets,
    Terms,
    links,
    rules,
)
from organisatieregister.rules.report import Report, Result
from organisatieregister.vocabulary import RDF, SH

_VALUE = Variable("value")


@dataclass
class _Data:
    """The graph to validate, and its nodes by the ways in which rules find them."""

    graph: MemoryGraph = field(default_factory=MemoryGraph)
    record_of: dict[Identifier, str] = field(default_factory=dict)
    by_class: dict[str, set[Identifier]] = field(default_factory=dict)
    by_subject: dict[str, set[Identifier]] = field(default_factory=dict)
    by_object: dict[str, set[Identifier]] = field(default_factory=dict)

    def index(
        self, triple: tuple[Identifier, Identifier, Identifier], record: str, targets: Targets
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

    def focus(self, targets: Targets) -> set[Identifier]:
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

    In a batch about 4 ms of CPU a record; all of a call are in memory at once (about 1 kB a
    triple). One call runs at a time, as the parts of pySHACL are shared.
    """

    def __init__(self, shapes: str | bytes) -> None:
        graph = MemoryGraph()
        terms = Terms()
        for quad in parse(shapes, format=RdfFormat.TURTLE):
            graph.add(terms.of(quad.triple))
        self._rules = tuple(rules(graph))
        self._links = frozenset(links(graph))
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
        targets = Targets()
        for rule in self._rules:
            targets |= rule.targets
        data = _Data()
        terms = Terms()
        for neighbour in neighbours:
            for triple in neighbour.triples:
                data.graph.add(terms.of(triple))
        for record in records:
            for triple in record.triples:
                converted = terms.of(triple)
                data.graph.add(converted)
                data.index(converted, record.iri, targets)
        return data


def _evaluate(rule: ReadyRule, data: _Data, executor: SHACLExecutor) -> Iterator[Result]:
    """The results of one rule on all nodes to which it applies."""
    focus = data.focus(rule.targets)
    if not focus:
        return
    values = rule.shape.value_nodes(data.graph, focus)
    for constraint in rule.constraints:
        _, reports = constraint.evaluate(executor, data.graph, values, [rule.shape, constraint])
        for _, _, triples in reports:
            said = {p: o[1] if isinstance(o, tuple) else o for _, p, o in triples}
            node = said[SHACL.focusNode]
            component = str(said[SHACL.sourceConstraintComponent])
            yield rule.result(node, _short(component), said.get(SHACL.value), data.record_of[node])
    for query in rule.queries:
        for node in focus:
            for row in evalQuery(data.graph, query, {"this": node})["bindings"]:
                yield rule.result(node, "SPARQL", row.get(_VALUE, node), data.record_of[node])


def _short(component: str) -> str:
    return component.removeprefix(SH.iri).removesuffix("ConstraintComponent")
