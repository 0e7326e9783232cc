"""uvicorn's httptools protocol with a bound on the head, and a short way for documents.

Neither uvicorn nor llhttp bounds the head: a client could fill the memory with a header that never
ends. And a document that is ready needs no task of the event loop and no field-by-field check of
header fields that were checked when they were made: that is half of what a request costs.
Everything also works in any other ASGI server, only slower.
"""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable
from typing import Any, Protocol

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from organisatieregister.web.problem_table import HTTP_PROBLEMS, PROBLEMS_PATH
from organisatieregister.web.responses import Header, Response
from organisatieregister.web.routing import PREFIXES

MAX_HEAD = 64 * 1024  # bytes of request line and header fields
_AROUND_FIELD = len(": \r\n")  # bytes

_PREFIXES = tuple(prefix.encode() for prefix in PREFIXES)


class HeadTooLarge(ValueError):
    """The head of a request passed the bound."""


class AnswersAtOnce(Protocol):
    """An ASGI application that can also answer some requests without waiting for anything."""

    def at_once(self, scope: dict[str, Any]) -> Response | None:
        """The answer; None when the request must be asked as ASGI."""
        ...


class BoundedProtocol(HttpToolsProtocol):
    """Answers 431 and hangs up when the head of a request is larger than ``MAX_HEAD``."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._in_head = False
        self._pending = 0  # bytes of a head that is not complete

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._in_head = True

    def on_headers_complete(self) -> None:
        """The head is complete; raises HeadTooLarge, which ends the connection with 431."""
        self._in_head, self._pending = False, 0
        fields = sum([len(name) + len(value) for name, value in self.headers])
        if len(self.url) + fields + _AROUND_FIELD * len(self.headers) > MAX_HEAD:
            self._pending = MAX_HEAD + 1
            raise HeadTooLarge
        self.begin_answer()

    def begin_answer(self) -> None:
        """The head is complete and not too large."""
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        """Bytes came in: count those of a head that does not come to its end."""
        super().data_received(data)
        if self._in_head:
            self._pending += len(data)
            if self._pending > MAX_HEAD and not self.transport.is_closing():
                self.send_400_response("")

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002
        """431 when the head was too large, 400 for what is not HTTP."""
        self.refuse(431 if self._pending > MAX_HEAD else 400)

    def refuse(self, status: int) -> None:
        """A problem of HTTP, and hang up."""
        problem = HTTP_PROBLEMS[status]
        body = (
            f'{{"type":"{PROBLEMS_PATH}{problem.slug}","status":{status},'
            f'"title":"{problem.title[0]}",'
            f'"titles":{{"nl":"{problem.title[0]}","en":"{problem.title[1]}"}}}}\n'
        ).encode()
        self.transport.write(
            STATUS_LINE[status]
            + b"content-type: application/problem+json\r\ncontent-length: %d\r\n" % len(body)
            + b"connection: close\r\n\r\n"
            + body
        )
        self.transport.close()


class PromptProtocol(BoundedProtocol):
    """Asks the application for documents while it reads; all other requests go as ASGI.

    The application must not be wrapped (uvicorn's ``proxy_headers`` off) for the short way.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._at_once: Callable[[Any], Response | None] | None = getattr(self.app, "at_once", None)
        self._answered = False  # the request that is being read
        self._answering = False
        self._own_headers: list[Header] = []  # uvicorn's: a new list every second
        self._own_head = b""

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._answered = False

    def begin_answer(self) -> None:
        """Answer at once what can be; the order of answers on a connection stays."""
        if (
            self._at_once is None
            or not self.url.startswith(_PREFIXES)
            or self.expect_100_continue
            or self.flow.write_paused
            or not (self.cycle is None or self.cycle.response_complete)
            or self.pipeline
            or self.parser.should_upgrade()
        ):
            super().begin_answer()
            return
        self._answering = True
        response = self._at_once(self._complete_scope())
        self._answering = False
        if response is None:
            super().begin_answer()
        else:
            self._answered = True
            self._send(response)

    def on_body(self, body: bytes) -> None:
        """A body that nobody asked for is dropped."""
        if not self._answered:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is at its end."""
        if not self._answered:
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """uvicorn takes any fault inside its parser's callbacks for bad HTTP; ours are ours."""
        if self._answering:
            self._answering = False
            self.logger.exception("Exception while answering %s", self.url[:200])
            self.refuse(500)
        else:
            super().send_400_response(msg)

    def _complete_scope(self) -> dict[str, Any]:
        scope: dict[str, Any] = self.scope  # type: ignore[assignment]  # being filled in
        raw, _, query = self.url.partition(b"#")[0].partition(b"?")
        path = raw.decode("latin-1")
        scope["method"] = self.parser.get_method().decode("ascii")
        scope["path"] = urllib.parse.unquote(path) if "%" in path else path
        scope["raw_path"] = raw
        scope["query_string"] = query
        return scope

    def _send(self, response: Response) -> None:
        if self.server_state.default_headers is not self._own_headers:
            self._own_headers = self.server_state.default_headers
            self._own_head = b"".join(b"%s: %s\r\n" % header for header in self._own_headers)
        body = b"" if self.scope["method"] == "HEAD" else response.body
        self.server_state.total_requests += 1
        if self.parser.should_keep_alive() and self.parser.get_http_version() != "1.0":
            self.transport.write(b"".join((response.head, self._own_head, b"\r\n", body)))
            self._unset_keepalive_if_required()
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )
        else:
            closing = b"connection: close\r\n\r\n"
            self.transport.write(b"".join((response.head, self._own_head, closing, body)))
            self.transport.close()
