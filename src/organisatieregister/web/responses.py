"""An HTTP answer, ready to be sent by a plain ASGI application."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Any

from starlette.types import Receive, Scope, Send

Header = tuple[bytes, bytes]

_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")

# Reads are open to scripts of every site; they may see all that we say in headers.
CORS: tuple[Header, ...] = (
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"Content-Location, ETag, Link, Location, Memento-Datetime, Retry-After, X-Request-Id",
    ),
)

NO_SNIFFING: tuple[Header, ...] = ((b"x-content-type-options", b"nosniff"),)

# What a page may do: nothing but what this site itself serves, and no script inside the page.
PAGE_SECURITY: tuple[Header, ...] = (
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        b"font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
        b"base-uri 'none'; frame-ancestors 'none'",
    ),
    *NO_SNIFFING,
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
)


@dataclass(frozen=True)
class Response:
    """Status, header fields (names in lower case) and body. It is an ASGI application itself."""

    status: int
    headers: tuple[Header, ...]
    body: bytes = b""

    @cached_property
    def start(self) -> dict[str, Any]:
        """The ASGI message with the head."""
        return {"type": "http.response.start", "status": self.status, "headers": self.headers}

    @cached_property
    def content(self) -> dict[str, Any]:
        """The ASGI message with the body."""
        return {"type": "http.response.body", "body": self.body}

    @cached_property
    def head(self) -> bytes:
        """Status line and header fields as HTTP/1.1 writes them, without the empty line."""
        lines = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}\r\n".encode()]
        for name, value in self.headers:
            if _CONTROL.search(value):
                raise ValueError(f"{name!r} would break the head of an answer: {value!r}")
            lines.append(b"%s: %s\r\n" % (name, value))
        return b"".join(lines)

    def header(self, name: bytes) -> bytes:
        """The value of a header field; empty when it is not there."""
        return next((value for key, value in self.headers if key == name), b"")

    def plus(self, *headers: Header) -> Response:
        """The same answer with more header fields."""
        return Response(self.status, (*self.headers, *headers), self.body)

    def headless(self) -> Response:
        """The answer to HEAD: the same head, ``Content-Length`` included, and no body."""
        return Response(self.status, self.headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Send it; a HEAD request gets no body."""
        answer = self.headless() if scope["method"] == "HEAD" else self
        await send(answer.start)
        await send(answer.content)


def text_headers(headers: Iterable[tuple[str, str]]) -> tuple[Header, ...]:
    """Header fields from text; what Latin-1 does not have is replaced."""
    return tuple(
        (name.lower().encode("ascii"), value.encode("latin-1", "replace"))
        for name, value in headers
    )


def options(allow: str) -> Response:
    """The answer to OPTIONS, which is also the one to a CORS preflight."""
    return Response(
        204,
        (
            (b"allow", allow.encode()),
            *CORS,
            (b"access-control-allow-methods", allow.encode()),
            (
                b"access-control-allow-headers",
                b"Accept, Accept-Datetime, Accept-Language, Accept-Profile, Content-Type, "
                b"If-Modified-Since, If-None-Match, Prefer, Range, X-Request-Id",
            ),
            (b"access-control-max-age", b"86400"),
        ),
    )
