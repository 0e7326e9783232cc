"""``/dumps/``: the index in every form, and the files, whole or in ranges."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Protocol

import orjson
from pyoxigraph import Literal, NamedNode, Triple
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from organisatieregister.dumps import FORMS, Dump, DumpFile, DumpIndex
from organisatieregister.errors import NotAcceptable, UnknownResource
from organisatieregister.identifiers import BASE, DATASET
from organisatieregister.publication import LICENCE, PUBLISHER
from organisatieregister.representations import (
    BY_MEDIA_TYPE,
    HTML,
    JSON,
    JSON_LD,
    N_TRIPLES,
    RDF_XML,
    TURTLE,
    negotiate,
    serialise,
)
from organisatieregister.vocabulary import DCAT, DCT, RDF, SPDX, VOID, XSD
from organisatieregister.web.conditions import http_date, not_modified
from organisatieregister.web.problems import Asked
from organisatieregister.web.ranges import byte_range, range_applies
from organisatieregister.web.responses import Header, Response
from organisatieregister.web.streaming import Streamed

PATH = "/dumps/"

# Suffix of the index → media type, in our order of preference.
_INDEX_FORMS = {
    "html": HTML,
    "json": JSON,
    "ttl": TURTLE,
    "jsonld": JSON_LD,
    "nt": N_TRIPLES,
    "rdf": RDF_XML,
}
_MEDIA_TYPE = "https://www.iana.org/assignments/media-types/"
_OF_NOT_MODIFIED = (b"etag", b"last-modified", b"cache-control", b"vary")
_PIECE = 256 * 1024  # bytes that are read at once
# Files of today may be replaced: a cache asks whether its copy still holds.
_CHECKED: Header = (b"cache-control", b"public, no-cache")


class DumpPages(Protocol):
    """Who makes the HTML of the index (``web/pages``)."""

    def dumps(self, index: DumpIndex, language: str) -> str:
        """The page about the dumps."""
        ...


def dump_routes(directory: Path, pages: DumpPages) -> list[BaseRoute]:
    """The routes of the dumps in a directory."""
    dumps = Dumps(directory, pages)
    return [
        Route(PATH.rstrip("/"), dumps.moved),
        Route(PATH, dumps.index),
        Route(PATH + "index.{suffix}", dumps.index),
        Route(PATH + "latest.{form}", dumps.latest),
        Route(PATH + "{name}", dumps.file),
    ]


class Dumps:
    """Answers about the dumps; each public method is an endpoint."""

    def __init__(self, directory: Path, pages: DumpPages) -> None:
        self._directory = directory
        self._pages = pages

    async def moved(self, _request: Request) -> ASGIApp:
        """The index has a slash at its end."""
        return _redirect(308, PATH)

    async def index(self, request: Request) -> ASGIApp:
        """Which dumps there are."""
        suffix = request.path_params.get("suffix", "")
        if suffix and suffix not in _INDEX_FORMS:
            raise UnknownResource(f"{BASE}{request.url.path}")
        asked = Asked.of(request.scope)
        media_type = _INDEX_FORMS.get(suffix) or _negotiated(asked.accept)
        dumps = DumpIndex.read(self._directory)
        if media_type == HTML:
            body = self._pages.dumps(dumps, asked.chosen_language).encode()
        elif media_type == JSON:
            body = orjson.dumps(_index_json(dumps), option=orjson.OPT_INDENT_2)
        else:
            body = serialise(_index_triples(dumps), media_type, DATASET)
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'.encode()
        fields: tuple[Header, ...] = (
            (b"content-type", BY_MEDIA_TYPE[media_type].content_type.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"etag", etag),
            (b"vary", b"Accept, Accept-Language"),
            (b"link", f'<{LICENCE.value}>; rel="license"'.encode()),
            _CHECKED,
        )
        given = request.headers.get("if-none-match", "").encode("latin-1")
        if not_modified(etag, b"", given, b""):
            return Response(304, tuple(field for field in fields if field[0] in _OF_NOT_MODIFIED))
        return Response(200, fields, body)

    async def latest(self, request: Request) -> ASGIApp:
        """From an address that never changes to the newest file of a form."""
        dump = DumpIndex.read(self._directory).latest
        form = request.path_params["form"]
        files = [file for file in dump.files if file.form == form] if dump else []
        if not files:
            raise UnknownResource(f"{BASE}{request.url.path}")
        return _redirect(307, PATH + files[0].name)

    async def file(self, request: Request) -> ASGIApp:
        """A file that the index names; other names lead nowhere, whatever they look like."""
        found = DumpIndex.read(self._directory).find(request.path_params["name"])
        if found is None:
            raise UnknownResource(f"{BASE}{request.url.path}")
        file, path = found
        with ExitStack() as opened:
            try:
                content = opened.enter_context(path.open("rb"))
            except FileNotFoundError as error:  # it made way for a newer one at this very moment
                raise UnknownResource(f"{BASE}{request.url.path}") from error
            answer = _answer(request, file, content)
            if isinstance(answer, Streamed):
                opened.pop_all()  # it is closed when it was sent
            return answer


class _Pieces:
    """The bytes of an open file from ``first`` up to ``stop``; closes it in the end."""

    def __init__(self, content: IO[bytes], first: int, stop: int) -> None:
        self._content = content
        self._first = first
        self._stop = stop

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self._content.seek(self._first)
        left = self._stop - self._first
        while left > 0:
            piece = await run_in_threadpool(self._content.read, min(left, _PIECE))
            if not piece:
                raise EOFError(f"{self._content.name} is shorter than the index says")
            left -= len(piece)
            yield piece

    async def aclose(self) -> None:
        """Let go of the file."""
        self._content.close()


def _answer(request: Request, file: DumpFile, content: IO[bytes]) -> Response | Streamed:
    """The file, a range of it, or that the client has it. Raises HTTPException 416."""
    etag = f'"{file.sha256}"'
    modified = http_date(datetime.fromtimestamp(os.fstat(content.fileno()).st_mtime, UTC))
    sent = request.headers
    fields = _fields(file, etag, modified)
    if not_modified(
        etag.encode(),
        modified,
        sent.get("if-none-match", "").encode("latin-1"),
        sent.get("if-modified-since", "").encode("latin-1"),
    ):
        return Response(304, tuple(field for field in fields if field[0] in _OF_NOT_MODIFIED))
    chosen = None
    if range_applies(sent.get("if-range", ""), etag, modified.decode()):
        chosen = byte_range(sent.get("range", ""), file.size)
    first, stop = chosen or (0, file.size)
    fields += ((b"content-length", str(stop - first).encode()),)
    if chosen:
        fields += ((b"content-range", f"bytes {first}-{stop - 1}/{file.size}".encode()),)
    status = 206 if chosen else 200
    if request.scope.get("state", {}).get("head"):
        return Response(status, fields)
    return Streamed(fields, _Pieces(content, first, stop), status)


def _fields(file: DumpFile, etag: str, modified: bytes) -> tuple[Header, ...]:
    packed = file.form.endswith(".gz")
    digest = base64.b64encode(bytes.fromhex(file.sha256)).decode()
    return (
        # Packed files are files: with a content coding clients would unpack them on the way.
        (b"content-type", b"application/gzip" if packed else b"text/csv; charset=utf-8"),
        (b"content-disposition", f'attachment; filename="{file.name}"'.encode()),
        (b"accept-ranges", b"bytes"),
        (b"etag", etag.encode()),
        (b"last-modified", modified),
        (b"repr-digest", f"sha-256=:{digest}:".encode()),  # RFC 9530
        (b"link", f'<{LICENCE.value}>; rel="license"'.encode()),
        _CHECKED,
    )


def _negotiated(accept: str) -> str:
    offered = {
        BY_MEDIA_TYPE[kind].content_type.replace(" ", ""): kind for kind in _INDEX_FORMS.values()
    }
    offer = negotiate(accept, tuple(offered))
    if offer is None:
        raise NotAcceptable(accept, list(_INDEX_FORMS.values()))
    return offered[offer]


def _index_json(index: DumpIndex) -> dict[str, Any]:
    return {"dumps": [_dump_json(dump) for dump in index.dumps]}


def _dump_json(dump: Dump) -> dict[str, Any]:
    return {
        "datum": dump.day,
        "positie": dump.position,
        "organisaties": dump.organisations,
        "triples": dump.triples,
        "bestanden": [
            {
                "naam": file.name,
                "href": PATH + file.name,
                "mediatype": FORMS[file.form],
                "bytes": file.size,
                "sha256": file.sha256,
            }
            for file in dump.files
        ],
    }


def _index_triples(index: DumpIndex) -> frozenset[Triple]:
    """The dataset with a ``dcat:Distribution`` for each file."""
    dataset = NamedNode(DATASET)
    triples = {
        Triple(dataset, RDF.type, DCAT.Dataset),
        Triple(dataset, RDF.type, VOID.Dataset),
        Triple(dataset, DCT.license, LICENCE),
        Triple(dataset, DCT.publisher, PUBLISHER),
    }
    if index.latest:
        triples.add(Triple(dataset, VOID.triples, Literal(index.triples)))
    for dump in index.dumps:
        for file in dump.files:
            triples |= _distribution(dump, file)
    return frozenset(triples)


def _distribution(dump: Dump, file: DumpFile) -> set[Triple]:
    """A file of the dataset; its checksum is a part of it, so that no node is blank."""
    address = NamedNode(f"{BASE}{PATH}{file.name}")
    checksum = NamedNode(f"{address.value}#sha256")
    triples = {
        Triple(NamedNode(DATASET), DCAT.distribution, address),
        Triple(address, RDF.type, DCAT.Distribution),
        Triple(address, DCT.title, Literal(file.name)),
        Triple(address, DCT.issued, Literal(dump.day, datatype=XSD.date)),
        Triple(address, DCT.license, LICENCE),
        Triple(address, DCAT.downloadURL, address),
        Triple(address, DCAT.mediaType, NamedNode(_MEDIA_TYPE + FORMS[file.form])),
        Triple(address, DCAT.byteSize, Literal(str(file.size), datatype=XSD.nonNegativeInteger)),
        Triple(address, SPDX.checksum, checksum),
        Triple(checksum, RDF.type, SPDX.Checksum),
        Triple(checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256),
        Triple(checksum, SPDX.checksumValue, Literal(file.sha256, datatype=XSD.hexBinary)),
    }
    if file.form.endswith(".gz"):
        triples.add(
            Triple(address, DCAT.compressFormat, NamedNode(_MEDIA_TYPE + "application/gzip"))
        )
    return triples


def _redirect(status: int, location: str) -> Response:
    return Response(status, ((b"location", location.encode()), (b"content-length", b"0"), _CHECKED))
