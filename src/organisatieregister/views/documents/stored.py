"""A finished document as it lies in the view: read piece by piece, for most requests need little.

Layout: digest of the Turtle (16 bytes), when it last changed (µs since 1970, 64 bits), version of
the record (64 bits), length of the facts and number of labels shown (32 bits each); the facts (a
JSON list: classes, successors); the keys of the labels shown, 16 bytes each; the Turtle, packed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import blake2b

import orjson

from organisatieregister.compression import Compression
from organisatieregister.errors import DataDirectoryUnusable

KEY_SIZE = 16

_HEAD = struct.Struct(">16sqQII")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class StoredDocument:
    """The document about a primary resource as of today."""

    _value: bytes
    _compression: Compression

    @property
    def etag(self) -> str:
        """A digest of the Turtle, in hex: another one whenever the bytes are other ones."""
        return self._value[:16].hex()

    @property
    def version(self) -> int:
        """The position in the journal of the record's version."""
        return int(self._head[2])

    @property
    def modified(self) -> datetime:
        """When the bytes last changed, through the record itself, another one or the calendar."""
        return moment(self._head[1])

    @property
    def types(self) -> tuple[str, ...]:
        """The IRIs of the classes of the primary resource."""
        return tuple(self._facts[0])

    @property
    def successors(self) -> tuple[str, ...]:
        """What the resource is replaced by (``dct:isReplacedBy``)."""
        return tuple(self._facts[1])

    @property
    def shown(self) -> frozenset[bytes]:
        """The keys of the IRIs of which it shows the label, if there is one."""
        start = _HEAD.size + self._head[3]
        end = start + KEY_SIZE * self._head[4]
        return frozenset(self._value[at : at + KEY_SIZE] for at in range(start, end, KEY_SIZE))

    @cached_property
    def turtle(self) -> bytes:
        """The document in Turtle. Raises DataDirectoryUnusable when it is damaged."""
        start = _HEAD.size + self._head[3] + KEY_SIZE * self._head[4]
        try:
            return self._compression.unpack(self._value[start:])
        except ValueError as error:
            raise DataDirectoryUnusable(
                f"a document is damaged (`ovo rebuild`): {error}"
            ) from error

    @cached_property
    def _head(self) -> Sequence[int]:
        return _HEAD.unpack_from(self._value)

    @cached_property
    def _facts(self) -> list[list[str]]:
        facts: list[list[str]] = orjson.loads(self._value[_HEAD.size :][: self._head[3]])
        return facts


@dataclass(frozen=True)
class Finished:
    """A document that was just made."""

    turtle: bytes
    version: int
    types: Sequence[str]
    successors: Sequence[str]
    shown: Iterable[bytes]

    @cached_property
    def digest(self) -> bytes:
        """The digest of the Turtle."""
        return blake2b(self.turtle, digest_size=16).digest()

    def packed(self, modified: datetime, compression: Compression) -> bytes:
        """As it is laid down."""
        facts = orjson.dumps([self.types, self.successors])
        shown = b"".join(sorted(self.shown))
        head = _HEAD.pack(
            self.digest, microseconds(modified), self.version, len(facts), len(shown) // KEY_SIZE
        )
        return b"".join((head, facts, shown, compression.pack(self.turtle)))


def microseconds(time: datetime) -> int:
    """Microseconds since 1970."""
    return (time - _EPOCH) // _MICROSECOND


def moment(since_1970: int) -> datetime:
    """The inverse of ``microseconds``, in UTC."""
    return _EPOCH + timedelta(microseconds=since_1970)
