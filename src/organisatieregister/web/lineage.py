"""``/opvolgers/{code}`` and ``/voorgangers/{code}``: what an organisation became and came from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from organisatieregister.errors import MalformedPeriod, NotAcceptable, UnknownResource
from organisatieregister.identifiers import BASE, OvoCode, document_iri
from organisatieregister.lineage import Lineage, Sources, predecessors, successors
from organisatieregister.periods import parse_day
from organisatieregister.publication import LICENCE
from organisatieregister.records import Record
from organisatieregister.representations import (
    BY_MEDIA_TYPE,
    BY_SUFFIX,
    HTML,
    JSON,
    JSON_LD,
    N_TRIPLES,
    TURTLE,
    negotiate,
    serialise,
)
from organisatieregister.web.conditions import not_modified
from organisatieregister.web.document_request import MAX_QUERY
from organisatieregister.web.lineage_forms import lineage_json, lineage_triples
from organisatieregister.web.problems import LANGUAGES, Asked
from organisatieregister.web.responses import Header, Response

SUCCESSORS, PREDECESSORS = "opvolgers", "voorgangers"

# Suffix → media type, in our order of preference.
_FORMS = {"json": JSON, "html": HTML, "ttl": TURTLE, "jsonld": JSON_LD, "nt": N_TRIPLES}
_OF_NOT_MODIFIED = (b"etag", b"cache-control", b"vary")


class LineageDocuments(Protocol):
    """The documents view as this room reads it."""

    def record(self, iri: str) -> Record | None:
        """The current record."""
        ...

    def events(self, iri: str) -> list[Record]:
        """The change events that name an organisation."""
        ...


class LineagePages(Protocol):
    """Who makes the HTML of a lineage (``web/pages``)."""

    @property
    def version(self) -> str:
        """Another one whenever the same content gives another page."""
        ...

    def lineage(self, name: str, lineage: Lineage, on: date | None, language: str) -> str:
        """The page; ``name`` is the first part of its path, ``on`` the day that was asked for."""
        ...


def lineage_routes(
    documents: LineageDocuments, pages: LineagePages, today: Callable[[], date]
) -> list[BaseRoute]:
    """The routes of successors and predecessors."""
    lineages = Lineages(documents, pages, today)
    return [
        Route(f"/{SUCCESSORS}/{{name:path}}", lineages.successors),
        Route(f"/{PREDECESSORS}/{{name:path}}", lineages.predecessors),
    ]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What was asked for; ``name`` is the first part of the path."""

    name: str
    code: OvoCode
    suffix: str
    on: date | None

    def path(self, suffix: str = "") -> str:
        """The address of the answer, in a form."""
        query = f"?op={self.on}" if self.on else ""
        return f"/{self.name}/{self.code}{'.' if suffix else ''}{suffix}{query}"


