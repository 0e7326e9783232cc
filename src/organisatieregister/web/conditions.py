"""Conditional requests by RFC 9110, section 13: when the client already has it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

_ENTITY_TAG = re.compile(rb'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def not_modified(
    etag: bytes, last_modified: bytes, if_none_match: bytes, if_modified_since: bytes
) -> bool:
    """True when 304 is the answer to a GET or HEAD of what has this ETag and date.

    ``If-None-Match`` (a list, ``*``, weak tags too) goes before ``If-Modified-Since``; a date that
    cannot be read is ignored.
    """
    if if_none_match:
        return if_none_match.strip() == b"*" or etag in _ENTITY_TAG.findall(if_none_match)
    if not if_modified_since or not last_modified:
        return False
    if if_modified_since == last_modified:
        return True
    since, modified = _moment(if_modified_since), _moment(last_modified)
    return since is not None and modified is not None and modified <= since


def http_date(moment: datetime) -> bytes:
    """``Mon, 23 Nov 2026 12:00:00 GMT``; a moment without a zone is UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return format_datetime(aware.astimezone(UTC).replace(microsecond=0), usegmt=True).encode()


def _moment(text: bytes) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text.decode("latin-1"))
    except (ValueError, TypeError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
