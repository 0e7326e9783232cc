"""What a command finds on its desk: the register as it stands, and a note of all it looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from organisatieregister.changes import Outcome, Surroundings
from organisatieregister.errors import UnknownResource, VersionConflict
from organisatieregister.facets import Facet, FacetKind, facets
from organisatieregister.identifiers import OvoCode
from organisatieregister.journal import Journal, Version
from organisatieregister.records import Record
from organisatieregister.register.lookup import Lookup, above_in, numbers_in
from organisatieregister.validity import KBO
from organisatieregister.vocabulary import DCT, ORG, SKOS


class Desk:
    """Serves one run of one command.

    ``expected`` are the positions that versions must have, by IRI; ``first_code`` is the OVO code
    that the first new organisation gets.
    """

    def __init__(
        self, journal: Journal, lookup: Lookup, today: date, *,
        plural: frozenset[str], expected: Mapping[str, int], first_code: OvoCode | None = None,
    ) -> None:  # fmt: skip
        self._journal = journal
        self._lookup = lookup
        self._today = today
        self._plural = plural
        self._expected = expected
        self._versions: dict[str, Version | None] = {}
        self._records: dict[str, Record | None] = {}
        self._numbers: set[str] = set()
        self._above: set[str] = set()
        self.seen = lookup.follow()
        self._next = first_code or lookup.next_code
        self.issued: list[OvoCode] = []
        self.around = Surroundings(today, self.find, self._holder, plural)
        for iri in expected:
            self.find(iri)

    def again(self, code: OvoCode) -> Desk:
        """The same desk for a second run, with another code for the first new organisation.

        What was read is not read again: the caller knows that it did not change.
        """
        desk = Desk(
            self._journal, self._lookup, self._today,
            plural=self._plural, expected=self._expected, first_code=code,
        )  # fmt: skip
        codes = {code.iri for code in self.issued}
        known = self._versions.keys() - codes
        desk._versions |= {iri: self._versions[iri] for iri in known}
        desk._records |= {iri: self._records[iri] for iri in known}
        return desk

    def new_code(self) -> OvoCode:
        """The OVO code of a new organisation; one that another just got is passed over."""
        code = self._next
        while self.find(code.iri):
            code = OvoCode.of(code.number + 1)
        self._next = OvoCode.of(code.number + 1)
        self.issued.append(code)
        return code

    def record(self, iri: str) -> Record:
        """The record with this IRI. Raises UnknownResource."""
        record = self.find(iri)
        if record is None:
            raise UnknownResource(iri)
        return record

    def find(self, iri: str) -> Record | None:
        """The record with this IRI, or None. Raises VersionConflict when another is expected."""
        if iri not in self._records:
            version = self._journal.version(iri)
            self._versions[iri] = version
            living = version is not None and version.canonical is not None
            self._records[iri] = (
                Record.read(iri, version.canonical)
                if version is not None and version.canonical is not None
                else None
            )
            expected = self._expected.get(iri)
            found = version.position if version is not None and living else 0
            if expected is not None and expected != found:
                raise VersionConflict(iri, expected, found)
        return self._records[iri]

    def children(self, iri: str) -> list[Record]:
        """All that have this organisation above them in some tree, on whatever day."""
        self._above.add(iri)
        candidates = (self.find(below) for below in sorted(self._lookup.under(iri)))
        return [child for child in candidates if child and _stands_under(child, iri)]

    def version_of(self, iri: str) -> int:
        """The position of the newest version, tombstones too; 0 when there is none."""
        if iri not in self._records:
            self.find(iri)
        version = self._versions[iri]
        return version.position if version else 0

    def overtaken_by(self, version: Version) -> bool:
        """True when a version written since then is about something that was looked at."""
        if version.iri in self._versions:
            return True
        if version.canonical is None:
            return False
        return not (
            self._numbers.isdisjoint(numbers_in(version.canonical))
            and self._above.isdisjoint(above_in(version.canonical))
        )

    def _holder(self, number: str) -> str | None:
        """Who has the KBO number last, or has it for good."""
        self._numbers.add(number)
        having = [
            (facet.period.end or date.max, iri)
            for iri in sorted(self._lookup.with_number(number))
            if (record := self.find(iri))
            for facet in facets(record)
            if _is_number(facet, number)
        ]
        return max(having)[1] if having else None


Command = Callable[[Desk], Outcome]


def _is_number(facet: Facet, number: str) -> bool:
    notation = facet.value(SKOS.notation)
    return (
        facet.kind is FacetKind.IDENTIFIER
        and facet.value(DCT.type) == KBO
        and notation is not None
        and notation.value == number
    )


def _stands_under(record: Record, iri: str) -> bool:
    return any(
        facet.kind is FacetKind.PARENT
        and (above := facet.value(ORG.organization)) is not None
        and above.value == iri
        for facet in facets(record)
    )
