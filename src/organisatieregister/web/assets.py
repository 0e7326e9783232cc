"""Static files, from memory: style sheet, script, drawings.

A path with ``?v=`` and the digest of the content may be kept for ever; without it, an hour.
"""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from types import MappingProxyType

from starlette.requests import Request
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from organisatieregister.errors import UnknownResource
from organisatieregister.representations import negotiate_coding
from organisatieregister.web.compression import CODINGS, compress
from organisatieregister.web.conditions import not_modified
from organisatieregister.web.responses import CORS, NO_SNIFFING, Header, Response

_FOREVER = (b"cache-control", b"public, max-age=31536000, immutable")
_AN_HOUR = (b"cache-control", b"public, max-age=3600")
_PACKABLE = ("text/", "image/svg", "application/json", "application/manifest")


@dataclass(frozen=True, slots=True)
class Asset:
    """A file in each content coding that makes it smaller; ``identity`` is always there."""

    digest: str
    content_type: str
    bodies: Mapping[str, bytes]


class Assets:
    """The files of one directory under a path."""

    def __init__(self, directory: Traversable, path: str, favicon: str = "") -> None:
        self._path = path
        self._assets = {f.name: _asset(f) for f in directory.iterdir() if f.is_file()}
        self._favicon = favicon

    def routes(self) -> list[BaseRoute]:
        """The route of the files, and the one that browsers ask for unasked."""
        return [
            Route(self._path + "/{name}", self.asset),
            Route("/favicon.ico", self.favicon),
        ]

    async def asset(self, request: Request) -> ASGIApp:
        """A file by its name."""
        name = request.path_params["name"]
        if name not in self._assets:
            raise UnknownResource(request.url.path)
        return _answer(self._assets[name], request)

    async def favicon(self, request: Request) -> ASGIApp:
        """The drawing that stands for the site."""
        if self._favicon not in self._assets:
            raise UnknownResource(request.url.path)
        return _answer(self._assets[self._favicon], request)


def _answer(asset: Asset, request: Request) -> Response:
    coding = negotiate_coding(
        request.headers.get("accept-encoding", ""), [c for c in CODINGS if c in asset.bodies]
    )
    coding = coding or "identity"
    body = asset.bodies[coding]
    etag = f'"{asset.digest}-{coding}"'.encode()
    headers: list[Header] = [
        (b"etag", etag),
        _FOREVER if request.query_params.get("v") == asset.digest else _AN_HOUR,
        (b"vary", b"Accept-Encoding"),
        *CORS,
        *NO_SNIFFING,
    ]
    if not_modified(etag, b"", request.headers.get("if-none-match", "").encode("latin-1"), b""):
        return Response(304, tuple(headers))
    headers += [
        (b"content-type", asset.content_type.encode()),
        (b"content-length", str(len(body)).encode()),
    ]
    if coding != "identity":
        headers.append((b"content-encoding", coding.encode()))
    return Response(200, tuple(headers), body)


def _asset(file: Traversable) -> Asset:
    content = file.read_bytes()
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    bodies = {"identity": content}
    if kind.startswith(_PACKABLE):
        packed = {coding: compress(content, coding) for coding in CODINGS}
        bodies |= {coding: body for coding, body in packed.items() if len(body) < len(content)}
    content_type = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
    digest = hashlib.sha256(content).hexdigest()[:12]
    return Asset(digest, content_type, MappingProxyType(bodies))
