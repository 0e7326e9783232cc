"""Memento (RFC 7089): organisations as the register held them at a moment.

The document of an organisation is its own TimeGate: with ``Accept-Datetime`` it leads to the
document of a version, which never changes. The TimeMap lists the versions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from organisatieregister.errors import InputError, NotAcceptable, UnknownResource
from organisatieregister.identifiers import BASE, ORGANISATION, OvoCode, document_iri
from organisatieregister.records import text_of
from organisatieregister.representations import BY_SUFFIX, HTML, JSON, negotiate, serialise
from organisatieregister.validity import next_change
from organisatieregister.vocabulary import RDF
from organisatieregister.web.conditions import http_date, not_modified
from organisatieregister.web.document_headers import Sent, headers_of, headers_of_not_modified
from organisatieregister.web.document_request import Choices, choices_of, wishes_of
from organisatieregister.web.held import Held, HeldDocuments
from organisatieregister.web.pages.wording import in_brussels
from organisatieregister.web.profiles import check_profile
from organisatieregister.web.rendering import DocumentPages, representation_of
from organisatieregister.web.responses import Header, Response
from organisatieregister.web.routing import Moved, address_of, document_path, with_query
from organisatieregister.web.version_address import (
    LINK_FORMAT,
    TIMEMAP,
    VersionAddress,
    memento_link,
    timegate_links,
    timemap_path,
    version_address,
    version_iri,
)

_FOR_EVER: Header = (b"cache-control", b"public, max-age=31536000, immutable")
_A_MINUTE: Header = (b"cache-control", b"public, max-age=60")
_TIMEMAP_FORMS = {"link": LINK_FORMAT, "json": JSON}


def memento_routes(
    held: HeldDocuments, pages: DocumentPages, now: Callable[[], datetime]
) -> list[BaseRoute]:
    """The routes of gate, versions and lists of versions."""
    mementos = Mementos(held, pages, now)
    return [
        Route("/doc/organisatie/{name}", mementos.gate),
        Route("/id/organisatie/{code}/{stamp}", mementos.version),
        Route("/doc/organisatie/{code}/{stamp}", mementos.version),
        Route(TIMEMAP + "{name:path}", mementos.timemap),
    ]


class Mementos:
    """Answers about what was held; each public method is an endpoint."""

    def __init__(
        self, held: HeldDocuments, pages: DocumentPages, now: Callable[[], datetime]
    ) -> None:
        self._held = held
        self._pages = pages
        self._now = now

    async def gate(self, request: Request) -> ASGIApp:
        """From an organisation and ``Accept-Datetime`` to the document of a version."""
        choices = choices_of(request.scope["query_string"])
        address = address_of(request.scope["path"])
        if isinstance(address, Moved):
            return _redirect(308, with_query(address.path, choices.query))
        at = _wanted_moment(request.headers["accept-datetime"])
        return await run_in_threadpool(self._gate, address.iri, address.suffix, choices, at)

    def _gate(self, iri: str, suffix: str, choices: Choices, at: datetime) -> Response:
        since = self._held.since(iri, at)
        location = document_path(version_iri(iri, since), suffix)
        query = choices.query or self._day_of(iri, since, at)
        vary = b"Accept-Datetime" if suffix else b"Accept-Datetime, Accept"
        link = f"{timegate_links(iri)}, {memento_link(iri, since)}"
        return _redirect(
            302, with_query(location, query), (b"vary", vary), (b"link", link.encode())
        )

    def _day_of(self, iri: str, since: datetime, at: datetime) -> bytes:
        """The query that asks for the day of a moment, when it read otherwise by then."""
        first, day = in_brussels(since).date(), in_brussels(at).date()
        if day <= first:
            return b""
        try:
            record = self._held.held(iri, since).record
        except UnknownResource:  # withdrawn, as its document will say
            return b""
        turns = next_change(record, first)
        # A moment still to come asks for the newest version, as it is.
        past = at <= self._now()
        return f"op={day}".encode() if past and turns is not None and turns <= day else b""

    async def version(self, request: Request) -> ASGIApp:
        """A version, or its document."""
        choices = choices_of(request.scope["query_string"])
        address = version_address(request.scope["path"])
        return await run_in_threadpool(self._version, request, address, choices)

    def _version(self, request: Request, address: VersionAddress, choices: Choices) -> Response:
        iri = address.code.iri
        held = self._held.held(iri, address.at)
        path = document_path(version_iri(iri, held.since), address.suffix)
        if not address.is_document:
            return _redirect(303, with_query(path, choices.query))
        if not address.canonical or held.since != address.at:
            return _redirect(302, with_query(path, choices.query))
        response = self._document(request, held, address.suffix, choices)
        sent = request.headers.get("if-none-match", "").encode("latin-1")
        if not_modified(response.header(b"etag"), b"", sent, b""):
            return Response(304, headers_of_not_modified(response.headers))
        return response

    def _document(self, request: Request, held: Held, suffix: str, choices: Choices) -> Response:
        """Raises NotAcceptable."""
        accepted = (
            request.headers.get(name, "").encode("latin-1")
            for name in ("accept", "accept-language", "accept-encoding", "accept-profile")
        )
        wishes = wishes_of(*accepted)
        check_profile(choices, wishes)
        representation = representation_of(suffix, wishes)
        language = choices.language or wishes.language
        on = choices.on or in_brussels(held.since).date()
        triples = self._held.document(held, on, historic=choices.historic)
        if representation.media_type == HTML:
            body = self._pages.document(
                held.iri, held.record, triples, on=on, modified=held.since,
                language=language, dated=True, historic=choices.historic,
            ).encode()  # fmt: skip
        else:
            body = serialise(triples, representation.media_type, held.iri)
        own = held.record.by_subject.get(held.iri, ())
        sent = Sent(
            iri=version_iri(held.iri, held.since),
            representation=representation,
            language=language,
            coding="identity",  # the edge sees to it
            etag=hashlib.blake2b(body, digest_size=16).hexdigest(),
            modified=held.since,
            query=choices.query,
            has_suffix=bool(suffix),
            types=sorted(text_of(t.object) for t in own if t.predicate == RDF.type),
        )
        return Response(200, _of_version(headers_of(sent, len(body)), held), body)

    async def timemap(self, request: Request) -> ASGIApp:
        """The list of the versions of an organisation."""
        key, suffix = _without_suffix(request.path_params["name"])
        iri = OvoCode.parse(key).iri
        if ORGANISATION + key != iri:
            return _redirect(308, timemap_path(iri) + (f".{suffix}" if suffix else ""))
        accept = request.headers.get("accept", "")
        form = _TIMEMAP_FORMS[suffix] if suffix else negotiate(accept, (LINK_FORMAT, JSON))
        if form is None:
            raise NotAcceptable(accept, list(_TIMEMAP_FORMS.values()))
        times = [
            time
            for time, kind in await run_in_threadpool(self._held.times, iri)
            if kind != "tombstone"
        ]
        body = _timemap_json(iri, times) if form == JSON else _timemap_links(iri, times)
        etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'.encode()
        headers = (
            (b"content-type", form.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"etag", etag),
            _A_MINUTE,
            *(() if suffix else ((b"vary", b"Accept"),)),
        )
        if not_modified(etag, b"", request.headers.get("if-none-match", "").encode("latin-1"), b""):
            return Response(304, headers_of_not_modified(headers))
        return Response(200, headers, body)


def _of_version(headers: tuple[Header, ...], held: Held) -> tuple[Header, ...]:
    """The header fields of a document, as those of a version that never changes."""
    links = [memento_link(held.iri, held.since)]
    if held.before:
        links.append(memento_link(held.iri, held.before, "prev memento predecessor-version"))
    fields = dict(headers)
    fields[b"link"] += ", ".join(["", *links]).encode()
    fields[b"vary"] = fields[b"vary"].replace(b", Accept-Datetime", b"")
    return (
        *(fields | dict([_FOR_EVER])).items(),
        (b"memento-datetime", http_date(held.since)),
    )


def _wanted_moment(text: str) -> datetime:
    """The end of the second that ``Accept-Datetime`` names. Raises InputError."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError) as error:
        given = f"Accept-Datetime: {text[:80]!r}"
        raise InputError(f"{given} is no HTTP date", nl=f"{given} is geen HTTP-datum") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).replace(microsecond=999_999)