class Lineages:
    """Answers about lineages; each public method is an endpoint."""

    def __init__(
        self, documents: LineageDocuments, pages: LineagePages, today: Callable[[], date]
    ) -> None:
        self._sources = Sources(documents.record, documents.events)
        self._pages = pages
        self._today = today

    async def successors(self, request: Request) -> ASGIApp:
        """The organisations in which this one goes on."""
        return await self._answer(request, SUCCESSORS)

    async def predecessors(self, request: Request) -> ASGIApp:
        """The organisations from which this one came."""
        return await self._answer(request, PREDECESSORS)

    async def _answer(self, request: Request, name: str) -> Response:
        key, suffix = _without_suffix(request.path_params["name"])
        code = OvoCode.parse(key)
        asked = Asked.of(request.scope)
        wanted = _Wanted(name, code, suffix, _day(request.scope["query_string"]))
        if key != code.value:
            return _moved(wanted.path(suffix))
        media_type = _FORMS[suffix] if suffix else _negotiated(asked.accept)
        language = asked.chosen_language if media_type == HTML else LANGUAGES[0]
        lineage = await run_in_threadpool(self._found, wanted)
        body = self._body(wanted, lineage, media_type, language)
        headers = _headers(wanted, lineage, media_type, language, body)
        etag = next(value for field, value in headers if field == b"etag")
        sent = request.headers.get("if-none-match", "").encode("latin-1")
        if not_modified(etag, b"", sent, b""):
            return Response(304, tuple(h for h in headers if h[0] in _OF_NOT_MODIFIED))
        return Response(200, headers, body)

    def _found(self, wanted: _Wanted) -> Lineage:
        """Raises UnknownResource."""
        iri = wanted.code.iri
        if self._sources.record(iri) is None:
            raise UnknownResource(iri)
        day = wanted.on or self._today()
        if wanted.name == SUCCESSORS:
            return successors(iri, day, self._sources)
        return predecessors(iri, self._sources, day, only_in_force=wanted.on is not None)

    def _body(self, wanted: _Wanted, lineage: Lineage, media_type: str, language: str) -> bytes:
        if media_type == HTML:
            return self._pages.lineage(wanted.name, lineage, wanted.on, language).encode()
        if media_type == JSON:
            return lineage_json(lineage, wanted.name)
        path = wanted.path()
        return serialise(lineage_triples(lineage, path), media_type, BASE + path)


def _without_suffix(name: str) -> tuple[str, str]:
    key, dot, suffix = name.rpartition(".")
    if not dot or not suffix.isalpha():
        return name, ""
    if suffix not in _FORMS:
        raise UnknownResource(f"{BASE}/{name}")
    return key, suffix


def _day(query: bytes) -> date | None:
    if len(query) > MAX_QUERY:
        raise HTTPException(414, detail=str(MAX_QUERY))
    asked = dict(reversed(parse_qsl(query.decode("latin-1"), keep_blank_values=True)))
    if "op" not in asked:
        return None
    day = parse_day(asked["op"])
    if day is None:
        raise MalformedPeriod(f"{asked['op']!r} is no day", nl=f"{asked['op']!r} is geen dag")
    return day


def _negotiated(accept: str) -> str:
    offered = {BY_MEDIA_TYPE[kind].content_type.replace(" ", ""): kind for kind in _FORMS.values()}
    offer = negotiate(accept, tuple(offered))
    if offer is None:
        raise NotAcceptable(accept, list(_FORMS.values()))
    return offered[offer]


def _headers(
    wanted: _Wanted, lineage: Lineage, media_type: str, language: str, body: bytes
) -> tuple[Header, ...]:
    vary = [] if wanted.suffix else [b"Accept"]
    vary += [b"Accept-Language"] if media_type == HTML else []
    digest = hashlib.blake2b(body, digest_size=12).hexdigest()
    return (
        (b"content-type", BY_MEDIA_TYPE[media_type].content_type.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"content-language", language.encode()),
        (b"etag", f'"{digest}"'.encode()),
        (b"cache-control", b"public, max-age=60"),
        *([(b"vary", b", ".join(vary))] if vary else []),
        (b"link", ", ".join(_links(wanted, lineage)).encode()),
    )


def _links(wanted: _Wanted, lineage: Lineage) -> list[str]:
    """Other forms, the organisation, and the answer itself by its relation (RFC 5829)."""
    relation = "successor-version" if wanted.name == SUCCESSORS else "predecessor-version"
    return [
        *(
            f'<{wanted.path(suffix)}>; rel="alternate"; type="{BY_SUFFIX[suffix].media_type}"'
            for suffix in _FORMS
        ),
        f'<{BASE}{wanted.path()}>; rel="canonical"',
        f'<{document_iri(lineage.start)}>; rel="about"',
        f'<{LICENCE.value}>; rel="license"',
        *(f'<{iri}>; rel="{relation}"' for iri in lineage.found if iri != lineage.start),
    ]


def _moved(location: str) -> Response:
    return Response(308, ((b"location", location.encode()), (b"content-length", b"0")))
