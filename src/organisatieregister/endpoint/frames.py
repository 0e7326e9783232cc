"""What the serving process and a worker say to each other: frames of a kind, a length and bytes.

``QUERY`` (JSON) is answered by ``FORM`` (b"results" or b"graph"), any number of ``DATA`` and one
``END`` (the worker's memory), or at any point by ``ERROR`` (JSON: kind, reason). A worker
begins with ``READY`` (JSON).
"""

from __future__ import annotations

import struct

READY, QUERY, FORM, DATA, END, ERROR = range(6)

HEADER = struct.Struct("!BI")  # kind, length of the content
SIZE = struct.Struct("!Q")  # bytes of memory
LARGEST = 64 << 10  # bytes of result in one frame

Frame = tuple[int, bytes]


def frame(kind: int, content: bytes) -> bytes:
    """A frame as bytes."""
    return HEADER.pack(kind, len(content)) + content


def take_frame(buffer: bytearray) -> Frame | None:
    """Take the first frame out of the buffer; None when it is not complete yet."""
    if len(buffer) < HEADER.size:
        return None
    kind, length = HEADER.unpack_from(buffer)
    end = HEADER.size + length
    if len(buffer) < end:
        return None
    content = bytes(buffer[HEADER.size : end])
    del buffer[:end]
    return kind, content
