"""What each record last put into the graph, so that a change removes exactly that.

The ledger (SQLite) is the truth of the graph view: what a batch publishes and the position that it
brings are one durable transaction here, and only then does the store follow. A row is kept until
the store has flushed what replaced it. So whatever the store lost in a crash, doing the rows since
the last flush again makes it right: every triple that it may hold too many is in an older row,
every one that it may lack is in a newest row.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize
from zstandard import ZstdCompressor, ZstdDecompressor

from organisatieregister.errors import DataDirectoryFull, DataDirectoryUnusable, StorageError
from organisatieregister.vocabulary import RDF

FORMAT = 1

Published = frozenset[Triple]

_SCHEMA = (
    # turn: counts transactions; triples: N-Triples (zstd), empty when the record publishes nothing
    """CREATE TABLE published (
        iri TEXT NOT NULL, turn INTEGER NOT NULL, triples BLOB NOT NULL,
        PRIMARY KEY (iri, turn)) WITHOUT ROWID""",
    "CREATE INDEX published_turn ON published (turn)",
    # statements about subjects that are not the record's own: two records may make the same one
    """CREATE TABLE about_others (
        triple TEXT NOT NULL, iri TEXT NOT NULL, turn INTEGER NOT NULL,
        PRIMARY KEY (triple, iri, turn)) WITHOUT ROWID""",
    "CREATE INDEX about_others_iri ON about_others (iri, turn)",
    # one row; settled: the last turn that the store has flushed; unfit: start again from nothing
    "CREATE TABLE state (position INTEGER, turn INTEGER, settled INTEGER, unfit INTEGER)",
    "INSERT INTO state VALUES (0, 0, 0, 0)",
)

_NEWEST = "(SELECT max(turn) FROM published AS p WHERE p.iri = {}.iri)"


class UnfitLedger(StorageError):
    """Damaged, of another format, or left in the middle of a load: to be made anew."""


class Ledger:
    """Opened with ``Ledger.open``; one writer, any errors are storage errors."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection
        self._compressor = ZstdCompressor(level=1)
        self._decompressor = ZstdDecompressor()
        self.unfit = False
        self.position, self.turn, self.settled = self._read_state()

    @classmethod
    def open(cls, path: Path) -> Ledger:
        """The ledger in this file, made when it is not there. Raises UnfitLedger."""
        with _named_errors(path):
            connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("PRAGMA journal_size_limit = 67108864")
                _create_or_check(path, connection)
                return cls(path, connection)
            except (sqlite3.Error, StorageError):
                connection.close()
                raise

    @property
    def backlog(self) -> int:
        """How many turns the store has not flushed."""
        return self.turn - self.settled

    def write(self, changes: Iterable[tuple[str, Published]], position: int) -> None:
        """Note in one durable transaction what the records publish from now on."""
        with self._transaction():
            self.turn += 1
            for iri, published in changes:
                self._write_row(iri, published)
            self._write_state(position)

    def load(self, changes: Iterable[tuple[str, Published]], position: int) -> Iterator[bytes]:
        """The same for an empty ledger, handing on the N-Triples of each record.

        The ledger is marked unfit before: a load that breaks off starts again.
        """
        self.mark(unfit=True)
        with self._transaction():
            self.turn += 1
            for iri, published in changes:
                yield self._write_row(iri, published)
            self._write_state(position)

    def unsettled(self, since: int) -> list[str]:
        """The records with a row of a later turn than this."""
        query = "SELECT DISTINCT iri FROM published WHERE turn > ?"
        with _named_errors(self._path):
            return [iri for (iri,) in self._connection.execute(query, (since,))]

    def rows(self, iri: str) -> list[Published]:
        """What the store may hold of the record, oldest first; the last is what it should hold."""
        query = "SELECT triples FROM published WHERE iri = ? ORDER BY turn"
        with _named_errors(self._path):
            return [self._unpack(row) for (row,) in self._connection.execute(query, (iri,))]

    def is_published_by_another(self, triple: Triple, iri: str) -> bool:
        """True when another record than this publishes the same triple now."""
        query = (
            "SELECT 1 FROM about_others AS a WHERE triple = ? AND iri <> ? "  # noqa: S608
            f"AND turn = {_NEWEST.format('a')}"
        )
        with _named_errors(self._path):
            if self._connection.execute(query, (str(triple), iri)).fetchone():
                return True
        subject = triple.subject.value if isinstance(triple.subject, NamedNode) else iri
        return subject != iri and triple in frozenset().union(*self.rows(subject)[-1:])

    def settle(self) -> None:
        """Forget what was replaced, for the store has flushed everything up to now."""
        with self._transaction():
            for table in ("published", "about_others"):
                self._connection.execute(
                    f"DELETE FROM {table} "  # noqa: S608
                    "WHERE iri IN (SELECT iri FROM published WHERE turn > ?) "
                    f"AND turn < {_NEWEST.format(table)}",
                    (self.settled,),
                )
            self._connection.execute(
                "DELETE FROM published WHERE turn > ? AND length(triples) = 0", (self.settled,)
            )
            self._connection.execute("UPDATE state SET settled = turn")
            self.settled = self.turn

    def mark(self, *, unfit: bool) -> None:
        """Whether the view must start again from nothing when it is next opened."""
        with _named_errors(self._path):
            self._connection.execute("UPDATE state SET unfit = ?", (int(unfit),))
        self.unfit = unfit

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _write_row(self, iri: str, published: Published) -> bytes:
        n_triples = serialize(published, format=RdfFormat.N_TRIPLES) or b""
        packed = self._compressor.compress(n_triples) if n_triples else b""
        self._connection.execute("INSERT INTO published VALUES (?, ?, ?)", (iri, self.turn, packed))
        self._connection.executemany(
            "INSERT INTO about_others VALUES (?, ?, ?)",
            ((str(triple), iri, self.turn) for triple in about_others(published)),
        )
        return n_triples

    def _unpack(self, packed: bytes) -> Published:
        n_triples = self._decompressor.decompress(packed) if packed else b""
        return frozenset(quad.triple for quad in parse(n_triples, format=RdfFormat.N_TRIPLES))

    def _read_state(self) -> tuple[int, int, int]:
        position, turn, settled = self._connection.execute(
            "SELECT position, turn, settled FROM state"
        ).fetchone()
        return position, turn, settled

    def _write_state(self, position: int) -> None:
        self._connection.execute("UPDATE state SET position = ?, turn = ?", (position, self.turn))
        self.position = position

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with _named_errors(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                    self.position, self.turn, self.settled = self._read_state()


def about_others(published: Published) -> Iterator[Triple]:
    """The triples whose subject is not the record's own: what is its own, it gives a type."""
    own = {triple.subject for triple in published if triple.predicate == RDF.type}
    return (triple for triple in published if triple.subject not in own)


def _create_or_check(path: Path, connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == 0:
        with closing(connection.cursor()) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            for statement in _SCHEMA:
                cursor.execute(statement)
            cursor.execute(f"PRAGMA user_version = {FORMAT}")
            cursor.execute("COMMIT")
    elif version != FORMAT:
        raise UnfitLedger(f"{path} has format version {version}, not {FORMAT}")
    elif connection.execute("SELECT unfit FROM state").fetchone() != (0,):
        raise UnfitLedger(f"{path} was left in the middle of a load, or found damaged")


@contextmanager
def _named_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        text = f"{path}: {error}"
        if code == sqlite3.SQLITE_FULL:
            raise DataDirectoryFull(text) from error
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR):
            raise UnfitLedger(text) from error
        raise DataDirectoryUnusable(text) from error
