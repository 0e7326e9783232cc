"""The rulebook: shapes and records in, a validation report out; the only home of a SHACL engine.

The shapes are Turtle that the caller read (``shapes/``); a rule is a shape with an IRI, a severity
and a message in Dutch and English. ``Rulebook`` is what the rest of the house talks to, ``Engine``
what an engine has to do; ``engine.py`` has the one for records that change (imported apart: it
brings rdflib and pySHACL along).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from pyoxigraph import NamedNode

from organisatieregister.records import Record
from organisatieregister.rules.report import Report, Result, Severity

__all__ = ["Engine", "Report", "Result", "Rulebook", "Severity"]


class Engine(Protocol):
    """What can validate records against the shapes that it was made with."""

    @property
    def links(self) -> frozenset[str]:
        """The IRIs of the properties whose values the shapes look at in other records."""

    def validate(self, records: Iterable[Record], neighbours: Iterable[Record] = ()) -> Report:
        """What is wrong with the records; the neighbours are context and not validated."""


class Rulebook:
    """The rules of the register, applied by an engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def check(self, records: Iterable[Record], neighbours: Iterable[Record] = ()) -> Report:
        """What is wrong with the records.

        The neighbours are the records that hold what ``neighbours_of`` asks for; what is in none
        of them counts as unknown to the register (a warning). Records of one call see each other.
        """
        return self._engine.validate(records, neighbours)

    def neighbours_of(self, record: Record) -> frozenset[str]:
        """The IRIs outside the record that the shapes look at: parents, concepts, frameworks …

        A concept is a part: it stands in the record of its scheme. The organisations that share a
        KBO number with this one cannot be told from the record; unless they are checked in the
        same call, it is the journal that guards that a number is unique.
        """
        own = record.by_subject
        return frozenset(
            triple.object.value
            for triple in record.triples
            if triple.predicate.value in self._engine.links
            and isinstance(triple.object, NamedNode)
            and triple.object.value not in own
        )
