"""Who may have a KBO number, and who may stand under an organisation: from the journal, in memory.

Unlike the views it never lags. It tells too many rather than too few (all that was ever so, and
memberships too): whoever asks looks at the records themselves.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable

from organisatieregister.identifiers import ORGANISATION, OvoCode
from organisatieregister.journal import Journal
from organisatieregister.vocabulary import ORG, SKOS

_NUMBER = re.compile(re.escape(f'<{SKOS.notation.value}> "').encode() + rb'([0-9]{10})"')
_ABOVE = re.compile(re.escape(f"<{ORG.organization.value}> <").encode() + b"([^>]+)>")


class Lookup:
    """Follows the journal when asked; about 300 bytes an organisation. For any thread."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._lock = threading.Lock()
        self._position = 0
        self._highest = 0
        self._numbers: dict[str, set[str]] = {}
        self._under: dict[str, set[str]] = {}

    def follow(self) -> int:
        """Read what was added to the journal; returns the position that is known now."""
        with self._lock:
            head = self._journal.position
            if self._position == 0:
                for version in self._journal.read_heads(upto=head):
                    self._take(version.iri, version.canonical)
            else:
                for version in self._journal.read(self._position, head - self._position):
                    self._take(version.iri, version.canonical)
            self._position = head
            return head

    def with_number(self, number: str) -> frozenset[str]:
        """The IRIs of all that have, or had, this KBO number."""
        with self._lock:
            return frozenset(self._numbers.get(number, ()))

    def under(self, iri: str) -> frozenset[str]:
        """The IRIs of all that have, or had, this organisation above them or as a member's."""
        with self._lock:
            return frozenset(self._under.get(iri, ()))

    @property
    def next_code(self) -> OvoCode:
        """A code above all that are known; the journal may issue a higher one."""
        with self._lock:
            return OvoCode.of(self._highest + 1)

    def _take(self, iri: str, canonical: bytes | None) -> None:
        code = iri.removeprefix(f"{ORGANISATION}OVO")
        if code.isdecimal():
            self._highest = max(self._highest, int(code))
        if canonical is not None:
            _note(self._numbers, numbers_in(canonical), iri)
            _note(self._under, above_in(canonical), iri)


def numbers_in(canonical: bytes) -> list[str]:
    """What may be a KBO number in the N-Triples of a record."""
    return [found.decode() for found in _NUMBER.findall(canonical)]


def above_in(canonical: bytes) -> list[str]:
    """The IRIs of the organisations that may stand above the one of which this is the record."""
    return [found.decode() for found in _ABOVE.findall(canonical)]


def _note(index: dict[str, set[str]], keys: Iterable[str], iri: str) -> None:
    for key in keys:
        index.setdefault(key, set()).add(iri)
