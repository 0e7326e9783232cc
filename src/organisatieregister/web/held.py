"""Documents as the register held them at a moment, from the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from pyoxigraph import Triple

from organisatieregister.errors import UnknownResource
from organisatieregister.journal import Version
from organisatieregister.publication import labels
from organisatieregister.records import Record, text_of
from organisatieregister.views.documents.composition import composed

_TICK = timedelta(microseconds=1)


class Versions(Protocol):
    """The journal as this room reads it."""

    def version(self, iri: str, at: datetime | None = None) -> Version | None:
        """The newest version of the IRI, or the one held at that moment; may be a tombstone."""
        ...

    def versions(self, iri: str) -> Iterator[Version]:
        """All versions of the IRI, the oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class Held:
    """A record as the register came to hold it at ``since``; ``before``: the version before it."""

    iri: str
    record: Record
    since: datetime
    before: datetime | None


class HeldDocuments:
    """Answers what the register held; ``owner`` tells in which scheme a concept stands."""

    def __init__(self, versions: Versions, owner: Callable[[str], str | None]) -> None:
        self._versions = versions
        self._owner = owner

    def times(self, iri: str) -> list[tuple[datetime, str]]:
        """When each version came, and what it was (``create`` …). Raises UnknownResource."""
        found = [(version.time, version.kind.value) for version in self._versions.versions(iri)]
        if not found:
            raise UnknownResource(iri)
        return found

    def since(self, iri: str, at: datetime) -> datetime:
        """When the version came that was held at a moment; before all of them, the first.

        Raises UnknownResource for what was never in the register.
        """
        version = self._versions.version(iri, at) or next(self._versions.versions(iri), None)
        if version is None:
            raise UnknownResource(iri)
        return version.time

    def held(self, iri: str, at: datetime) -> Held:
        """What was held at a moment. Raises UnknownResource, also when it was withdrawn then."""
        version = self._versions.version(iri, at)
        if version is None or version.canonical is None:
            raise UnknownResource(iri)
        before = self._versions.version(iri, version.time - _TICK) if version.previous else None
        record = Record.read(iri, version.canonical)
        return Held(iri, record, version.time.astimezone(UTC), before.time if before else None)

    def document(self, held: Held, on: date, *, historic: bool) -> frozenset[Triple]:
        """The document: what the record says of a day, and labels as they were held then.

        What other records said of it is not in it (docs/decisions/0005).
        """

        def labels_of(iris: Iterable[str]) -> Iterator[Triple]:
            return self._labels(iris, held.since, on)

        return composed(
            held.record, on, held.since, lambda _subjects: (), labels_of, historic=historic
        )

    def _labels(self, iris: Iterable[str], at: datetime, on: date) -> Iterator[Triple]:
        asked = set(iris)
        for home in sorted({self._owner(iri) or iri for iri in asked}):
            version = self._versions.version(home, at)
            if version is not None and version.canonical is not None:
                record = Record.read(home, version.canonical)
                yield from (t for t in labels(record, on) if text_of(t.subject) in asked)
