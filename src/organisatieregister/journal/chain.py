"""The hash chain over the journal: a changed, missing or moved row shows.

The digest of a version is the SHA-256 of these fields, each preceded by its length in bytes as an
unsigned 64-bit number (big-endian, like all numbers here), so that no two lists of fields look
alike::

    "organisatieregister/journal/1"
    the digest of the version before it in the log (32 bytes; zeros before the first)
    position                            64 bits
    IRI
    time                                64 bits, signed, microseconds since 1970-01-01T00:00Z
    kind                                create, update or tombstone
    position of the previous version of the same IRI, or 0      64 bits
    activity: what, agent, reason, source                       four fields
    SHA-256 of the record's canonical N-Triples (32 bytes); empty for a tombstone

Text is UTF-8. The last field is the record's own digest, so the chain can be followed by somebody
who has the digests but not the records.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from organisatieregister.journal import Version

GENESIS = bytes(32)

_FORMAT = b"organisatieregister/journal/1"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def link(before: bytes, version: Version) -> bytes:
    """The digest of this version in a log that came as far as ``before``."""
    activity = version.activity
    canonical = version.canonical
    return sha256(
        framed(
            (
                _FORMAT,
                before,
                version.position.to_bytes(8, "big"),
                version.iri.encode(),
                microseconds(version.time).to_bytes(8, "big", signed=True),
                version.kind.encode(),
                version.previous.to_bytes(8, "big"),
                activity.what.encode(),
                activity.agent.encode(),
                activity.reason.encode(),
                activity.source.encode(),
                b"" if canonical is None else sha256(canonical).digest(),
            )
        )
    ).digest()


def framed(fields: Iterable[bytes]) -> bytes:
    """The fields one after the other, each preceded by its length."""
    return b"".join(len(field).to_bytes(8, "big") + field for field in fields)


def microseconds(time: datetime) -> int:
    """Microseconds since 1970 in UTC; ValueError for a time without a zone."""
    if time.tzinfo is None:
        raise ValueError(f"{time} has no time zone")
    return (time - _EPOCH) // _MICROSECOND


def moment(since_1970: int) -> datetime:
    """The inverse of ``microseconds``, in UTC."""
    return _EPOCH + timedelta(microseconds=since_1970)
