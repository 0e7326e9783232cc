"""What every answer outside the documents gets on its way out; pure ASGI.

HEAD as GET without the body, OPTIONS, CORS, content coding, the safety of pages, request ids,
counts and log lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from time import perf_counter

from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from organisatieregister.representations import negotiate_coding
from organisatieregister.web.compression import CODINGS, WORTHWHILE, coded_tag, compress, plain_tags
from organisatieregister.web.observation import (
    Meter,
    given_request_id,
    log_request,
    new_request_id,
    request_id_header,
)
from organisatieregister.web.responses import CORS, NO_SNIFFING, PAGE_SECURITY, Header, options
from organisatieregister.web.routing import COLLECTION, PREFIXES

_PACKABLE = (
    b"text/",
    b"application/json",
    b"application/problem+json",
    b"application/ld+json",
    b"application/sparql-results",
    b"application/rdf+xml",
    b"application/n-",
    b"application/trig",
    b"application/atom+xml",
)


class Edge:
    """Wraps the routes; ``logging`` writes a line for every request."""

    def __init__(
        self, app: ASGIApp, routes: Sequence[BaseRoute], meter: Meter, *, logging: bool
    ) -> None:
        self._app = app
        self._routes = routes
        self._meter = meter
        self._logging = logging

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI interface; anything that is no HTTP request goes straight through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        request_id = given_request_id(scope) or new_request_id()
        scope.setdefault("state", {})["request_id"] = request_id
        answer = _Answer(scope, send, (request_id_header(request_id),))
        try:
            await self._route(scope, receive, answer.send)
        finally:
            seconds = perf_counter() - started
            self._meter.count(family_of(scope["path"]), answer.status, seconds)
            if self._logging:
                log_request(scope, answer.status, seconds, request_id)

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "OPTIONS":
            allowed = methods_at(self._routes, scope)
            if allowed:
                await options(", ".join(allowed))(scope, receive, send)
                return
        scope = {**scope, "headers": _with_plain_tags(scope["headers"])}
        if scope["method"] == "HEAD":
            # Ranges are defined for GET only (RFC 9110, 14.2).
            headers = [header for header in scope["headers"] if header[0] != b"range"]
            scope["state"]["head"] = True  # for who would make much body in vain
            scope = {**scope, "method": "GET", "headers": headers}
        await self._app(scope, receive, send)


class _Answer:
    """Holds the head of an answer until its first piece of body, and mends both."""

    def __init__(self, scope: Scope, send: Send, more: Iterable[Header]) -> None:
        self.status = 500  # until something else is known
        self._scope = scope
        self._send = send
        self._more = tuple(more)
        self._start: Message | None = None

    async def send(self, message: Message) -> None:
        """Pass a message on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._start = message
            return
        if message["type"] != "http.response.body":
            await self._send(message)
            return
        if self._start is not None:
            start, self._start = self._start, None
            headers, message = self._packed(list(start["headers"]), message)
            await self._send({**start, "headers": self._completed(headers)})
        if self._scope["method"] == "HEAD":
            if message.get("more_body", False):
                return
            message = {"type": "http.response.body", "body": b""}
        await self._send(message)

    def _completed(self, headers: list[Header]) -> list[Header]:
        """The header fields that are lacking, added."""
        present = {name.lower() for name, _ in headers}
        is_page = _value(headers, b"content-type").startswith(b"text/html")
        lacking = (*CORS, *self._more, *(PAGE_SECURITY if is_page else NO_SNIFFING))
        return headers + [header for header in lacking if header[0] not in present]

    def _packed(self, headers: list[Header], message: Message) -> tuple[list[Header], Message]:
        """A whole body of some size in the content coding that the client likes."""
        body = message.get("body", b"")
        if self.status == 304:
            return self._revalidated(headers), message
        if (
            message.get("more_body", False)
            or len(body) < WORTHWHILE
            or self.status in (204, 206)
            or _value(headers, b"content-encoding")
            or not _value(headers, b"content-type").startswith(_PACKABLE)
        ):
            return headers, message
        coding = _coding(self._scope["headers"])
        vary = _value(headers, b"vary")
        kept = [h for h in headers if h[0].lower() not in (b"vary", b"content-length", b"etag")]
        kept.append((b"vary", vary + b", Accept-Encoding" if vary else b"Accept-Encoding"))
        etag = _value(headers, b"etag")
        if coding not in CODINGS:
            length = (b"content-length", str(len(body)).encode())
            return [*kept, length, *([(b"etag", etag)] if etag else [])], message
        packed = compress(body, coding)
        kept += [
            (b"content-encoding", coding.encode()),
            (b"content-length", str(len(packed)).encode()),
        ]
        if etag:
            kept.append((b"etag", coded_tag(etag, coding)))
        return kept, {**message, "body": packed}

    def _revalidated(self, headers: list[Header]) -> list[Header]:
        """Those of a 304, with the tag of what the client has: in a coding, or not."""
        asked = self._scope["headers"]
        coding = _coding(asked)
        etag = coded_tag(_value(headers, b"etag"), coding or "")
        if coding not in CODINGS or etag not in _value(asked, b"if-none-match"):
            return headers
        vary = [(b"vary", b"Accept-Encoding")]
        return [header for header in headers if header[0] != b"etag"] + [(b"etag", etag), *vary]


def _coding(headers: Iterable[Header]) -> str | None:
    """The content coding that the client likes best of ours."""
    return negotiate_coding(_value(headers, b"accept-encoding").decode("latin-1"), CODINGS)


def _with_plain_tags(headers: list[Header]) -> list[Header]:
    """The header fields of a request with the tags that answers have before their coding."""
    if not any(name in _PRECONDITIONS and b"+" in value for name, value in headers):
        return headers
    # Who has it in another coding than is asked for has other bytes (RFC 9110, 8.8.3.3).
    codings = {b"if-none-match": [_coding(headers) or ""], b"if-match": CODINGS}
    return [
        (name, plain_tags(value, codings[name]) if name in codings else value)
        for name, value in headers
    ]


_PRECONDITIONS = (b"if-none-match", b"if-match")


def family_of(path: str) -> str:
    """The resource family of a path, for counting; a fixed few, whatever is asked."""
    if path == "/":
        return "home"
    if path == COLLECTION or path.startswith(COLLECTION + "."):
        return "lists"
    if path.startswith(PREFIXES):  # what the short way of the documents leaves
        return "documents"
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return first if first in _FAMILIES else "other"


_FAMILIES = frozenset(
    "sparql dumps health metrics static assets zoek opvolgers voorgangers beheer journal".split()
)


def methods_at(routes: Iterable[BaseRoute], scope: Scope) -> list[str]:
    """The methods that the routes at this path know; empty when there is no such path."""
    methods: set[str] = set()
    for route in routes:
        if route.matches(scope)[0] is not Match.NONE:
            methods |= set(getattr(route, "methods", None) or {"GET"})
    if not methods:
        return []
    if "GET" in methods:
        methods.add("HEAD")
    return sorted(methods | {"OPTIONS"})


def _value(headers: Iterable[Header], name: bytes) -> bytes:
    """All values of a header field, as one list."""
    return b", ".join(value for key, value in headers if key.lower() == name)
