"""uvicorn's httptools protocol with a bound on the head of a request.

Neither uvicorn nor llhttp has one: a client could fill the memory with a header that never ends.
"""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

MAX_HEAD = 64 * 1024  # bytes of request line and header fields

_BODY = (
    b'{"type":"/problemen/kopregels-te-groot","status":431,'
    b'"title":"De kopregels zijn te groot","titles":{"nl":"De kopregels zijn te groot",'
    b'"en":"The header fields are too large"}}\n'
)


class HeadTooLarge(ValueError):
    """The head of a request passed the bound."""


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
        if len(self.url) + sum([len(value) for _, value in self.headers]) > MAX_HEAD:
            self._pending = MAX_HEAD + 1
            raise HeadTooLarge
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        """Bytes came in: count those of a head that does not come to its end."""
        super().data_received(data)
        if self._in_head:
            self._pending += len(data)
            if self._pending > MAX_HEAD and not self.transport.is_closing():
                self.send_400_response("")

    def send_400_response(self, msg: str) -> None:
        """431 when the head was too large, else uvicorn's own answer to what is not HTTP."""
        if self._pending <= MAX_HEAD:
            super().send_400_response(msg)
            return
        self.transport.write(
            STATUS_LINE[431]
            + b"content-type: application/problem+json\r\ncontent-length: %d\r\n" % len(_BODY)
            + b"connection: close\r\n\r\n"
            + _BODY
        )
        self.transport.close()
