"""``/sparql``: the SPARQL 1.1 Protocol for queries, in front of the endpoint.

A result that fails after its first byte was sent ends in a broken chunk, never in a short 200; to
HTTP/1.0, which has no chunks, only whole results are sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from pyoxigraph import RdfFormat, serialize
from starlette.requests import Request
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from organisatieregister.endpoint import Answer, Endpoint, Query
from organisatieregister.endpoint.description import describe
from organisatieregister.endpoint.formats import GRAPHS, RESULTS, choose
from organisatieregister.endpoint.lexer import is_changing
from organisatieregister.errors import (
    NotAcceptable,
    QueryFailed,
    QueryRefused,
    QueryTooLarge,
)
from organisatieregister.representations import HTML, negotiate
from organisatieregister.web.conditions import not_modified
from organisatieregister.web.problems import Asked, problem_response
from organisatieregister.web.responses import Header, Response
from organisatieregister.web.sparql_examples import Example
from organisatieregister.web.sparql_request import Parameters, read_parameters
from organisatieregister.web.sparql_results import ACCEPT, Table, read_table
from organisatieregister.web.streaming import ClientGone, Streamed, while_client_waits

PATH = "/sparql"

_HTML = "text/html; charset=utf-8"
_VARY: Header = (b"vary", b"Accept")
_VARY_PAGE: Header = (b"vary", b"Accept, Accept-Language")
_FRESH: Header = (b"cache-control", b"no-cache")


class QueryPages(Protocol):
    """Who makes the page with the form (``web/pages``)."""

    def sparql(
        self,
        *,
        language: str,
        query: str = "",
        error: str | None = None,
        place: tuple[int, int] = (0, 0),
        examples: Sequence[Example] = (),
        table: Table | None = None,
        parameters: Sequence[tuple[str, str]] = (),
    ) -> str:
        """The HTML of the page: ``place`` is line and column of the error; ``parameters`` ask for
        the ``table`` again."""
        ...


EndpointOn = Callable[[date], Awaitable[Endpoint]]


def sparql_routes(
    endpoint: Endpoint,
    pages: QueryPages,
    examples: Sequence[Example] = (),
    endpoint_on: EndpointOn | None = None,
) -> list[BaseRoute]:
    """The route of the SPARQL endpoint; ``endpoint_on`` answers about another day."""
    sparql = Sparql(endpoint, pages, examples, endpoint_on)
    return [Route(PATH, sparql, methods=["GET", "POST"])]


class Sparql:
    """Reads the request, asks the endpoint, sends what it says."""

    def __init__(
        self,
        endpoint: Endpoint,
        pages: QueryPages,
        examples: Sequence[Example],
        endpoint_on: EndpointOn | None,
    ) -> None:
        self._endpoint = endpoint
        self._endpoint_on = endpoint_on
        self._pages = pages
        self._examples = examples

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI interface."""
        response = await self.answer(Request(scope, receive))
        await response(scope, receive, send)

    async def answer(self, request: Request) -> ASGIApp:
        """The answer to a request of any kind."""
        text = ""
        try:
            parameters = await read_parameters(request)
            if not parameters.queries and request.method == "GET":
                return self._introduction(request, parameters.example)
            query = parameters.query
            text = query.text
            accept = parameters.accept or request.headers.get("accept", "")
            endpoint = self._endpoint
            if parameters.on:
                async with while_client_waits(request.receive):
                    endpoint = await self._about(parameters.on)
            if negotiate(accept, [*RESULTS, *GRAPHS, HTML]) == HTML:
                return await self._page(request, parameters, endpoint)
            generation = endpoint.generation
            wanted = _etag(query, accept, generation) if request.method == "GET" else b""
            if wanted and _has_already(request, wanted):
                return Response(304, ((b"etag", wanted), _VARY, _FRESH))
            async with while_client_waits(request.receive):
                answer = await endpoint.answer(query, accept)
            etag = wanted if answer.generation == generation else b""
            return await _response(answer, request, etag)
        except ClientGone:
            return Response(499, ())
        except (QueryRefused, QueryFailed, NotAcceptable) as error:
            place = (error.line, error.column) if isinstance(error, QueryRefused) else (0, 0)
            form = _QueryForm(self._pages, self._examples, text, place)
            return problem_response(error, Asked.of(request.scope), form)

    async def _about(self, day: date) -> Endpoint:
        """The endpoint on the data of a day. Raises QueryRefused and QueryFailed."""
        if self._endpoint_on is None:
            raise QueryRefused(
                "op: only the register of today can be queried here",
                nl="op: hier kan alleen het register van vandaag bevraagd worden",
            )
        return await self._endpoint_on(day)

    async def _page(self, request: Request, parameters: Parameters, endpoint: Endpoint) -> Response:
        """The form with the beginning of the result under it, for a browser."""
        async with while_client_waits(request.receive):
            table = await read_table(await endpoint.answer(parameters.query, ACCEPT))
        page = self._pages.sparql(
            language=Asked.of(request.scope).chosen_language,
            query=parameters.query.text,
            examples=self._examples,
            table=table,
            parameters=parameters.repeated,
        )
        return _whole(_HTML, page.encode(), _VARY_PAGE)

    def _introduction(self, request: Request, example: str) -> Response:
        """The form for people, the service description for programs."""
        asked = Asked.of(request.scope)
        form = negotiate(asked.accept, [*GRAPHS, _HTML])
        if form is None:
            raise NotAcceptable(asked.accept, [*GRAPHS, HTML])
        if form.startswith(HTML):
            page = self._pages.sparql(
                language=asked.chosen_language, query=example, examples=self._examples
            )
            return _whole(form, page.encode(), _VARY_PAGE)
        try:
            triples = describe(str(request.url.replace(query="", fragment="")))
        except ValueError as error:
            raise QueryRefused(
                "the Host of the request makes no IRI",
                nl="de Host van het verzoek levert geen IRI op",
            ) from error
        body = serialize(triples, format=getattr(RdfFormat, GRAPHS[form])) or b""
        return _whole(form, body, _VARY)


