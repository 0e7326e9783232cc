"""Answers that were given, by idempotency key: a repeat gets the first answer and does nothing.

Kept in a small SQLite file beside the journal, so that it outlives the process and is shared by
all web workers.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import time
from typing import Any

import orjson
from starlette.exceptions import HTTPException

from organisatieregister.errors import InputError, StorageError

MAX_KEY = 200  # characters
_KEPT = 7 * 86_400  # seconds
_TABLE = """CREATE TABLE IF NOT EXISTS answer (
    client TEXT NOT NULL, key TEXT NOT NULL, request TEXT NOT NULL, time REAL NOT NULL,
    status INTEGER NOT NULL DEFAULT 0, headers BLOB, body BLOB,
    PRIMARY KEY (client, key)) STRICT, WITHOUT ROWID"""


@dataclass(frozen=True, slots=True)
class Given:
    """An answer: status, header fields, body."""

    status: int
    headers: dict[str, str]
    body: bytes


class Answers:
    """The answers in one file; for any thread and process."""

    def __init__(self, path: Path) -> None:
        """Raises StorageError."""
        self._path = path
        self._lock = threading.Lock()
        try:
            self._connection = sqlite3.connect(
                path, timeout=10, isolation_level=None, check_same_thread=False
            )
            self._run("PRAGMA journal_mode = WAL")
            self._run(_TABLE)
        except sqlite3.Error as error:
            raise StorageError(f"{path}: {error}") from error

    def begin(self, client: str, key: str, request: str) -> Given | None:
        """The answer that was given; None: there is none, and this caller is to find it.

        ``request`` is a digest of what is asked. Raises HTTPException.
        """
        if not 0 < len(key) <= MAX_KEY:
            raise InputError(
                f"Idempotency-Key: 1 to {MAX_KEY} characters",
                nl=f"Idempotency-Key: 1 tot {MAX_KEY} tekens",
            )
        moment = time()
        self._run("DELETE FROM answer WHERE time < ?", moment - _KEPT)
        made = self._run(
            "INSERT INTO answer (client, key, request, time) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING RETURNING 1",
            client, key, request, moment,
        )  # fmt: skip
        if made:
            return None
        found = self._run(
            "SELECT request, status, headers, body FROM answer WHERE client = ? AND key = ?",
            client, key,
        )  # fmt: skip
        for first, status, headers, body in found:
            if first != request:
                raise HTTPException(422, "this Idempotency-Key came with another request before")
            if status:
                return Given(status, orjson.loads(headers), body)
        raise HTTPException(409, "the first request with this Idempotency-Key has not ended")

    def finish(self, client: str, key: str, given: Given) -> None:
        """Keep the answer."""
        self._run(
            "UPDATE answer SET status = ?, headers = ?, body = ? WHERE client = ? AND key = ?",
            given.status, orjson.dumps(given.headers), given.body, client, key,
        )  # fmt: skip

    def forget(self, client: str, key: str) -> None:
        """Nothing was done: the key may be used again."""
        self._run("DELETE FROM answer WHERE client = ? AND key = ? AND status = 0", client, key)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _run(self, statement: str, *values: object) -> list[Any]:
        try:
            with self._lock, closing(self._connection.execute(statement, values)) as cursor:
                return cursor.fetchall()
        except sqlite3.Error as error:
            raise StorageError(f"{self._path}: {error}") from error
