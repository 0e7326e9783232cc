"""``/sparql``: the SPARQL 1.1 Protocol for queries, in front of the endpoint.

A result that fails after its first byte was sent ends in a broken chunk, never in a short 200; to
HTTP/1.0, which has no chunks, only whole results are sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pyoxigraph import RdfFormat, serialize
from starlette.requests import Request
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from organisatieregister.endpoint import Answer, Endpoint
from organisatieregister.endpoint.description import describe
from organisatieregister.endpoint.formats import GRAPHS
from organisatieregister.errors import (
    NotAcceptable,
    QueryFailed,
    QueryRefused,
    QueryTooLarge,
)
from organisatieregister.representations import HTML, negotiate
from organisatieregister.web.problems import Asked, problem_response
from organisatieregister.web.responses import Header, Response
from organisatieregister.web.sparql_request import read_parameters
from organisatieregister.web.streaming import ClientGone, Streamed, while_client_waits

PATH = "/sparql"

_VARY: Header = (b"vary", b"Accept")
_FRESH: Header = (b"cache-control", b"no-cache")


class QueryPages(Protocol):
    """Who makes the page with the form (``web/pages``)."""

    def sparql(
        self,
        *,
        language: str,
        query: str = "",
        error: str | None = None,
        examples: Sequence[tuple[str, str]] = (),
    ) -> str:
        """The HTML of the page; ``examples`` are titles and queries."""
        ...


def sparql_routes(
    endpoint: Endpoint, pages: QueryPages, examples: Sequence[tuple[str, str]] = ()
) -> list[BaseRoute]:
    """The route of the SPARQL endpoint."""
    return [Route(PATH, Sparql(endpoint, pages, examples), methods=["GET", "POST"])]


class Sparql:
    """Reads the request, asks the endpoint, sends what it says."""

    def __init__(
        self, endpoint: Endpoint, pages: QueryPages, examples: Sequence[tuple[str, str]]
    ) -> None:
        self._endpoint = endpoint
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
            async with while_client_waits(request.receive):
                answer = await self._endpoint.answer(query, accept)
            return await _response(answer, request)
        except ClientGone:
            return Response(499, ())
        except (QueryRefused, QueryFailed, NotAcceptable) as error:
            form = _QueryForm(self._pages, self._examples, text)
            return problem_response(error, Asked.of(request.scope), form)

    def _introduction(self, request: Request, example: str) -> Response:
        """The form for people, the service description for programs."""
        asked = Asked.of(request.scope)
        form = negotiate(asked.accept, [*GRAPHS, "text/html; charset=utf-8"])
        if form is None:
            raise NotAcceptable(asked.accept, [*GRAPHS, HTML])
        if form.startswith(HTML):
            page = self._pages.sparql(
                language=asked.chosen_language, query=example, examples=self._examples
            )
            vary = (b"vary", b"Accept, Accept-Language")
            return _whole(form, page.encode(), vary)
        try:
            triples = describe(str(request.url.replace(query="", fragment="")))
        except ValueError as error:
            raise QueryRefused("the Host of the request makes no IRI") from error
        body = serialize(triples, format=getattr(RdfFormat, GRAPHS[form])) or b""
        return _whole(form, body, _VARY)


async def _response(answer: Answer, request: Request) -> ASGIApp:
    if isinstance(answer.body, bytes):
        return _whole(answer.content_type, answer.body, _VARY)
    if request.scope.get("http_version") == "1.0":
        await answer.body.aclose()
        raise QueryTooLarge("a result of this size is only sent over HTTP/1.1 or later")
    return Streamed(_headers(answer.content_type, _VARY), answer.body)


def _whole(content_type: str, body: bytes, vary: Header) -> Response:
    length = (b"content-length", str(len(body)).encode())
    return Response(200, (*_headers(content_type, vary), length), body)


def _headers(content_type: str, vary: Header) -> tuple[Header, ...]:
    return ((b"content-type", content_type.encode()), vary, _FRESH)


@dataclass(frozen=True, slots=True)
class _QueryForm:
    """Shows a problem above the query that has it (``problems.ProblemPages``)."""

    pages: QueryPages
    examples: Sequence[tuple[str, str]]
    query: str

    def problem(self, status: int, title: str, detail: str, language: str) -> str:  # noqa: ARG002
        """The form with the query and what is wrong with it."""
        return self.pages.sparql(
            language=language,
            query=self.query,
            error=f"{title}. {detail}",
            examples=self.examples,
        )
