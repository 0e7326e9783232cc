"""Content codings: Brotli, Zstandard and gzip of a whole body; the same body, the same bytes."""

from __future__ import annotations

import gzip

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
