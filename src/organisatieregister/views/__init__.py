"""The views: everything that people see, derived from the journal and never written by hand.

Each view keeps its own position in the journal, written atomically with its content; a view that
is damaged or of another format version starts again from nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Protocol

from pyoxigraph import Triple

from organisatieregister.publication import published
from organisatieregister.records import Record


@dataclass(frozen=True)
class Change:
    """What a view is told: this record now reads so (None: it is gone), as of this day."""

    iri: str
    record: Record | None
    version: int
    modified: datetime
    day: date

    @cached_property
    def published(self) -> frozenset[Triple] | None:
        """The record's triples in the published graph, or None when it is gone."""
        if self.record is None:
            return None
        return published(self.record, self.day, self.modified)


class View(Protocol):
    """A view as the projector sees it."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def position(self) -> int:
        """The last position of the journal that the view holds; 0 when empty."""

    def apply(self, changes: Sequence[Change], position: int) -> None:
        """Take over the changes and the position in one transaction."""

    def bulk(self, changes: Iterable[Change], position: int) -> None:
        """Fill an empty view; after a crash in the middle it is empty again."""

    def close(self) -> None:
        """Flush and let go."""
