"""One web worker: the application wired to read-only views, in uvicorn, on the shared socket."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

from organisatieregister import wiring
from organisatieregister.journal.sqlite import SqliteJournal
from organisatieregister.settings import Settings, shipped
from organisatieregister.views.documents import DocumentsView
from organisatieregister.views.generations import current_generation, position_of
from organisatieregister.views.search import SearchView
from organisatieregister.web.app import create_app
from organisatieregister.web.assets import Assets
from organisatieregister.web.dumps import dump_routes
from organisatieregister.web.held import HeldDocuments
from organisatieregister.web.lineage import lineage_routes
from organisatieregister.web.lists import list_routes
from organisatieregister.web.mementos import memento_routes
from organisatieregister.web.operations import Positions
from organisatieregister.web.pages import Pages, load_theme, static_files
from organisatieregister.web.pages.theme import STATIC_PATH
from organisatieregister.web.protocol import PromptProtocol
from organisatieregister.web.sparql import sparql_routes
from organisatieregister.web.sparql_examples import FILE as EXAMPLES
from organisatieregister.web.sparql_examples import read_examples
from organisatieregister.web.writing import configured_routes

_GRACE = 10  # seconds that running requests get when the worker is told to stop


def run(settings: Settings, listening: socket.socket) -> None:
    """Serve until SIGTERM."""
    config = uvicorn.Config(
        application(settings),
        http=PromptProtocol,
        loop="uvloop",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=_GRACE,
    )
    uvicorn.Server(config).run(sockets=[listening])


def application(settings: Settings) -> ASGIApp:
    """The ASGI application of a data directory that a projector keeps up to date."""
    documents = DocumentsView.open(settings.views / "documents", readonly=True)
    search = SearchView.open(settings.views / "search", readonly=True)
    journal = SqliteJournal.open(settings.journal, readonly=True)
    endpoint = wiring.endpoint(settings)
    pages = Pages(load_theme())
    graph = settings.views / "graph"
    positions = Positions(
        journal=lambda: journal.position,
        views={
            "documents": lambda: documents.position,
            "search": lambda: search.position,
            "graph": lambda: position_of(current_generation(graph)),
        },
    )

    @asynccontextmanager
    async def answering() -> AsyncIterator[None]:
        await endpoint.start()
        try:
            yield
        finally:
            await endpoint.stop()

    return create_app(
        documents=documents,
        pages=pages,
        positions=positions,
        today=wiring.today,
        routes=[
            *list_routes(search, pages),
            *sparql_routes(
                endpoint,
                pages,
                read_examples(shipped("ontology") / EXAMPLES),
                wiring.endpoint_on_days(settings, endpoint),
            ),
            *memento_routes(HeldDocuments(journal, documents.owner), pages, wiring.now),
            *lineage_routes(documents, pages, wiring.today),
            *dump_routes(settings.dumps, pages),
            *configured_routes(settings, journal, documents, positions),
            *Assets(static_files(), STATIC_PATH, favicon="merk.svg").routes(),
        ],
        running=[answering],
        time_gate=True,
        request_log=settings.request_log,
    )
