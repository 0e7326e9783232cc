"""A real server for the tests: uvicorn with our protocol on a free port."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import uvicorn
from starlette.types import ASGIApp

from organisatieregister.web.protocol import PromptProtocol


@contextmanager
def serving(application: ASGIApp) -> Iterator[int]:
    """The application in uvicorn, in a thread; its port."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        application,
        http=PromptProtocol,
        loop="uvloop",
        log_config=None,
        access_log=False,
        lifespan="on",
        proxy_headers=False,
        timeout_keep_alive=2,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


def exchange(port: int, request: bytes) -> bytes:
    """What a server sends back until it hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(request)
        answer = b""
        with suppress(ConnectionResetError):
            while piece := connection.recv(65_536):
                answer += piece
    return answer
