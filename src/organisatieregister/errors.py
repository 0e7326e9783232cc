"""Everything that goes wrong on purpose.

::

    RegisterError
    ├── InputError                what somebody gave us cannot be read
    │   ├── MalformedIdentifier   an OVO code, KBO number or IRI of ours
    │   ├── MalformedPeriod       a date, or a start after its end
    │   ├── MalformedRecord       triples that are no record in normal form
    │   ├── UnreadableSource      a file: syntax, encoding, columns
    │   └── QueryRefused          a SPARQL request that we do not run
    ├── InvalidRecord             a record that breaks a shape (carries the report)
    ├── UnknownResource           well-formed, but the register does not have it
    ├── NotAcceptable             no representation fits the request
    ├── ChangeRefused             a rule of the register forbids the change
    │   ├── FactsOverlap          two facts of which one holds at a time
    │   ├── SelfRelation          an organisation related to itself
    │   ├── TreeCycle             an organisation that would stand under itself
    │   ├── OrganisationEnded     only reopening or correcting is left
    │   ├── ImpossibleDay         the change cannot work from this day on
    │   ├── OwnedElsewhere        a fact of the KBO, or the OVO code itself
    │   ├── NumberTaken           another organisation has this code or KBO number
    │   └── WrongParties          a merger of one, a split into one, an unknown facet …
    ├── NotAuthenticated          a bearer token that is absent, or not good
    ├── NotPermitted              somebody whom we know may not do this
    ├── VersionConflict           the record is not at the version that was expected
    ├── CodesExhausted            OVO999999 has been issued
    ├── QueryFailed               SPARQL was run and did not end well
    │   ├── QueryTimeout          wall-clock or CPU limit passed
    │   ├── QueryTooLarge         memory or result limit passed
    │   └── EndpointBusy          no worker free in time
    │       └── NoDataYet         nothing was published to query yet
    └── StorageError              the data directory
        ├── DataDirectoryBusy     another process writes there
        ├── DataDirectoryFull     no space left
        ├── DataDirectoryUnusable no permission, a broken disk, a file that is not ours
        ├── NewerFormat           written by a newer release
        └── DamagedJournal        the hash chain or a row does not fit

Each error carries what a reader needs to find the place; texts for users, in Dutch and English,
are made from these fields in ``web/problems.py``.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


class RegisterError(Exception):
    """Root of the tree; never raised itself."""


class InputError(RegisterError):
    """What somebody gave us cannot be read; ``reason_nl`` says why in Dutch, where we know it."""

    def __init__(self, reason: str = "", *, nl: str = "") -> None:
        super().__init__(reason)
        self.reason_nl = nl or reason


class MalformedIdentifier(InputError):
    """``text`` is no identifier of this ``kind``; ``rule`` says why."""

    def __init__(self, kind: str, text: str, rule: str) -> None:
        super().__init__(f"{kind} {text[:80]!r}: {rule}")
        self.kind, self.text, self.rule = kind, text, rule


class MalformedPeriod(InputError):
    """A date that is none, or a period that ends before it starts."""


class MalformedRecord(InputError):
    """Triples that are no record in normal form; ``iri`` names the record, ``rule`` the reason."""

    def __init__(self, iri: str, rule: str) -> None:
        super().__init__(f"<{iri[:200]}>: {rule}")
        self.iri, self.rule = iri, rule


class UnreadableSource(InputError):
    """A source that cannot be read; lines and columns count from 1, 0 is unknown."""

    def __init__(self, source: str, reason: str, line: int = 0, column: int = 0) -> None:
        place = f"{source}:{line}:{column}" if line else source
        super().__init__(f"{place}: {reason}")
        self.source, self.reason, self.line, self.column = source, reason, line, column


class QueryRefused(InputError):
    """A SPARQL request that is not run; ``status`` is the HTTP status that fits (400, 403, …).

    ``line`` and ``column`` count from 1; 0 is unknown.
    """

    def __init__(
        self, reason: str, status: int = 400, line: int = 0, column: int = 0, *, nl: str = ""
    ) -> None:
        super().__init__(
            f"line {line}, column {column}: {reason}" if line else reason,
            nl=f"regel {line}, kolom {column}: {nl or reason}" if line else nl,
        )
        self.reason, self.status, self.line, self.column = reason, status, line, column


class InvalidRecord(RegisterError):
    """Records that break a shape; ``report`` is the ``rules.Report``."""

    def __init__(self, report: Any) -> None:
        super().__init__(str(report))
        self.report = report


class UnknownResource(RegisterError):
    """Well-formed, but the register has no such resource."""

    def __init__(self, iri: str) -> None:
        super().__init__(f"the register does not have <{iri[:200]}>")
        self.iri = iri


class NotAcceptable(RegisterError):
    """Nothing that we can make fits the Accept header; ``alternates`` are the media types."""

    def __init__(self, accept: str, alternates: Sequence[str]) -> None:
        super().__init__(f"nothing fits Accept: {accept[:200]!r}")
        self.accept, self.alternates = accept, tuple(alternates)


class ChangeRefused(RegisterError):
    """A rule of the register forbids the change.

    ``rule`` is its code, ``record`` the organisation's IRI, ``facet`` the fact that is changed (an
    IRI) and ``period`` its days, ``other`` what it conflicts with (a facet or an organisation) and
    ``other_period`` when. Periods read ``2025-01-01/…``; what does not apply is empty.
    """

    def __init__(
        self, rule: str, record: str, *,
        facet: str = "", period: object = "", other: str = "", other_period: object = "",
    ) -> None:  # fmt: skip
        told = (f"<{record}>: {rule}", facet, period, other and "against", other, other_period)
        super().__init__(" ".join(str(part) for part in told if part))
        self.rule, self.record = rule, record
        self.facet, self.period = facet, str(period)
        self.other, self.other_period = other, str(other_period)


class FactsOverlap(ChangeRefused):
    """On some day ``facet`` and ``other`` would both hold, and only one of their kind may."""


class SelfRelation(ChangeRefused):
    """The organisation would be its own parent, member or relation."""


class TreeCycle(ChangeRefused):
    """The organisation would stand under itself; ``other`` is the parent, ``path`` the way up."""

    def __init__(
        self, rule: str, record: str, path: Sequence[str], *,
        facet: str = "", period: object = "", other: str = "",
    ) -> None:  # fmt: skip
        super().__init__(rule, record, facet=facet, period=period, other=other)
        self.path = tuple(path)


class OrganisationEnded(ChangeRefused):
    """The organisation has ended (``period`` is its life): reopen or correct it."""


class ImpossibleDay(ChangeRefused):
    """The change cannot work from this day on: what it changes does not hold then."""


class OwnedElsewhere(ChangeRefused):
    """The fact is the KBO's and changes there, or it is the OVO code, which never changes."""


