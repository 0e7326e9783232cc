"""Composition of the web application, and nothing else.

Documents are answered in front, by a plain ASGI application; all other routes hang in FastAPI,
whose defaults are undone: HEAD works, nothing is redirected for a slash, errors are problems.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import date
from time import perf_counter

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from organisatieregister.errors import RegisterError
from organisatieregister.web.documents import DocumentsApp
from organisatieregister.web.edge import Edge
from organisatieregister.web.observation import (
    Meter,
    given_request_id,
    log_request,
    new_request_id,
    request_id_header,
)
from organisatieregister.web.operations import Operations, Positions
from organisatieregister.web.problems import Asked, ProblemPages, problem_response
from organisatieregister.web.rendering import DocumentPages, Documents
from organisatieregister.web.responses import Response
from organisatieregister.web.routing import COLLECTION, PREFIXES
from organisatieregister.web.version_address import is_version

Lifespan = Callable[[], AbstractAsyncContextManager[object]]


def create_app(
    *,
    documents: Documents,
    pages: DocumentPages,
    positions: Positions,
    today: Callable[[], date],
    routes: Sequence[BaseRoute] = (),
    running: Sequence[Lifespan] = (),
    request_log: bool = True,
    cache_bytes: int = 32 << 20,
    time_gate: bool = False,
) -> ASGIApp:
    """The application of one web worker.

    ``routes`` are those of the other rooms (SPARQL, lists, dumps, assets), with a ``time_gate``
    those of ``mementos.py`` too; what is ``running`` is entered when the worker starts and left
    when it stops.
    """
    meter = Meter()
    operations = Operations(positions, meter, pages)
    every = [*operations.routes(), *routes]
    rest = Edge(rest_of(every, pages, running), every, meter, logging=request_log)
    application = DocumentsApp(
        documents, pages, today=today, cache_bytes=cache_bytes, time_gate=time_gate
    )
    return Front(application, rest, meter, pages, logging=request_log)


class Front:
    """Sends requests for documents to the one application and all others to the other."""

    def __init__(
        self,
        documents: DocumentsApp,
        rest: ASGIApp,
        meter: Meter,
        pages: ProblemPages,
        *,
        logging: bool,
    ) -> None:
        self._documents = documents
        self._rest = rest
        self._meter = meter
        self._pages = pages
        self._logging = logging

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI interface."""
        if scope["type"] != "http" or not is_document(scope["path"]):
            await self._rest(scope, receive, send)
            return
        response: Response | None = None
        failed = True
        try:
            response = self.at_once(scope)
            failed = False
        finally:
            if failed:  # a fault of ours: it goes to the log, the client gets a problem
                response = problem_response(HTTPException(500), Asked.of(scope), self._pages)
            await (response or self._rest)(scope, receive, send)

    def at_once(self, scope: Scope) -> Response | None:
        """The answer to a request for a document of now; None for all others."""
        if not is_document(scope["path"]):
            return None
        started = perf_counter()
        request_id = given_request_id(scope)
        if self._logging and not request_id:
            request_id = new_request_id()
        if request_id:
            scope["state"] = {"request_id": request_id}
        response = self._documents.answer(scope)
        if response is None:
            return None
        if request_id:
            response = response.plus(request_id_header(request_id))
        seconds = perf_counter() - started
        self._meter.count("documents", response.status, seconds)
        if self._logging:
            log_request(scope, response.status, seconds, request_id)
        return response


def is_document(path: str) -> bool:
    """True for the documents' application: all under its prefixes but the list and versions."""
    return (
        path.startswith(PREFIXES)
        and path != COLLECTION
        and not path.startswith(_LIST_FORMS)
        and not is_version(path)
    )


_LIST_FORMS = COLLECTION + "."


def rest_of(
    routes: Sequence[BaseRoute], pages: ProblemPages, running: Sequence[Lifespan]
) -> FastAPI:
    """FastAPI with all routes but those of the documents."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as started:
            for enter in running:
                await started.enter_async_context(enter())
            yield

    async def on_error(connection: HTTPConnection, error: Exception) -> Response:
        return problem_response(error, Asked.of(connection.scope), pages)

    app = FastAPI(
        title="Organisatieregister",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # It describes the operations of the write API; without them it would be an empty promise.
        openapi_url="/openapi.json" if any(isinstance(r, APIRoute) for r in routes) else None,
        lifespan=lifespan,
    )
    app.router.routes.extend(routes)
    for kind in (RegisterError, HTTPException, RequestValidationError, Exception):
        app.add_exception_handler(kind, on_error)  # type: ignore[arg-type]  # sends itself
    return app
