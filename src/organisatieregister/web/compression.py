"""Content codings: Brotli, Zstandard and gzip of a whole body; the same body, the same bytes."""

from __future__ import annotations

import gzip
from collections.abc import Iterable

import brotli
import zstandard

CODINGS = ("br", "zstd", "gzip")  # in our order of preference
WORTHWHILE = 1024  # bytes; below that a coding saves less than its header costs


def compress(body: bytes, coding: str) -> bytes:
    """The body in this content coding; ``identity`` gives it back as it is."""
    if coding == "br":
        return bytes(brotli.compress(body, mode=brotli.MODE_TEXT, quality=5))
    if coding == "zstd":
        return zstandard.ZstdCompressor(level=6).compress(body)
    if coding == "gzip":
        return gzip.compress(body, compresslevel=6, mtime=0)
    return body


def coded_tag(etag: bytes, coding: str) -> bytes:
    """The entity tag of an answer in a coding: ``"x"`` is ``"x+br"``, for these are other bytes."""
    return etag.removesuffix(b'"') + b"+" + coding.encode() + b'"'


def plain_tags(tags: bytes, codings: Iterable[str] = CODINGS) -> bytes:
    """The tags as those know them who make the answers, which come into a coding later."""
    for coding in codings:
        tags = tags.replace(b"+" + coding.encode() + b'"', b'"')
    return tags
