"""Answers that take their time: sent as they are made, stopped when the client goes away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from starlette.types import Receive, Scope, Send

from organisatieregister.web.responses import Header

_PATIENCE = 0.05  # seconds after which we look whether the client is still there


class ClientGone(ConnectionError):
    """The client hung up before the answer was complete."""


class Body(Protocol):
    """Pieces of a body; ``aclose`` stops the making of it, and may always be called."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The pieces."""
        ...

    async def aclose(self) -> None:
        """Stop."""
        ...


@asynccontextmanager
async def while_client_waits(receive: Receive) -> AsyncIterator[None]:
    """Cancel what is inside, and raise ClientGone, when the client goes away.

    The whole request must have been read. Quick work is not troubled with it.
    """
    task = asyncio.current_task()
    watchers: list[asyncio.Task[bool]] = []

    async def watch() -> bool:
        while (await receive())["type"] != "http.disconnect":
            pass
        return task is not None and task.cancel()

    loop = asyncio.get_running_loop()
    timer = loop.call_later(_PATIENCE, lambda: watchers.append(loop.create_task(watch())))
    try:
        yield
    except asyncio.CancelledError:
        gone = any(watcher.done() and not watcher.cancelled() for watcher in watchers)
        # Cancelled by others as well: then that goes before.
        if task is None or not gone or task.uncancel() > 0:
            raise
        raise ClientGone("the client hung up") from None
    finally:
        timer.cancel()
        for watcher in watchers:
            watcher.cancel()


class Streamed:
    """An answer with a body that is still being made, as an ASGI application."""

    def __init__(self, headers: tuple[Header, ...], body: Body, status: int = 200) -> None:
        self._status = status
        self._headers = headers
        self._body = body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Send it piece by piece; a failure half-way is raised, so that the server hangs up."""
        try:
            async with while_client_waits(receive):
                start = {"type": "http.response.start", "status": self._status}
                await send({**start, "headers": self._headers})
                async for piece in self._body:
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
                await send({"type": "http.response.body", "body": b""})
        except ClientGone:
            return
        finally:
            await self._body.aclose()
