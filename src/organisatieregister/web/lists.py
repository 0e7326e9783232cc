"""``/doc/organisatie``: lists in every form; ``/zoek``: suggestions; ``/``: the home page.

What is asked is looked up and laid out in a thread; finished answers are kept by their ETag, in
which the state of the search view is counted.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Protocol

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from organisatieregister.errors import InputError, NotAcceptable, UnknownResource
from organisatieregister.identifiers import BASE
from organisatieregister.publication import LICENCE
from organisatieregister.representations import (
    HTML,
    JSON,
    JSON_LD,
    N_TRIPLES,
    PLAIN,
    RDF_XML,
    REPRESENTATIONS,
    TURTLE,
    negotiate,
    serialise,
)
from organisatieregister.views.search import MAX_TEXT, Counts, Latest, ListResult, SearchView
from organisatieregister.views.search.question import Question
from organisatieregister.web.cache import RecentlyUsed
from organisatieregister.web.conditions import not_modified
from organisatieregister.web.list_forms import hit_json, list_csv, list_json, list_triples
from organisatieregister.web.list_request import COLLECTION, Listed, PageNumbers
from organisatieregister.web.problems import LANGUAGES, Asked
from organisatieregister.web.responses import Header, Response
from organisatieregister.web.routing import document_path
from organisatieregister.web.streaming import Streamed

CSV = "text/csv"
# Suffix → media type, in our order of preference.
FORMS = {
    "ttl": TURTLE,
    "html": HTML,
    "jsonld": JSON_LD,
    "json": JSON,
    "csv": CSV,
    "nt": N_TRIPLES,
    "rdf": RDF_XML,
}
_CONTENT_TYPES = {r.media_type: r.content_type for r in REPRESENTATIONS} | {
    CSV: "text/csv; charset=utf-8; header=present"
}
_OFFERED = {
    _CONTENT_TYPES[kind].replace("; header=present", "").replace(" ", ""): kind
    for kind in (*FORMS.values(), PLAIN)
}
_SUGGESTIONS, _MOST_SUGGESTIONS = 10, 50
_NEWS = 8  # on the home page
_A_MINUTE = (b"cache-control", b"public, max-age=60")
_OF_NOT_MODIFIED = (b"etag", b"cache-control", b"vary")
_KEPT = 8 << 20  # bytes

Made = tuple[bytes, tuple[Header, ...]]  # a body, and header fields that go with it


class ListPages(Protocol):
    """Who makes the HTML of lists and of the home page (``web/pages``)."""

    @property
    def version(self) -> str:
        """Another one whenever the same content gives another page."""
        ...

    def list(self, result: ListResult, language: str) -> str:
        """A page of a list."""
        ...

    def home(self, *, language: str, counts: Counts, latest: Sequence[Latest]) -> str:
        """The home page."""
        ...


def list_routes(search: SearchView, pages: ListPages) -> list[BaseRoute]:
    """The routes of lists, suggestions and the home page."""
    lists = Lists(search, pages)
    return [
        Route("/", lists.home),
        Route(COLLECTION, lists.list),
        Route(COLLECTION + ".{suffix}", lists.list),
        Route("/zoek", lists.suggest),
    ]


class Lists:
    """Answers with what the search view finds; each public method is an endpoint."""

    def __init__(self, search: SearchView, pages: ListPages) -> None:
        self._search = search
        self._pages = pages
        self._kept: RecentlyUsed[bytes, Response] = RecentlyUsed(_KEPT)

    async def home(self, request: Request) -> ASGIApp:
        """The home page."""
        language = Asked.of(request.scope).chosen_language

        def page() -> Made:
            counts, latest = self._search.counts(language), self._search.latest(_NEWS)
            return self._pages.home(language=language, counts=counts, latest=latest).encode(), ()

        headers = _headers(HTML, language, b"Accept-Language")
        return await self._answer(request, ("/", HTML, language), headers, page)

    async def list(self, request: Request) -> ASGIApp:
        """A list in the form that was asked for."""
        suffix = request.path_params.get("suffix", "")
        media_type = _media_type(suffix, request.headers.get("accept", ""))
        listed = Listed.of(request.scope["query_string"])
        language = listed.language if listed.language in LANGUAGES else LANGUAGES[0]
        vary = [] if suffix else [b"Accept"]
        if media_type == HTML:
            language = Asked.of(request.scope).chosen_language
            vary.append(b"Accept-Language")
            if straight := await run_in_threadpool(self._straight, listed):
                return straight
        listed = listed.spoken(language)
        headers = _headers(media_type, language, b", ".join(vary))
        if media_type == CSV and not listed.paged:
            headers = (*headers, _link(listed))
            if request.scope.get("state", {}).get("head"):
                return Response(200, headers)
            return Streamed(headers, self._sheet(listed))
        named = (listed.path(page=listed.query.page), media_type, language)
        return await self._answer(
            request, named, headers, lambda: self._page(listed, media_type, suffix)
        )

    async def suggest(self, request: Request) -> ASGIApp:
        """Organisations that somebody who is still typing may mean."""
        text, limit = request.query_params.get("q", ""), request.query_params.get("aantal", "")
        if len(text) > MAX_TEXT:
            raise InputError(
                f"q: at most {MAX_TEXT} characters", nl=f"q: ten hoogste {MAX_TEXT} tekens"
            )
        many = min(int(limit[:4]), _MOST_SUGGESTIONS) if limit.isdecimal() else _SUGGESTIONS
        asked = Asked.of(request.scope)
        language = asked.language if asked.language in LANGUAGES else LANGUAGES[0]

        def found() -> Made:
            hits = [hit_json(hit) for hit in self._search.suggest(text, many, language)]
            return orjson.dumps({"suggesties": hits}, option=orjson.OPT_APPEND_NEWLINE), ()

        named = ("/zoek", text, str(many), language)
        return await self._answer(request, named, _headers(JSON, language, b""), found)

    def _page(self, listed: Listed, media_type: str, suffix: str) -> Made:
        """The body, and the addresses of the pages beside it."""
        result = self._search.list(listed.query)
        links = (_link(listed, PageNumbers.of(result.query, result.total), suffix),)
        if media_type == HTML:
            return self._pages.list(result, listed.query.language).encode(), links
        if media_type == JSON:
            return list_json(result, listed), links
        if media_type == CSV:
            return b"".join(list_csv(result.hits)), links
        about, triples = list_triples(result, listed)
        return serialise(triples, media_type, about), links

    async def _sheet(self, listed: Listed) -> AsyncGenerator[bytes, None]:
        """The whole list as CSV, whatever its length."""
        lines = list_csv(self._search.every(listed.query))
        while piece := await run_in_threadpool(next, lines, b""):
            yield piece

    def _straight(self, listed: Listed) -> Response | None:
        """Who types a code into the search field goes straight to the organisation."""
        if [name for name, _ in listed.parameters] != ["q"]:
            return None
        if not Question.of(listed.query.text).code:
            return None
        hits = self._search.suggest(listed.query.text, 2)
        if len(hits) != 1:
            return None
        language = f"?taal={listed.language}" if listed.language in LANGUAGES else ""
        location = document_path(hits[0].iri) + language
        return Response(
            303,
            (
                (b"location", location.encode()),
                (b"content-length", b"0"),
                (b"cache-control", b"no-cache"),
                (b"vary", b"Accept"),
            ),
        )

    async def _answer(
        self,
        request: Request,
        named: Sequence[str],
        headers: tuple[Header, ...],
        make: Callable[[], Made],
    ) -> Response:
        """The answer with this name: the client has it, or we kept it, or it is made."""
        state = (self._search.revision, self._pages.version, *named)
        digest = hashlib.blake2b("\n".join(state).encode(), digest_size=12).hexdigest()
        etag = f'"{digest}"'.encode()
        headers = (*headers, (b"etag", etag))
        if not_modified(etag, b"", request.headers.get("if-none-match", "").encode("latin-1"), b""):
            return Response(304, tuple(h for h in headers if h[0] in _OF_NOT_MODIFIED))
        kept = self._kept.get(etag)
        if kept is None:
            body, more = await run_in_threadpool(make)
            length = (b"content-length", str(len(body)).encode())
            kept = Response(200, (*headers, *more, length), body)
            self._kept.put(etag, kept, len(body))
        return kept


def _media_type(suffix: str, accept: str) -> str:
    """The form that was asked for. Raises UnknownResource and NotAcceptable."""
    if suffix:
        if suffix not in FORMS:
            raise UnknownResource(f"{BASE}{COLLECTION}.{suffix}")
        return FORMS[suffix]
    offer = negotiate(accept, tuple(_OFFERED))
    if offer is None:
        raise NotAcceptable(accept, list(FORMS.values()))
    return _OFFERED[offer]


def _headers(media_type: str, language: str, vary: bytes) -> tuple[Header, ...]:
    headers: list[Header] = [
        (b"content-type", _CONTENT_TYPES[media_type].encode()),
        (b"content-language", language.encode()),
        _A_MINUTE,
    ]
    if vary:
        headers.append((b"vary", vary))
    return tuple(headers)


def _link(listed: Listed, pages: PageNumbers | None = None, suffix: str = "") -> Header:
    """The Link field: other forms, the collection and its pages, the licence."""
    page = listed.query.page
    links = [
        f'<{listed.path(other, page)}>; rel="alternate"; type="{media_type}"'
        for other, media_type in FORMS.items()
    ]
    links.append(f'<{BASE}{listed.path(page=page)}>; rel="canonical"')
    links.append(f'<{LICENCE.value}>; rel="license"')
    if pages:
        around = {"first": 1, "prev": pages.previous, "next": pages.next, "last": pages.last}
        links += [
            f'<{listed.path(suffix, number)}>; rel="{relation}"'
            for relation, number in around.items()
            if number
        ]
    return (b"link", ", ".join(links).encode())
