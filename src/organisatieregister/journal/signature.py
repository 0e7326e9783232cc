"""The signed head: who keeps one can show later whether the log before it was rewritten.

Ed25519 (RFC 8032) over the framed position, digest and time. The chain does the rest: no version
up to that position can change without changing the digest.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from organisatieregister.errors import DamagedJournal, InputError
from organisatieregister.journal import Journal
from organisatieregister.journal.chain import GENESIS, framed, microseconds

_FORMAT = b"organisatieregister/head/1"


@dataclass(frozen=True, slots=True)
class SignedHead:
    """The log had this digest at this position, says the holder of the key, at this time."""

    position: int
    digest: str
    time: datetime
    key: str
    signature: bytes = b""

    def to_json(self) -> dict[str, Any]:
        """The members of the JSON object at ``/journal/hoofd``."""
        return {
            "position": self.position,
            "digest": self.digest,
            "time": self.time.isoformat(),
            "key": self.key,
            "signature": b64encode(self.signature).decode(),
        }

    @classmethod
    def of_json(cls, content: Any) -> SignedHead:
        """From that object. Raises InputError."""
        try:
            head = cls(
                int(content["position"]), str(content["digest"]),
                datetime.fromisoformat(content["time"]), str(content["key"]),
                b64decode(content["signature"], validate=True),
            )  # fmt: skip
            head.signed  # noqa: B018 - raises for a negative position or a time without a zone
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise InputError(f"no signed head: {error}") from error
        return head

    @property
    def signed(self) -> bytes:
        """The bytes under the signature."""
        position = self.position.to_bytes(8, "big")
        moment = microseconds(self.time).to_bytes(8, "big", signed=True)
        return framed((_FORMAT, position, bytes.fromhex(self.digest), moment, self.key.encode()))


class Signer:
    """Signs with a private key."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = key.public_key()

    @classmethod
    def read(cls, path: Path) -> Signer:
        """From a PEM file without a password (PKCS 8). Raises InputError."""
        try:
            key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise InputError(f"{path}: no private key: {error}") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise InputError(f"{path}: is no Ed25519 key")
        return cls(key)

    def head(self, journal: Journal, time: datetime) -> SignedHead:
        """The head of the journal, signed."""
        position = journal.position
        bare = SignedHead(position, digest_at(journal, position), time, key_id(self.public))
        signature = self._key.sign(bare.signed)
        return SignedHead(bare.position, bare.digest, bare.time, bare.key, signature)


def read_public_key(path: Path) -> Ed25519PublicKey:
    """From a PEM file. Raises InputError."""
    try:
        key = serialization.load_pem_public_key(path.read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise InputError(f"{path}: no public key: {error}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise InputError(f"{path}: is no Ed25519 key")
    return key


def public_pem(key: Ed25519PublicKey) -> bytes:
    """The key as a PEM file."""
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def key_id(key: Ed25519PublicKey) -> str:
    """The first 16 bytes of the SHA-256 of the raw public key, in hex."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return sha256(raw).hexdigest()[:32]


def check_signature(head: SignedHead, key: Ed25519PublicKey) -> None:
    """Raise InputError when the head was not signed with the key."""
    if head.key != key_id(key):
        raise InputError(f"the head was signed with key {head.key}, not {key_id(key)}")
    try:
        key.verify(head.signature, head.signed)
    except InvalidSignature as error:
        raise InputError("the signature does not fit the head") from error


def check_history(head: SignedHead, journal: Journal) -> None:
    """Raise DamagedJournal when the log at that position is not what the head says."""
    if head.position > journal.position:
        raise DamagedJournal(journal.position + 1, f"the log once came to {head.position}")
    if digest_at(journal, head.position) != head.digest:
        raise DamagedJournal(head.position, "is not what was signed: history was rewritten")


def digest_at(journal: Journal, position: int) -> str:
    """The link of the chain at a position, in hex."""
    for version in journal.read(position - 1, 1) if position else ():
        return version.digest
    return GENESIS.hex()
