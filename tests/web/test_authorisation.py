"""Who comes in, and what they may do there: tokens that hold, and every forgery refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import orjson
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from organisatieregister.changes import Operation
from organisatieregister.errors import InputError, NotAuthenticated
from organisatieregister.policy import Role
from organisatieregister.web.tokens import Tokens
from organisatieregister.wiring import rulebook
from tests.web.editing import AUDIENCE, ISSUER, Issuer, Office, an_office, now
from tests.web.server import serving

ISSUERS = {
    "RS256": Issuer(RSAKey.generate_key(2048, {"kid": "een"}), "RS256"),
    "PS256": Issuer(RSAKey.generate_key(2048, {"kid": "een"}), "PS256"),
    "ES256": Issuer(ECKey.generate_key("P-256", {"kid": "een"}), "ES256"),
    "Ed25519": Issuer(),
    "EdDSA": Issuer(algorithm="EdDSA"),
}
ISSUER_OF_ALL = ISSUERS["RS256"]
NAMING = {"naam": "Nieuw", "vanaf": "2027-01-01"}


def tokens(issuer: Issuer = ISSUER_OF_ALL) -> Tokens:
    return Tokens(issuer.jwks, ISSUER, AUDIENCE, now)


def part(content: Any) -> str:
    text = content if isinstance(content, bytes) else orjson.dumps(content)
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


@pytest.mark.filterwarnings("ignore:EdDSA")
@pytest.mark.parametrize("algorithm", ISSUERS)
def test_a_good_token_is_a_client_with_its_roles(algorithm: str) -> None:
    issuer = ISSUERS[algorithm]
    bearer = issuer.bearer("decentraalBeheerder:OVO000002", "algemeenBeheerder", "onbekend")
    client = tokens(issuer).client(bearer["authorization"])
    assert client.name == "proef"
    assert client.roles == {Role.DECENTRAL, Role.GENERAL}
    assert {iri[-9:] for iri in client.own} == {"OVO000002"}
    assert client.operations == frozenset(Operation)


def test_scopes_name_operations_and_no_scope_is_no_operation() -> None:
    def operations(scope: str) -> frozenset[Operation] | None:
        bearer = ISSUER_OF_ALL.bearer("algemeenBeheerder", scope=scope)
        return tokens().client(bearer["authorization"]).operations

    assert operations("openid") == frozenset()
    assert operations("openid organisatieregister.fusie") == frozenset({Operation.MERGER})


MOMENT = int(now().timestamp())
BAD_CLAIMS: dict[str, dict[str, Any]] = {
    "expired": {"exp": MOMENT - 3600},
    "not yet valid": {"nbf": MOMENT + 3600},
    "another issuer": {"iss": "https://elders.example"},
    "another audience": {"aud": "https://elders.example"},
    "without end": {"exp": None},
    "an end that is text": {"exp": "morgen"},
    "without audience": {"aud": None},
    "no client": {"client_id": None},
    "an organisation that is none": {"roles": ["decentraalBeheerder:OVO1"]},
}


@pytest.mark.parametrize("why", BAD_CLAIMS)
def test_a_token_whose_claims_do_not_hold_is_refused(why: str) -> None:
    claims = ISSUER_OF_ALL.claims("algemeenBeheerder") | BAD_CLAIMS[why]
    token = signed(ISSUER_OF_ALL, claims)
    with pytest.raises(NotAuthenticated):
        tokens().client(f"Bearer {token}")


def signed(issuer: Issuer, claims: dict[str, Any]) -> str:
    bare = {name: value for name, value in claims.items() if value is not None}
    header = {"alg": issuer.algorithm, "kid": "een"}
    return jwt.encode(header, bare, issuer.key, algorithms=[issuer.algorithm])


def unsigned(algorithm: str) -> str:
    claims = ISSUER_OF_ALL.claims("algemeenBeheerder")
    return f"{part({'alg': algorithm, 'typ': 'JWT'})}.{part(claims)}."


def keyed_with_the_public_key(form: Callable[[], bytes]) -> str:
    """The confusion of algorithms: HMAC with what everybody can read."""
    header = part({"alg": "HS256", "kid": "een"})
    content = f"{header}.{part(ISSUER_OF_ALL.claims('algemeenBeheerder'))}"
    mac = hmac.new(form(), content.encode(), hashlib.sha256).digest()
    return f"{content}.{part(mac)}"


def tampered() -> str:
    header, _, signature = ISSUER_OF_ALL.token("lezer").split(".")
    return f"{header}.{part(ISSUER_OF_ALL.claims('algemeenBeheerder'))}.{signature}"


def with_its_own_key() -> str:
    """The key to check with comes along in the header."""
    other = Issuer(RSAKey.generate_key(2048, {"kid": "een"}), "RS256")
    header = {"alg": "RS256", "kid": "een", "jwk": other.key.as_dict(private=False)}
    claims = other.claims("algemeenBeheerder")
    return jwt.encode(header, claims, other.key, algorithms=["RS256"])


FORGERIES: dict[str, Callable[[], str]] = {
    "signed by another": lambda: Issuer(RSAKey.generate_key(2048, {"kid": "een"}), "RS256").token(
        "algemeenBeheerder"
    ),
    "no algorithm": lambda: unsigned("none"),
    "no algorithm in capitals": lambda: unsigned("NONE"),
    "an empty signature": lambda: unsigned("RS256"),
    "HS256 with the public PEM": lambda: keyed_with_the_public_key(
        lambda: ISSUER_OF_ALL.key.as_pem(private=False)
    ),
    "HS256 with the JWKS": lambda: keyed_with_the_public_key(lambda: ISSUER_OF_ALL.jwks),
    "its own key in the header": with_its_own_key,
    "other claims under the same signature": tampered,
    "no token at all": lambda: "x",
    "too many parts": lambda: "a.b.c.d.e",
    "nothing": lambda: "",
    "not even Latin": lambda: "ü.é.à",
}


@pytest.mark.parametrize("how", FORGERIES)
def test_a_forgery_is_refused(how: str) -> None:
    with pytest.raises(NotAuthenticated):
        tokens().client(f"Bearer {FORGERIES[how]()}")


@pytest.mark.parametrize("field", ["", "Basic eDp5", "Bearer", "Bearer  "])
def test_anything_but_a_bearer_token_is_refused(field: str) -> None:
    with pytest.raises(NotAuthenticated):
        tokens().client(field)


@pytest.mark.parametrize(
    "keys",
    [
        b"", b"[]", b'{"keys": 1}', b'{"keys": [{"kty": "RSA"}]}',
        orjson.dumps({"keys": [OctKey.generate_key(256).as_dict(private=True)]}),
    ],
    ids=["empty", "list", "number", "incomplete", "symmetric"],
)  # fmt: skip
def test_keys_that_cannot_be_used_stop_the_start(keys: bytes) -> None:
    with pytest.raises(InputError):
        Tokens(keys, ISSUER, AUDIENCE, now)


def test_the_right_key_is_found_among_several() -> None:
    other = OKPKey.generate_key("Ed25519", {"kid": "twee"})
    keys = [other.as_dict(private=False), ISSUER_OF_ALL.key.as_dict(private=False)]
    several = Tokens(orjson.dumps({"keys": keys}), ISSUER, AUDIENCE, now)
    assert several.client(ISSUER_OF_ALL.bearer("lezer")["authorization"]).roles == {Role.READER}


# --- over HTTP -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, str]]:
    with (
        an_office(tmp_path_factory.mktemp("office"), rulebook()) as made,
        serving(made.app) as port,
    ):
        yield made, f"http://127.0.0.1:{port}/beheer/organisaties/"


def status(office: tuple[Office, str], code: str, **headers: str) -> int:
    url = f"{office[1]}{code}/naamswijzigingen?proef=1"
    return httpx.post(url, json=NAMING, headers=headers, timeout=30).status_code


def test_without_a_token_the_answer_says_what_is_missing(office: tuple[Office, str]) -> None:
    answer = httpx.post(f"{office[1]}OVO000004/naamswijzigingen", json=NAMING)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="beheer"'
    assert answer.headers["content-type"] == "application/problem+json"
    forged = httpx.get(f"{office[1]}OVO000004", headers={"authorization": "Bearer x.y.z"})
    assert forged.status_code == 401
    assert 'error="invalid_token"' in forged.headers["www-authenticate"]


def test_a_body_is_not_read_for_who_is_not_known(office: tuple[Office, str]) -> None:
    answer = httpx.post(f"{office[1]}OVO000004/naamswijzigingen", content=b"{ no json")
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("role", "code", "expected"),
    [
        ("algemeenBeheerder", "OVO000005", 200),
        ("cjmBeheerder", "OVO000005", 200),
        ("vlimpersBeheerder", "OVO000004", 200),
        ("vlimpersBeheerder", "OVO000005", 403),
        ("decentraalBeheerder:OVO000002", "OVO000002", 200),
        ("decentraalBeheerder:OVO000002", "OVO000004", 200),
        ("decentraalBeheerder:OVO000002", "OVO000003", 403),
        ("decentraalBeheerder:OVO000002", "OVO000001", 403),
        ("decentraalBeheerder", "OVO000002", 403),
        ("orgaanBeheerder", "OVO000004", 403),
        ("regelgevingBeheerder", "OVO000004", 403),
        ("lezer", "OVO000004", 403),
    ],
)
def test_roles_reach_as_far_as_they_say(
    office: tuple[Office, str], role: str, code: str, expected: int
) -> None:
    assert status(office, code, **office[0].issuer.bearer(role)) == expected


def test_a_machine_does_what_its_scopes_say(office: tuple[Office, str]) -> None:
    issuer = office[0].issuer
    naming = issuer.bearer("algemeenBeheerder", scope="organisatieregister.naamswijziging")
    moving = issuer.bearer("algemeenBeheerder", scope="organisatieregister.verhuis")
    assert status(office, "OVO000004", **naming) == 200
    assert status(office, "OVO000004", **moving) == 403


def test_who_may_only_read_sees_the_facts(office: tuple[Office, str]) -> None:
    reader = office[0].issuer.bearer("lezer", scope="")
    assert httpx.get(f"{office[1]}OVO000004", headers=reader).json()["code"] == "OVO000004"


def test_nothing_of_all_this_was_written(office: tuple[Office, str]) -> None:
    assert office[0].journal.position == office[0].journal.count()