async def _response(answer: Answer, request: Request, etag: bytes) -> ASGIApp:
    more = ((b"etag", etag),) if etag else ()
    if isinstance(answer.body, bytes):
        return _whole(answer.content_type, answer.body, _VARY, more)
    if request.scope.get("http_version") == "1.0":
        await answer.body.aclose()
        raise QueryTooLarge("a result of this size is only sent over HTTP/1.1 or later")
    return Streamed((*_headers(answer.content_type, _VARY), *more), answer.body)


def _etag(query: Query, accept: str, generation: str) -> bytes:
    """The tag of the answer on a generation; none for what may answer otherwise each time."""
    if not generation or is_changing(query.text):
        return b""
    asked = repr((generation, query, choose(accept)))
    return f'"{hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()[:32]}"'.encode()


def _has_already(request: Request, etag: bytes) -> bool:
    # A bare * says nothing of this query, which may not even be one.
    given = request.headers.get("if-none-match", "").encode("latin-1")
    return given.strip() != b"*" and not_modified(etag, b"", given, b"")


def _whole(content_type: str, body: bytes, vary: Header, more: tuple[Header, ...] = ()) -> Response:
    length = (b"content-length", str(len(body)).encode())
    return Response(200, (*_headers(content_type, vary), *more, length), body)


def _headers(content_type: str, vary: Header) -> tuple[Header, ...]:
    return ((b"content-type", content_type.encode()), vary, _FRESH)


@dataclass(frozen=True, slots=True)
class _QueryForm:
    """Shows a problem above the query that has it (``problems.ProblemPages``)."""

    pages: QueryPages
    examples: Sequence[Example]
    query: str
    place: tuple[int, int]

    def problem(self, status: int, title: str, detail: str, language: str) -> str:  # noqa: ARG002
        """The form with the query and what is wrong with it."""
        return self.pages.sparql(
            language=language,
            query=self.query,
            error=f"{title}. {detail}",
            place=self.place,
            examples=self.examples,
        )