class NumberTaken(ChangeRefused):
    """``other`` is the organisation that has the OVO code or the KBO number."""


class WrongParties(ChangeRefused):
    """Too few organisations for the event, the same one twice, or a facet that is not there."""


class NotAuthenticated(RegisterError):
    """No token, or one that does not hold; ``rule`` says why, ``given`` whether there was one."""

    def __init__(self, rule: str, *, given: bool = True) -> None:
        super().__init__(rule)
        self.rule, self.given = rule, given


class NotPermitted(RegisterError):
    """Who asks may not do this ``operation`` on the ``facet`` kind of the organisation."""

    def __init__(self, operation: str, record: str = "", facet: str = "") -> None:
        super().__init__(" ".join(filter(None, (operation, facet, record and f"<{record}>"))))
        self.operation, self.record, self.facet = operation, record, facet


class VersionConflict(RegisterError):
    """The record at ``iri`` is at position ``found``, not at ``expected`` (0: does not exist)."""

    def __init__(self, iri: str, expected: int, found: int) -> None:
        super().__init__(f"<{iri}> is at version {found}, not {expected}")
        self.iri, self.expected, self.found = iri, expected, found


class CodesExhausted(RegisterError):
    """There is no OVO code above the last one."""


class QueryFailed(RegisterError):
    """A SPARQL query was run and did not end well."""


class QueryTimeout(QueryFailed):
    """A wall-clock or CPU limit passed; ``seconds`` is the limit."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the query took more than {seconds:g} s")
        self.seconds = seconds


class QueryTooLarge(QueryFailed):
    """A memory or result limit passed."""


class EndpointBusy(QueryFailed):
    """No worker became free in time; try again after ``retry_after`` seconds."""

    def __init__(self, retry_after: int, reason: str = "all SPARQL workers are busy") -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class NoDataYet(EndpointBusy):
    """There is no generation to query yet; try again after ``retry_after`` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after, "there is no data to query yet")


class StorageError(RegisterError):
    """Something about the data directory."""

    @staticmethod
    def of(path: object, error: OSError) -> StorageError:
        """The storage error that an error of the operating system on this file amounts to."""
        text = f"{path}: {error.strerror or error}"
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return DataDirectoryFull(text)
        return DataDirectoryUnusable(text)


class DataDirectoryBusy(StorageError):
    """Another process writes in this data directory."""


class DataDirectoryFull(StorageError):
    """No space left on the device of the data directory."""


class DataDirectoryUnusable(StorageError):
    """A file that cannot be opened, read or written, or that is not ours."""


class NewerFormat(StorageError):
    """The data were written by a newer release; this one does not touch them."""

    def __init__(self, what: str, found: int, known: int) -> None:
        super().__init__(
            f"{what} has format version {found}, this release knows up to {known}: "
            "upgrade the program; nothing was changed"
        )
        self.what, self.found, self.known = what, found, known


class DamagedJournal(StorageError):
    """The hash chain or a row of the journal does not fit; ``position`` is the first such row."""

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(f"journal position {position}: {reason}")
        self.position, self.reason = position, reason
