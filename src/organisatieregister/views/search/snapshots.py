"""Reading the search view: the tables and the index as they stand after one commit."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from organisatieregister.views.search.finder import Finder
from organisatieregister.views.search.question import Question
from organisatieregister.views.search.storage import (
    index_directory,
    named_errors,
    open_tables_to_read,
    tables_file,
)
from organisatieregister.views.search.tables import create, state


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The tables, which do not change while it is held, and the index; None when empty."""

    connection: sqlite3.Connection
    finder: Finder | None

    def find(self, question: Question, limit: int, enough: int = 1) -> Sequence[int]:
        """See Finder; what the tables do not have is left out when it is looked up there."""
        return self.finder.find(question, limit, enough) if self.finder else ()


class Snapshots:
    """Hands out snapshots of the view in a directory, to any thread.

    When the view was dropped and made again, the next snapshot is of the new one.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = 0
        self._idle: deque[sqlite3.Connection] = deque()
        self._finder: Finder | None = None
        self._token = 0

    @contextmanager
    def take(self) -> Iterator[Snapshot]:
        """The view after its last commit."""
        with named_errors(self._path):
            idle = self._of_this_file()
            connection = idle.pop() if idle else open_tables_to_read(self._path)
            if connection is None:
                with closing(sqlite3.connect(":memory:")) as nothing:
                    create(nothing)
                    yield Snapshot(nothing, None)
                return
            try:
                connection.execute("BEGIN")
                yield Snapshot(connection, self._follow(state(connection).token))
            finally:
                connection.rollback()
                idle.append(connection)

    def close(self) -> None:
        """Let go of the files."""
        while self._idle:
            self._idle.pop().close()

    def _of_this_file(self) -> deque[sqlite3.Connection]:
        """The connections that wait for work; none when the file is another than before."""
        try:
            file = tables_file(self._path).stat().st_ino
        except FileNotFoundError:
            file = 0
        if file != self._file:
            self._file, self._idle, self._finder = file, deque(), None
        return self._idle

    def _follow(self, token: int) -> Finder | None:
        """The index, at least as new as the commit with this token; 0 is none."""
        if token and self._finder is None:
            self._finder = Finder(index_directory(self._path))
        elif token != self._token and self._finder:
            self._finder.reload()
        self._token = token
        return self._finder
