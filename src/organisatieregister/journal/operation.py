"""One operation being written: its versions share an activity and a time."""

from __future__ import annotations

import re
from datetime import datetime

from organisatieregister.compression import MAX_SIZE, Compression
from organisatieregister.errors import (
    CodesExhausted,
    MalformedRecord,
    UnknownResource,
    VersionConflict,
)
from organisatieregister.identifiers import ORGANISATION, OvoCode
from organisatieregister.journal import Activity, ChangeKind, Draft, Version
from organisatieregister.journal.chain import link, microseconds, moment
from organisatieregister.journal.database import Database

_LAST_CODE = 999_999
_CODE_IRI = re.compile(re.escape(ORGANISATION) + "OVO([0-9]{6})")
_GROWTH = {ChangeKind.CREATE: 1, ChangeKind.UPDATE: 0, ChangeKind.TOMBSTONE: -1}


class Operation:
    """Writes the versions of one operation, inside a transaction that the caller opened."""

    def __init__(
        self,
        database: Database,
        compression: Compression,
        activity: Activity,
        time: datetime,
    ) -> None:
        self.position: int
        self._digest: bytes
        self.position, self._digest, last, self._living, self._code = database.row(
            "SELECT position, digest, time, living, code FROM head"
        )
        # always after the operation before it, whatever the clock says
        self._time = moment(max(microseconds(time), last + 1))
        self._start = self.position
        self._database = database
        self._compression = compression
        self._activity = activity
        self._activity_number = 0

    def issue_code(self) -> OvoCode:
        """The next OVO code. Raises CodesExhausted."""
        if self._code >= _LAST_CODE:
            raise CodesExhausted(f"the last OVO code, {OvoCode.of(_LAST_CODE)}, is in use")
        self._code += 1
        return OvoCode.of(self._code)

    def write(self, draft: Draft) -> None:
        """Add one version. Raises VersionConflict, UnknownResource, MalformedRecord (size)."""
        previous, alive = self._newest(draft.iri)
        expected = previous if draft.expected is None else draft.expected
        if previous != expected or previous > self._start:
            raise VersionConflict(draft.iri, draft.expected or 0, previous)
        kind = _kind(draft, alive)
        version = Version(
            position=self.position + 1,
            iri=draft.iri,
            time=self._time,
            kind=kind,
            activity=self._activity,
            canonical=draft.canonical,
            previous=previous,
            digest="",
        )
        self._digest = link(self._digest, version)
        self._insert(version)
        self.position = version.position
        self._living += _GROWTH[kind]
        self._code = max(self._code, code_number(draft.iri))

    def finish(self) -> None:
        """Move the head of the log on; the last thing before the commit."""
        self._database.rows(
            "UPDATE head SET position = ?, digest = ?, living = ?, code = ?",
            (self.position, self._digest, self._living, self._code),
        )
        if self.position > self._start:
            self._database.rows("UPDATE head SET time = ?", (microseconds(self._time),))

    def _newest(self, iri: str) -> tuple[int, bool]:
        """The position of the IRI's newest version (0: none), and whether the record lives."""
        for position, kind in self._database.rows(
            "SELECT position, kind FROM version WHERE iri = ? ORDER BY position DESC LIMIT 1",
            (iri,),
        ):
            return position, kind != ChangeKind.TOMBSTONE
        return 0, False

    def _insert(self, version: Version) -> None:
        if not self._activity_number:
            self._activity_number = self._insert_activity()
        canonical = version.canonical
        self._database.rows(
            "INSERT INTO version VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                version.position,
                version.iri,
                microseconds(version.time),
                str(version.kind),
                self._activity_number,
                version.previous,
                self._digest,
                None if canonical is None else self._compression.pack(canonical),
            ),
        )

    def _insert_activity(self) -> int:
        activity = self._activity
        self._database.rows(
            "INSERT INTO activity (what, agent, reason, source) VALUES (?, ?, ?, ?)",
            (activity.what, activity.agent, activity.reason, activity.source),
        )
        (number,) = self._database.row("SELECT last_insert_rowid()")
        return int(number)


def code_number(iri: str) -> int:
    """The number in the OVO code of an organisation's IRI; 0 for other IRIs."""
    match = _CODE_IRI.fullmatch(iri)
    return int(match[1]) if match else 0


def _kind(draft: Draft, alive: bool) -> ChangeKind:
    if draft.canonical is None:
        if not alive:
            raise UnknownResource(draft.iri)
        return ChangeKind.TOMBSTONE
    if len(draft.canonical) > MAX_SIZE:
        raise MalformedRecord(draft.iri, f"is larger than {MAX_SIZE} bytes")
    return ChangeKind.UPDATE if alive else ChangeKind.CREATE
