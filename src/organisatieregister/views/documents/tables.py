"""What stands where in the documents view; one object a transaction.

Every record has a number, which is never used again. An IRI of any length is looked up by its
128-bit BLAKE2b (``key``).

==============  ===========  ==================================================================
table           key          value
==============  ===========  ==================================================================
``state``       a name       format, position, day, numbers given out, specimens
``subjects``    key          number of the record in which it lives, and whether it is the
                             record's own IRI
``records``     number       version, time, day, IRI, canonical N-Triples (packed)
``documents``   number       the finished document: ``stored.py``
``labels``      key          the triples with its label (N-Triples)
``statements``  key, number  what the record with that number says about it (N-Triples)
``speakers``    key          numbers of the records that say something about it on some day
``shown``       key          numbers of the documents that show its label
``schedule``    day, number  nothing: from that day on the record reads otherwise
==============  ===========  ==================================================================
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

from organisatieregister.compression import Compression
from organisatieregister.errors import DataDirectoryUnusable
from organisatieregister.records import Record
from organisatieregister.views.documents.contribution import without_fragment
from organisatieregister.views.documents.stored import (
    KEY_SIZE,
    Finished,
    StoredDocument,
    microseconds,
    moment,
)

_NUMBER = struct.Struct(">Q")
_RECORD = struct.Struct(">QqIH")  # version, µs since 1970, ordinal of the day, length of the IRI
_OWN, _PART = b"\1", b"\0"


@dataclass(frozen=True)
class Packing:
    """How records and documents are compressed."""

    records: Compression
    documents: Compression


@dataclass(frozen=True)
class StoredRecord:
    """A record, the time and position of its version, and the day of what follows from it."""

    number: int
    record: Record
    version: int
    modified: datetime
    day: date


def key(iri: str) -> bytes:
    """What an IRI is looked up by."""
    return blake2b(iri.encode(), digest_size=KEY_SIZE).digest()


class Tables:
    """The tables inside one transaction."""

    def __init__(self, transaction: Any, tables: Mapping[bytes, Any], packing: Packing) -> None:
        self._transaction = transaction
        self._tables = tables
        self._packing = packing

    # --- state ---

    @property
    def position(self) -> int:
        """The position in the journal that the view has reached."""
        return self._state(b"position")

    @property
    def day(self) -> date | None:
        """The day of the newest change."""
        ordinal = self._state(b"day")
        return date.fromordinal(ordinal) if ordinal else None

    def reach(self, position: int, day: date | None) -> None:
        """Note position and day."""
        self._put(b"state", b"position", _NUMBER.pack(position))
        if day:
            self._put(b"state", b"day", _NUMBER.pack(day.toordinal()))

    def new_number(self) -> int:
        """A number that no record has had."""
        number = self._state(b"numbers") + 1
        self._put(b"state", b"numbers", _NUMBER.pack(number))
        return number

    # --- records ---

    def number(self, iri: str) -> int | None:
        """The number of the record with this IRI."""
        found = self._get(b"subjects", key(iri))
        return _NUMBER.unpack_from(found)[0] if found and found[8:] == _OWN else None

    def home(self, subject: str) -> int | None:
        """The number of the record in which a subject lives."""
        found = self._get(b"subjects", key(without_fragment(subject)))
        return _NUMBER.unpack_from(found)[0] if found else None

    def record(self, number: int) -> StoredRecord | None:
        """The record with this number."""
        value = self._get(b"records", _NUMBER.pack(number))
        if value is None:
            return None
        version, time, day, length = _RECORD.unpack_from(value)
        start = _RECORD.size + length
        try:
            canonical = self._packing.records.unpack(value[start:])
        except ValueError as error:
            raise DataDirectoryUnusable(f"a damaged record (`ovo rebuild`): {error}") from error
        record = Record.read(value[_RECORD.size : start].decode(), canonical)
        return StoredRecord(number, record, version, moment(time), date.fromordinal(day))

    def iri(self, number: int) -> str | None:
        """The IRI of the record with this number."""
        value = self._get(b"records", _NUMBER.pack(number))
        if value is None:
            return None
        length = _RECORD.unpack_from(value)[3]
        return value[_RECORD.size : _RECORD.size + length].decode()

    def put_record(self, stored: StoredRecord) -> None:
        """Keep the record; its subjects are put by themselves."""
        iri = stored.record.iri.encode()
        head = _RECORD.pack(
            stored.version, microseconds(stored.modified), stored.day.toordinal(), len(iri)
        )
        packed = self._packing.records.pack(stored.record.canonical)
        self._put_numbered(b"records", stored.number, head + iri + packed)

    def delete_record(self, number: int) -> None:
        """Forget the record and its document."""
        document = self.document(number)
        if document:
            self._show(number, document.shown, frozenset())
        for table in (b"records", b"documents"):
            self._delete(table, _NUMBER.pack(number))

    def put_subject(self, subject: str, number: int, *, own: bool) -> None:
        """The subject lives in this record; what is a record's own IRI stays that."""
        at, value = key(subject), _NUMBER.pack(number) + (_OWN if own else _PART)
        table = self._tables[b"subjects"]
        if own or not self._transaction.put(at, value, db=table, overwrite=False):
            found = self._get(b"subjects", at)
            if own or (found and found[8:] == _PART):
                self._put(b"subjects", at, value)

    def delete_subject(self, subject: str, number: int) -> None:
        """The subject no longer lives in this record."""
        at = key(subject)
        found = self._get(b"subjects", at)
        if found and _NUMBER.unpack_from(found)[0] == number:
            self._delete(b"subjects", at)

    def numbers(self, after: int, limit: int) -> list[int]:
        """The numbers of records, in order, from the one after ``after``."""
        found: list[int] = []
        with self._cursor(b"records") as cursor:
            for at in _from(cursor, _NUMBER.pack(after + 1)):
                if len(found) == limit:
                    break
                found.append(_NUMBER.unpack(at)[0])
        return found

    # --- documents ---

    def document(self, number: int) -> StoredDocument | None:
        """The finished document about the record with this number."""
        value = self._get(b"documents", _NUMBER.pack(number))
        return StoredDocument(value, self._packing.documents) if value else None

    def put_document(self, number: int, finished: Finished, modified: datetime) -> None:
        """Keep the document; when its bytes are as before, so is the time of its change."""
        before = self.document(number)
        if before and before.etag == finished.digest.hex():
            modified = before.modified
        self._show(number, before.shown if before else frozenset(), frozenset(finished.shown))
        self._put_numbered(b"documents", number, finished.packed(modified, self._packing.documents))

    def shown_in(self, subject: str) -> list[int]:
        """The numbers of the documents that show the label of a subject."""
        return self._numbers_at(b"shown", key(subject))

    def _show(self, number: int, before: frozenset[bytes], after: frozenset[bytes]) -> None:
        value = _NUMBER.pack(number)
        for at in before - after:
            self._delete(b"shown", at, value)
        for at in after - before:
            self._put(b"shown", at, value)

    # --- what records bring ---

    def labels(self, subjects: Iterable[str]) -> bytes:
        """The label triples of those of the subjects that have any, as N-Triples."""
        found = (self._get(b"labels", key(subject)) for subject in subjects)
        return b"".join(filter(None, found))

    def put_label(self, subject: str, n_triples: bytes | None) -> None:
        """Keep (or forget) the label triples of a subject."""
        self._put_or_delete(b"labels", key(subject), n_triples)

    def statements(self, subjects: Iterable[str]) -> bytes:
        """What records in which they do not live say about the subjects, as N-Triples."""
        found: list[bytes] = []
        with self._cursor(b"statements") as cursor:
            for subject in subjects:
                start = key(subject)
                for at in _from(cursor, start):
                    if not at.startswith(start):
                        break
                    found.append(cursor.value())
        return b"".join(found)

    def put_statement(self, subject: str, number: int, n_triples: bytes | None) -> None:
        """Keep (or forget) what a record says about a subject elsewhere."""
        self._put_or_delete(b"statements", key(subject) + _NUMBER.pack(number), n_triples)

    def speakers(self, subjects: Iterable[str]) -> set[int]:
        """The records that say something about the subjects on some day."""
        return {n for subject in subjects for n in self._numbers_at(b"speakers", key(subject))}

    def put_speaker(self, subject: str, number: int) -> None:
        """The record says something about the subject on some day."""
        self._put(b"speakers", key(subject), _NUMBER.pack(number))

    def delete_speaker(self, subject: str, number: int) -> None:
        """The record no longer does."""
        self._delete(b"speakers", key(subject), _NUMBER.pack(number))

    def due(self, day: date) -> list[int]:
        """The records that read otherwise since a day up to this one."""
        found = []
        end = day.isoformat().encode()
        with self._cursor(b"schedule") as cursor:
            for at in _from(cursor, b""):
                if at[:10] > end:
                    break
                found.append(_NUMBER.unpack(at[10:])[0])
        return found

    def schedule(self, number: int, day: date) -> None:
        """The record reads otherwise from this day on."""
        self._put(b"schedule", day.isoformat().encode() + _NUMBER.pack(number), b"")

    def unschedule(self, number: int, day: date) -> None:
        """Forget that day."""
        self._delete(b"schedule", day.isoformat().encode() + _NUMBER.pack(number))

    # --- rows ---

    def _state(self, name: bytes) -> int:
        found = self._get(b"state", name)
        return int(_NUMBER.unpack(found)[0]) if found else 0

    def _numbers_at(self, table: bytes, at: bytes) -> list[int]:
        with self._cursor(table) as cursor:
            if not cursor.set_key(at):
                return []
            return [_NUMBER.unpack(value)[0] for value in cursor.iternext_dup()]

    def _cursor(self, table: bytes) -> Any:
        return self._transaction.cursor(db=self._tables[table])

    def _get(self, table: bytes, at: bytes) -> bytes | None:
        value: bytes | None = self._transaction.get(at, db=self._tables[table])
        return value

    def _put(self, table: bytes, at: bytes, value: bytes) -> None:
        self._transaction.put(at, value, db=self._tables[table])

    def _put_numbered(self, table: bytes, number: int, value: bytes) -> None:
        at = _NUMBER.pack(number)
        with self._cursor(table) as cursor:
            # what comes at the end is packed tightly
            last = not cursor.last() or cursor.key() < at
            cursor.put(at, value, append=last)

    def _put_or_delete(self, table: bytes, at: bytes, value: bytes | None) -> None:
        if value is None:
            self._delete(table, at)
        else:
            self._put(table, at, value)

    def _delete(self, table: bytes, at: bytes, value: bytes = b"") -> None:
        self._transaction.delete(at, value, db=self._tables[table])


def _from(cursor: Any, start: bytes) -> Iterator[bytes]:
    """The keys in order, from the first that is not before ``start``."""
    if cursor.set_range(start) if start else cursor.first():
        yield from cursor.iternext(keys=True, values=False)
