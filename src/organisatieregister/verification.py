"""Do the views say what the journal says? Compared record by record and triple by triple."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from pyoxigraph import Triple

from organisatieregister.journal import Journal
from organisatieregister.projector import change_of
from organisatieregister.records import Record

Progress = Callable[[str, int], None]
_SHOWN = 5  # differences that are named
_WRAP = 1 << 128


class Documents(Protocol):
    """What is asked of the documents view."""

    @property
    def position(self) -> int:
        """How far it has come."""
        ...

    def record(self, iri: str) -> Record | None:
        """The record that it holds."""
        ...


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome: what was compared, and the first differences as sentences."""

    records: int
    triples: int
    differences: tuple[str, ...]

    @property
    def equal(self) -> bool:
        """True when the views say just what the journal says."""
        return not self.differences

    def __str__(self) -> str:
        if self.equal:
            return f"views: {self.records} records and {self.triples} triples as in the journal"
        return "\n".join(
            ("views differ from the journal (`ovo rebuild` mends them):", *self.differences)
        )


@dataclass
class _Sum:
    """A number for a set of triples that does not depend on their order."""

    count: int = 0
    value: int = 0

    def add(self, triples: Iterable[Triple]) -> None:
        for triple in triples:
            digest = hashlib.blake2b(str(triple).encode(), digest_size=16).digest()
            self.value = (self.value + int.from_bytes(digest)) % _WRAP
            self.count += 1


def verify_views(
    journal: Journal,
    documents: Documents,
    others: Sequence[tuple[str, int]],
    graph: Iterable[Triple],
    today: date,
    progress: Progress = lambda _what, _count: None,
) -> Verification:
    """Compare every record with the documents and every triple with the graph.

    ``others`` are the names and positions of the other views. The views must not lag.
    """
    differences = [
        f"{name}: at position {position}, the journal at {journal.position}"
        for name, position in (*others, ("documents", documents.position))
        if position != journal.position
    ]
    records, expected = 0, _Sum()
    for version in journal.read_heads():
        change = change_of(version, today)
        records += 1
        expected.add(change.published or ())
        if documents.record(version.iri) != change.record and len(differences) < _SHOWN:
            differences.append(f"documents: <{version.iri}> differs")
        progress("", 1)
    found = _Sum()
    found.add(graph)
    if (found.count, found.value) != (expected.count, expected.value):
        differences.append(f"graph: {found.count} triples, the journal gives {expected.count}")
    return Verification(records, found.count, tuple(differences))
