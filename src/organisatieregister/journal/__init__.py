"""The journal: the append-only log of record versions, from which all views are derived.

This module is the protocol and its words; ``sqlite.py`` keeps it in one file, and what is said here
every other implementation keeps too (``tests/journal/contract.py`` is the proof).

* One operation (``append``) makes at most one version of an IRI, and all versions of an operation
  bear the same time: at any moment of history an operation has happened wholly or not at all.
* Positions count from 1 without gaps. Times never stand still between operations.
* An append that has returned survives a power cut; one that raised has left no trace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from organisatieregister.identifiers import OvoCode


class ChangeKind(StrEnum):
    """What a version did to its record; a record that comes back after a tombstone is created."""

    CREATE = "create"
    UPDATE = "update"
    TOMBSTONE = "tombstone"


@dataclass(frozen=True, slots=True)
class Activity:
    """What was done, by which organisation or client, why, and from what source."""

    what: str
    agent: str = ""
    reason: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A version to be: the record as canonical N-Triples, or None for a tombstone.

    ``expected`` is the position of the version (tombstones count) that it must replace, 0 when the
    IRI must never have been in the register, None when it does not matter.
    """

    iri: str
    canonical: bytes | None
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A record as the register held it from ``time`` (UTC) on; ``canonical`` None: a tombstone.

    ``previous`` is the position of the version before it of the same IRI (0: none), ``digest`` the
    link of the hash chain, in hex (``chain.py``).
    """

    position: int
    iri: str
    time: datetime
    kind: ChangeKind
    activity: Activity
    canonical: bytes | None
    previous: int
    digest: str


class Journal(Protocol):
    """An append-only log of record versions with one writer and any number of readers.

    Every method may raise a StorageError: DamagedJournal, DataDirectoryFull, DataDirectoryBusy,
    DataDirectoryUnusable.
    """

    @property
    def position(self) -> int:
        """The position of the newest version; 0 when the journal is empty."""
        ...

    @property
    def head_digest(self) -> str:
        """The end of the hash chain, in hex: who keeps it can prove later what was in the log."""
        ...

    def append(self, drafts: Iterable[Draft], activity: Activity, time: datetime) -> int:
        """Write the drafts as one operation, streamed; returns the position after it.

        The time is moved on when it does not lie after the last one. Raises VersionConflict for an
        expectation that does not hold or an IRI that comes twice, UnknownResource for a tombstone
        of what is not there. Whatever is raised, also by the iterable, nothing is written.
        """
        ...

    def append_new(
        self, make: Callable[[OvoCode], Sequence[Draft]], activity: Activity, time: datetime
    ) -> tuple[OvoCode, int]:
        """Issue the next OVO code and append, in one transaction, what ``make`` makes with it.

        The code is one above the highest that was ever issued or appended. Raises as ``append``,
        and CodesExhausted.
        """
        ...

    def read(self, after: int, limit: int = 1000) -> Iterator[Version]:
        """At most ``limit`` versions in order of position, from the one after ``after``."""
        ...

    def read_heads(self, after: str = "", upto: int | None = None) -> Iterator[Version]:
        """The newest version of every IRI above ``after`` that is no tombstone, in order of IRI.

        As the journal stood at position ``upto``, by default the position when reading begins.
        """
        ...

    def version(self, iri: str, at: datetime | None = None) -> Version | None:
        """The newest version of the IRI, or the one held at that moment; may be a tombstone."""
        ...

    def versions(self, iri: str) -> Iterator[Version]:
        """All versions of the IRI, the oldest first."""
        ...

    def heads(self, iris: Sequence[str]) -> dict[str, Version]:
        """The newest versions of those of the IRIs that have one; tombstones too."""
        ...

    def count(self) -> int:
        """The number of living records."""
        ...

    def verify(self, progress: Callable[[int], None] = ...) -> int:
        """Check every row against the hash chain; returns how many there are.

        ``progress`` is told now and then how many were checked. Raises DamagedJournal with the
        first position that does not fit.
        """
        ...

    def backup(self, target: Path) -> None:
        """Write a consistent copy to ``target`` (replaced at once), while appends go on."""
        ...

    def close(self) -> None:
        """Let go of the files."""
        ...