def _without_suffix(name: str) -> tuple[str, str]:
    key, dot, suffix = name.rpartition(".")
    if dot and suffix in _TIMEMAP_FORMS:
        return key, suffix
    if dot and suffix in BY_SUFFIX:
        raise UnknownResource(f"{BASE}{TIMEMAP}{name}")
    return name, ""


def _timemap_links(iri: str, times: list[datetime]) -> bytes:
    """RFC 7089, section 5: ``application/link-format`` with absolute addresses."""
    original = document_iri(iri)
    links = [
        f'<{original}>; rel="original timegate"',
        f'<{BASE}{timemap_path(iri)}>; rel="self"; type="{LINK_FORMAT}"',
    ]
    for number, time in enumerate(times):
        ends = ("first " if number == 0 else "") + ("last " if number == len(times) - 1 else "")
        address, moment = document_iri(version_iri(iri, time)), http_date(time).decode()
        links.append(f'<{address}>; rel="{ends}memento"; datetime="{moment}"')
    return (",\n".join(links) + "\n").encode()


def _timemap_json(iri: str, times: list[datetime]) -> bytes:
    """The same by the names that Memento's tools use, times exact."""
    mementos = [
        {"datetime": time.isoformat(), "uri": document_iri(version_iri(iri, time))}
        for time in times
    ]
    content = {
        "original_uri": document_iri(iri),
        "timegate_uri": document_iri(iri),
        "timemap_uri": {"link_format": f"{BASE}{timemap_path(iri)}.link"},
        "mementos": {
            "list": mementos,
            **({"first": mementos[0], "last": mementos[-1]} if mementos else {}),
        },
    }
    return orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE)


def _redirect(status: int, location: str, *more: Header) -> Response:
    return Response(
        status,
        ((b"location", location.encode()), (b"content-length", b"0"), _A_MINUTE, *more),
    )
