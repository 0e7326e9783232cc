"""The serving process's end of the socket to a worker."""

from __future__ import annotations

import asyncio
from typing import cast

from organisatieregister.endpoint.frames import LARGEST, Frame, take_frame
from organisatieregister.errors import QueryFailed

_FULL = 4 * LARGEST  # bytes read ahead; then the worker has to wait until they are taken


class WorkerDied(QueryFailed):
    """The worker's end of the socket was closed."""


class Connection(asyncio.Protocol):
    """Frames as they come, for one reader, with back-pressure."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._arrived: asyncio.Future[None] | None = None
        self._transport: asyncio.Transport | None = None
        self._closed = False
        self._paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Called by the loop."""
        self._buffer += data
        if len(self._buffer) > _FULL and self._transport is not None:
            self._transport.pause_reading()
            self._paused = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 (the loop's interface)
        """Called by the loop."""
        self._closed = True
        self._wake()

    async def read(self) -> Frame:
        """The next frame. Raises WorkerDied when there will be none."""
        while (frame := take_frame(self._buffer)) is None:
            if self._closed:
                raise WorkerDied("the worker has ended")
            if self._paused and self._transport is not None:
                self._transport.resume_reading()
                self._paused = False
            self._arrived = asyncio.get_running_loop().create_future()
            await self._arrived
        return frame

    def write(self, data: bytes) -> None:
        """Send the bytes of a frame; a connection that is lost shows at the next ``read``."""
        if self._transport is not None and not self._closed:
            self._transport.write(data)

    def close(self) -> None:
        """Let go of the socket; who reads is told at once."""
        if self._transport is not None:
            self._transport.abort()

    def _wake(self) -> None:
        if self._arrived is not None and not self._arrived.done():
            self._arrived.set_result(None)
