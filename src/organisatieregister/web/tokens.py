"""Bearer tokens (RFC 6750, 7519) to clients: the signature, the issuer, the audience, the times.

The keys are a JWKS file that the operator keeps up to date; nothing is fetched for a request. Only
asymmetric keys and algorithms are accepted, so that a public key is never taken for a secret.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from organisatieregister.changes import Operation
from organisatieregister.errors import InputError, MalformedIdentifier, NotAuthenticated
from organisatieregister.policy import Client, Role, organisation_iris

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")
SCOPE = "organisatieregister."  # before the name of an operation, or …
ANY_OPERATION = "schrijven"
_KEY_TYPES = ("RSA", "EC", "OKP")
_LEEWAY = 30  # seconds that clocks may differ


class Tokens:
    """Checks tokens of one issuer for one audience; ``keys`` is the text of a JWKS.

    Claims that are read: ``roles`` (``algemeenBeheerder``; ``decentraalBeheerder:OVO000123``),
    ``scope`` (``organisatieregister.schrijven``, or ``organisatieregister.fusie`` and so on for one
    operation; without any nothing may be written), for the log ``client_id``, ``azp`` or ``sub``.
    """

    def __init__(
        self, keys: bytes, issuer: str, audience: str, now: Callable[[], datetime]
    ) -> None:
        """Raises InputError when the keys cannot be used."""
        self._keys = _key_set(keys)
        self._now = now
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(now().timestamp()),
            leeway=_LEEWAY,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
        )

    @classmethod
    def read(cls, path: Path, issuer: str, audience: str, now: Callable[[], datetime]) -> Tokens:
        """With the keys in a file. Raises InputError."""
        try:
            return cls(path.read_bytes(), issuer, audience, now)
        except OSError as error:
            raise InputError(f"{path}: {error.strerror}") from error

    def client(self, authorization: str) -> Client:
        """Who sent the Authorization field. Raises NotAuthenticated."""
        scheme, _, text = authorization.strip().partition(" ")
        if scheme.lower() != "bearer" or not text:
            raise NotAuthenticated("no bearer token", given=False)
        try:
            token = jwt.decode(text.strip(), self._keys, algorithms=list(ALGORITHMS))
            self._claims.validate(token.claims)
            return _client(token.claims)
        except (JoseError, MalformedIdentifier, ValueError) as error:
            raise NotAuthenticated(str(error)) from error


def _key_set(keys: bytes) -> KeySet:
    try:
        content = orjson.loads(keys)
        for key in content["keys"]:
            if key.get("kty") not in _KEY_TYPES:
                raise InputError(f"JWKS: a key of type {key.get('kty')!r}; only {_KEY_TYPES}")
        return KeySet.import_key_set(content)
    except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"JWKS: cannot be read: {error}") from error


def _client(claims: dict[str, Any]) -> Client:
    name = next((claims[c] for c in ("client_id", "azp", "sub") if claims.get(c)), "")
    if not isinstance(name, str) or not name:
        raise NotAuthenticated("the token names no client")
    roles, codes = set(), []
    for text in _texts(claims.get("roles")):
        role, _, code = text.partition(":")
        if role in set(Role):
            roles.add(Role(role))
            codes += [code] if code else []
    return Client(name, frozenset(roles), organisation_iris(codes), _operations(claims))


def _operations(claims: dict[str, Any]) -> frozenset[Operation]:
    """The operations of the scopes; what we do not know is somebody else's."""
    asked = {
        scope.removeprefix(SCOPE)
        for scope in _texts(claims.get("scope"))
        if scope.startswith(SCOPE)
    }
    if ANY_OPERATION in asked:
        return frozenset(Operation)
    return frozenset(operation for operation in Operation if operation.value in asked)


def _texts(claim: object) -> Iterable[str]:
    """A claim that is a list of texts, or one text with spaces (RFC 8693, 4.2)."""
    if isinstance(claim, str):
        return claim.split()
    return [text for text in claim if isinstance(text, str)] if isinstance(claim, list) else []
