"""Byte ranges by RFC 9110, section 14; pure."""

from __future__ import annotations

import re

from starlette.exceptions import HTTPException

_ONE_RANGE = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.IGNORECASE | re.ASCII)


def byte_range(field: str, size: int) -> tuple[int, int] | None:
    """The first byte, and the one after the last, that a Range field asks of ``size`` bytes.

    None means all: there is no field, it has another unit, breaks the grammar, or asks several
    ranges at once, which may be ignored. Raises HTTPException 416 when nothing of it is there.
    """
    asked = _ONE_RANGE.fullmatch(field.strip())
    if not asked or asked[1] == asked[2] == "":
        return None
    if asked[1]:
        first, last = int(asked[1]), int(asked[2]) if asked[2] else size - 1
        if asked[2] and last < first:
            return None
    else:
        first, last = max(0, size - int(asked[2])), size - 1
    if first >= size:
        raise HTTPException(
            416, detail=f"0-{size - 1}", headers={"Content-Range": f"bytes */{size}"}
        )
    return first, min(last, size - 1) + 1


def range_applies(if_range: str, etag: str, last_modified: str) -> bool:
    """True when the Range field counts: there is no If-Range, or it names the file as it is.

    Only a strong ETag counts, and a date only when it is the very same (section 13.1.5).
    """
    return not if_range or if_range.strip() in (etag, last_modified)
