"""The SPARQL endpoint alone, on any data, in this process: for tests of conformance and trials."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

from organisatieregister.endpoint import Endpoint
from organisatieregister.web.app import rest_of
from organisatieregister.web.assets import Assets
from organisatieregister.web.edge import Edge
from organisatieregister.web.observation import Meter
from organisatieregister.web.pages import Pages, load_theme, static_files
from organisatieregister.web.pages.theme import STATIC_PATH
from organisatieregister.web.sparql import sparql_routes


def run(endpoint: Endpoint, listening: socket.socket) -> None:
    """Serve until SIGTERM or SIGINT."""
    config = uvicorn.Config(
        application(endpoint),
        loop="uvloop",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )
    uvicorn.Server(config).run(sockets=[listening])


def application(endpoint: Endpoint) -> ASGIApp:
    """The ASGI application with ``/sparql`` and what its page needs; it starts the endpoint."""
    pages = Pages(load_theme())

    @asynccontextmanager
    async def answering() -> AsyncIterator[None]:
        await endpoint.start()
        try:
            yield
        finally:
            await endpoint.stop()

    routes = [
        *sparql_routes(endpoint, pages),
        *Assets(static_files(), STATIC_PATH, favicon="merk.svg").routes(),
    ]
    return Edge(rest_of(routes, pages, [answering]), routes, Meter(), logging=False)
