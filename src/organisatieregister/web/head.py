"""``/journal/hoofd``: the signed head of the journal, to keep and to hold against us later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from organisatieregister.journal import Journal
from organisatieregister.journal.signature import Signer, public_pem

_FRESH = {"cache-control": "no-store"}


def head_routes(journal: Journal, signer: Signer, now: Callable[[], datetime]) -> list[BaseRoute]:
    """The head, and the public key that it is signed with."""

    def head(_request: Request) -> Response:
        content = signer.head(journal, now()).to_json()
        body = orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE)
        return Response(body, 200, _FRESH, "application/json")

    def key(_request: Request) -> Response:
        return Response(public_pem(signer.public), 200, _FRESH, "application/x-pem-file")

    return [Route("/journal/hoofd", head), Route("/journal/sleutel.pem", key)]
