"""The signed head: it shows that history was not rewritten, and by whom that was said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from organisatieregister.errors import DamagedJournal, InputError
from organisatieregister.journal import Activity, Draft
from organisatieregister.journal.signature import (
    SignedHead,
    Signer,
    check_history,
    check_signature,
    public_pem,
    read_public_key,
)
from organisatieregister.journal.sqlite import SqliteJournal

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SIGNER = Signer(Ed25519PrivateKey.generate())


def a_journal(path: Path, *texts: str) -> SqliteJournal:
    journal = SqliteJournal.open(path)
    for number, text in enumerate(texts):
        iri = f"https://x.example/{number}"
        journal.append([Draft(iri, f"<{iri}> <p:p> {text!r} .\n".encode())], Activity("x"), NOW)
    return journal


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    opened = a_journal(tmp_path / "journal.sqlite", "a", "b")
    yield opened
    opened.close()


def test_a_head_that_was_kept_still_fits_when_the_log_has_grown(journal: SqliteJournal) -> None:
    kept = SignedHead.of_json(json.loads(json.dumps(SIGNER.head(journal, NOW).to_json())))
    assert (kept.position, kept.digest) == (2, journal.head_digest)
    journal.append([Draft("https://x.example/9", b"")], Activity("x"), NOW)
    check_signature(kept, SIGNER.public)
    check_history(kept, journal)


def test_an_empty_log_has_a_head_too(tmp_path: Path) -> None:
    journal = a_journal(tmp_path / "empty.sqlite")
    check_history(SIGNER.head(journal, NOW), journal)


def test_a_log_with_another_past_is_found_out(journal: SqliteJournal, tmp_path: Path) -> None:
    kept = SIGNER.head(journal, NOW)
    with pytest.raises(DamagedJournal):
        check_history(kept, a_journal(tmp_path / "other.sqlite", "A", "b", "c"))
    with pytest.raises(DamagedJournal):
        check_history(kept, a_journal(tmp_path / "short.sqlite", "a"))


@pytest.mark.parametrize(
    "change",
    [{"position": 1}, {"digest": "00" * 32}, {"time": NOW.replace(year=2020)}, {"key": "00" * 16},
     {"signature": bytes(64)}],
)  # fmt: skip
def test_nothing_under_the_signature_can_be_changed(
    journal: SqliteJournal, change: dict[str, object]
) -> None:
    forged = replace(SIGNER.head(journal, NOW), **change)  # type: ignore[arg-type]
    with pytest.raises(InputError):
        check_signature(forged, SIGNER.public)


def test_the_head_of_another_key_is_refused(journal: SqliteJournal) -> None:
    other = Signer(Ed25519PrivateKey.generate())
    with pytest.raises(InputError):
        check_signature(other.head(journal, NOW), SIGNER.public)


@pytest.mark.parametrize(
    "content",
    [[], {}, {"position": -1, "digest": "", "time": "2026-01-01T00:00:00+00:00", "key": "",
              "signature": ""},
     {"position": 1, "digest": "", "time": "2026-01-01", "key": "", "signature": ""}],
)  # fmt: skip
def test_what_is_no_head_is_refused(content: object) -> None:
    with pytest.raises(InputError):
        SignedHead.of_json(content)


def test_keys_are_read_from_pem_files(tmp_path: Path, journal: SqliteJournal) -> None:
    private, public = tmp_path / "private.pem", tmp_path / "public.pem"
    key = Ed25519PrivateKey.generate()
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    public.write_bytes(public_pem(key.public_key()))
    check_signature(Signer.read(private).head(journal, NOW), read_public_key(public))
    for read, wrong in ((Signer.read, public), (read_public_key, private)):
        with pytest.raises(InputError):
            read(wrong)
    with pytest.raises(InputError):
        Signer.read(tmp_path / "absent.pem")
