"""An issuer of tokens and a register with the write API, for the tests of editing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey
from starlette.types import ASGIApp

from organisatieregister.journal import Activity
from organisatieregister.journal.sqlite import SqliteJournal
from organisatieregister.register import Lifecycle, Lookup, Register
from organisatieregister.rules import Rulebook
from organisatieregister.settings import shipped
from organisatieregister.shipment import shipped_records
from organisatieregister.web.app import create_app
from organisatieregister.web.edit import edit_routes
from organisatieregister.web.idempotency import Answers
from organisatieregister.web.operations import Positions
from organisatieregister.web.tokens import Tokens
from organisatieregister.wiring import rulebook
from tests.examples import an_organisation
from tests.web.register import PlainDocumentPages, a_register

ISSUER, AUDIENCE = "https://aanmelden.example", "https://register.example/beheer"
TODAY = date(2026, 11, 23)
WRITING = "organisatieregister.schrijven"
ADMINISTRATOR = ("algemeenBeheerder",)

Key = RSAKey | ECKey | OKPKey


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Issuer:
    """Signs tokens; its public key is in ``jwks``."""

    key: Key = field(default_factory=lambda: OKPKey.generate_key("Ed25519", {"kid": "een"}))
    algorithm: str = "Ed25519"

    @property
    def jwks(self) -> bytes:
        return orjson.dumps({"keys": [self.key.as_dict(private=False)]})

    def claims(self, *roles: str, scope: str = WRITING, **more: Any) -> dict[str, Any]:
        issued = int(now().timestamp())
        return {
            "iss": ISSUER, "aud": AUDIENCE, "client_id": "proef", "scope": scope,
            "roles": list(roles), "iat": issued, "exp": issued + 600, **more,
        }  # fmt: skip

    def token(self, *roles: str, scope: str = WRITING, **more: Any) -> str:
        header = {"alg": self.algorithm, "kid": "een"}
        claims = self.claims(*roles, scope=scope, **more)
        return jwt.encode(header, claims, self.key, algorithms=[self.algorithm])

    def bearer(self, *roles: str, **more: Any) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token(*roles, **more)}"}


@dataclass(frozen=True)
class Office:
    """A register with its write API and who may use it."""

    app: ASGIApp
    issuer: Issuer
    journal: SqliteJournal
    views: dict[str, int]  # how far the views are said to have come


@contextmanager
def an_office(path: Path, rules: Rulebook | None = None) -> Iterator[Office]:
    """OVO000001 on top, 2 and 3 under it, 4 under 2, and 5 by itself."""
    issuer = Issuer()
    journal = SqliteJournal.open(path / "journal.sqlite", timeout=30)
    register = Register(journal, rules or rulebook())
    register.load(
        [
            *shipped_records(shipped("ontology"), path / "none"),
            an_organisation("OVO000001", "Top"),
            an_organisation("OVO000002", "Links", parent="OVO000001"),
            an_organisation("OVO000003", "Rechts", parent="OVO000001"),
            an_organisation("OVO000004", "Laag", parent="OVO000002"),
            an_organisation("OVO000005", "Alleen"),
        ],
        Activity("laden"), now(), validate=False,
    )  # fmt: skip
    lifecycle = Lifecycle(journal, register, Lookup(journal), today=lambda: TODAY, now=now)
    answers = Answers(path / "answers.sqlite")
    views = {"documents": 10**9}
    positions = Positions(lambda: journal.position, {"documents": lambda: views["documents"]})
    tokens = Tokens(issuer.jwks, ISSUER, AUDIENCE, now)
    app = create_app(
        documents=a_register(), pages=PlainDocumentPages(), positions=positions,
        today=lambda: TODAY, request_log=False,
        routes=edit_routes(lifecycle, tokens, answers, positions, lambda: TODAY),
    )  # fmt: skip
    try:
        yield Office(app, issuer, journal, views)
    finally:
        answers.close()
        journal.close()
