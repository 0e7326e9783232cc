"""``Prefer: wait`` (RFC 7240, 4.3): an answer waits until what was written can be read."""

from __future__ import annotations

import asyncio
import re
from time import monotonic

import orjson
from fastapi import Request

from organisatieregister.web.idempotency import Given
from organisatieregister.web.operations import Positions

_WAIT = re.compile(r"(?:^|[,;\s])wait(?:\s*=\s*\"?([0-9]{1,4})\"?)?(?=$|[,;\s])")
_LONGEST = 30  # seconds
_POLL = 0.02


async def wait_for_views(request: Request, positions: Positions, given: Given) -> int:
    """Wait as the client prefers; how many seconds it would have waited, 0 when it was in vain."""
    wanted = _WAIT.search(request.headers.get("prefer", "").lower())
    position = _position(given)
    if wanted is None or not position:
        return 0
    seconds = min(int(wanted[1] or _LONGEST), _LONGEST)
    deadline = monotonic() + seconds
    while True:
        if all(view() >= position for view in positions.views.values()):
            return seconds
        if monotonic() >= deadline:
            return 0
        await asyncio.sleep(_POLL)


def _position(given: Given) -> int:
    if given.headers.get("content-type") != "application/json":
        return 0
    return int(orjson.loads(given.body)["positie"])
