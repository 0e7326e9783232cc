"""SPARQL on the register as valid on another day: waits until its graph was made."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path

from organisatieregister.endpoint.answering import Endpoint
from organisatieregister.errors import EndpointBusy, NoDataYet
from organisatieregister.views.generations import current_generation
from organisatieregister.views.graph_on_days import GraphsOnDays

_POLL = 0.05  # seconds between two looks
_ASK_AGAIN = 100  # looks
_TRY_AGAIN = 10  # seconds after which a client may come back


class EndpointOnDays:
    """Called with a day it gives an endpoint on the data of that day.

    ``seconds`` is how long it waits for them to be made.
    """

    def __init__(
        self, endpoint: Endpoint, graph: Path, today: Callable[[], date], seconds: float = 30.0
    ) -> None:
        self._endpoint = endpoint
        self._graph = graph
        self._graphs = GraphsOnDays(graph)
        self._today = today
        self._seconds = seconds

    async def __call__(self, day: date) -> Endpoint:
        """Raises NoDataYet, and EndpointBusy when the data of the day do not come in time."""
        if day == self._today():
            return self._endpoint
        base = current_generation(self._graph)
        if base is None:
            raise NoDataYet(_TRY_AGAIN)
        if self._graphs.find(day, base) is None:
            await self._made(day, base)
        return self._endpoint.over(lambda: self._graphs.find(day, base))

    async def _made(self, day: date, base: Path) -> None:
        """Wait until the graph of the day is there, of this generation of today or a newer one."""
        for turn in range(max(1, round(self._seconds / _POLL))):
            # Asked again now and then: who makes them may have been started anew.
            if turn % _ASK_AGAIN == 0 and not self._graphs.ask(day):
                break
            await asyncio.sleep(_POLL)
            if self._graphs.find(day, base):
                return
        raise EndpointBusy(_TRY_AGAIN)
