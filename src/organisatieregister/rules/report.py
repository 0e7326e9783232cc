"""What a validation found: as objects, as a SHACL report in RDF, and for a problem document."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from organisatieregister.identifiers import ONTOLOGY
from organisatieregister.vocabulary import RDF, SH, shorten

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, f"{ONTOLOGY}/shapes")


class Severity(StrEnum):
    """How bad: a violation stops a write, the others are reported."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"

    @classmethod
    def of(cls, term: NamedNode) -> Severity:
        """The severity that ``sh:Violation``, ``sh:Warning`` or ``sh:Info`` names."""
        return _OF_TERM[term]

    @property
    def term(self) -> NamedNode:
        """The term of SHACL."""
        return _TERM_OF[self]


_OF_TERM = {
    SH.Violation: Severity.VIOLATION,
    SH.Warning: Severity.WARNING,
    SH.Info: Severity.INFO,
}
_TERM_OF = {severity: term for term, severity in _OF_TERM.items()}
_RANK = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Result:
    """One rule broken at one node.

    ``focus`` is the node and ``record`` the IRI of the record in which it stands; ``path`` the IRI
    of a property or a SPARQL property path; ``value`` what offends (maybe the node itself);
    ``shape`` the rule's IRI and ``rule`` the kind of constraint (``MinCount``, ``SPARQL`` …).
    """

    severity: Severity
    focus: str
    path: str | None
    value: str | None
    shape: str
    rule: str
    message_nl: str
    message_en: str
    record: str

    @property
    def name(self) -> str:
        """The local name of the rule: ``benaming-tekst``."""
        return self.shape.rpartition("#")[2]

    def __str__(self) -> str:
        path = f" {_readable(self.path)}" if self.path else ""
        value = f" = {self.value}" if self.value not in {None, self.focus} else ""
        return (
            f"{self.severity}: {shorten(self.focus)}{path}{value}: "
            f"{self.message_nl} / {self.message_en} [{self.name}]"
        )

    @property
    def order(self) -> tuple[int, str, str, str, str, str]:
        """Sort key: worst first, then by record, node and rule."""
        rank = _RANK[self.severity]
        return rank, self.record, self.focus, self.shape, self.rule, self.value or ""


@dataclass(frozen=True)
class Report:
    """What a validation found, worst first; equal findings give equal reports."""

    results: tuple[Result, ...] = ()

    @classmethod
    def of(cls, results: Iterable[Result]) -> Report:
        """The report of these results, which may come in any order and more than once."""
        return cls(tuple(sorted(set(results), key=lambda result: result.order)))

    @property
    def conforms(self) -> bool:
        """True when nothing stops a write; there may be warnings."""
        return not self.violations

    @property
    def violations(self) -> tuple[Result, ...]:
        """The results that stop a write."""
        return tuple(r for r in self.results if r.severity is Severity.VIOLATION)

    def merge(self, other: Report) -> Report:
        """The findings of both."""
        return Report.of((*self.results, *other.results))

    def to_triples(self) -> frozenset[Triple]:
        """A SHACL validation report; its nodes are ``urn:uuid:`` IRIs made from the findings.

        As in SHACL, ``sh:conforms`` is false for a warning too.
        """
        nodes = [_skolem(str(result.order)) for result in self.results]
        report = _skolem("report", *(node.value for node in nodes))
        triples = {
            Triple(report, RDF.type, SH.ValidationReport),
            Triple(report, SH.conforms, Literal(not self.results)),
        }
        for node, result in zip(nodes, self.results, strict=True):
            triples.add(Triple(report, SH.result, node))
            triples.update(_result_triples(node, result))
        return frozenset(triples)

    def to_problem(self) -> list[dict[str, Any]]:
        """The results as a member of a problem document (RFC 9457), ready for JSON."""
        return [
            {
                "severity": result.severity.value,
                "record": result.record,
                "focus": result.focus,
                "path": result.path,
                "value": result.value,
                "shape": result.shape,
                "rule": result.rule,
                "message": {"nl": result.message_nl, "en": result.message_en},
            }
            for result in self.results
        ]

    def __str__(self) -> str:
        return "\n".join(str(result) for result in self.results) or "conforms"


def _result_triples(node: NamedNode, result: Result) -> Iterator[Triple]:
    yield Triple(node, RDF.type, SH.ValidationResult)
    yield Triple(node, SH.focusNode, NamedNode(result.focus))
    yield Triple(node, SH.resultSeverity, result.severity.term)
    yield Triple(node, SH.sourceShape, NamedNode(result.shape))
    component = NamedNode(f"{SH.iri}{result.rule}ConstraintComponent")
    yield Triple(node, SH.sourceConstraintComponent, component)
    yield Triple(node, SH.resultMessage, Literal(result.message_nl, language="nl"))
    yield Triple(node, SH.resultMessage, Literal(result.message_en, language="en"))
    # A longer path would need blank nodes; the rule's own shape tells it.
    if result.path and _is_property(result.path):
        yield Triple(node, SH.resultPath, NamedNode(result.path))
    if result.value is not None:
        yield Triple(node, SH.value, Literal(result.value))


def _is_property(path: str) -> bool:
    return "<" not in path


def _readable(path: str) -> str:
    if _is_property(path):
        return shorten(path)
    steps = path.split("<")
    rest = (step.partition(">") for step in steps[1:])
    return steps[0] + "".join(shorten(iri) + after for iri, _, after in rest)


def _skolem(*parts: str) -> NamedNode:
    return NamedNode(f"urn:uuid:{uuid.uuid5(_NAMESPACE, '|'.join(parts))}")
