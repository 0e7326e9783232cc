"""The tables beside the name index (SQLite), as they are written: lists, facets, trees, news."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import orjson
from pyoxigraph import Literal, NamedNode, Triple

from organisatieregister.records import Record, text_of
from organisatieregister.summaries import Summary, in_dutch
from organisatieregister.validity import event_date, is_change_event, is_organisation
from organisatieregister.views import Change
from organisatieregister.views.search.folding import words
from organisatieregister.views.search.names import Findable
from organisatieregister.vocabulary import ORG, RDF, RDFS, SKOS

FORMAT = 1

_TABLES = (
    # one row; token: that of the commit of the name index that goes with these rows
    "CREATE TABLE state (position INTEGER NOT NULL, token INTEGER NOT NULL) STRICT",
    "INSERT INTO state VALUES (0, 0)",
    # concepts, also those of which we have no label (yet)
    """CREATE TABLE concept (
        id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, scheme TEXT NOT NULL DEFAULT '',
        nl TEXT NOT NULL DEFAULT '', en TEXT NOT NULL DEFAULT '') STRICT""",
    "CREATE INDEX concept_scheme ON concept (scheme)",
    # sort: the name folded
    """CREATE TABLE organisation (
        id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, code TEXT NOT NULL, name TEXT NOT NULL,
        short_name TEXT NOT NULL, status INTEGER NOT NULL, municipality TEXT NOT NULL,
        kbo TEXT NOT NULL, parent TEXT NOT NULL, start TEXT, "end" TEXT, sort TEXT NOT NULL)
        STRICT""",
    "CREATE INDEX organisation_sort ON organisation (sort, code)",
    "CREATE INDEX organisation_code ON organisation (code)",
    "CREATE INDEX organisation_parent ON organisation (parent, sort, code)",
    "CREATE INDEX organisation_status ON organisation (status)",
    "CREATE INDEX organisation_municipality ON organisation (municipality)",
    # by what it is found: a Findable (JSON); apart, so that lists read less
    """CREATE TABLE finding (
        organisation INTEGER PRIMARY KEY, findable BLOB NOT NULL) STRICT""",
    """CREATE TABLE classification (
        concept INTEGER NOT NULL, organisation INTEGER NOT NULL,
        PRIMARY KEY (concept, organisation)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX classification_organisation ON classification (organisation, concept)",
    # what became known last; happened: the day of a change event
    """CREATE TABLE news (
        iri TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, time TEXT NOT NULL,
        happened TEXT NOT NULL, version INTEGER NOT NULL) STRICT, WITHOUT ROWID""",
    "CREATE INDEX news_latest ON news (substr(time, 1, 10), happened, version)",
    f"PRAGMA user_version = {FORMAT}",
)

_PUT = """
    INSERT INTO organisation (iri, code, name, short_name, status, municipality, kbo, parent, start,
                              "end", sort)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (iri) DO UPDATE SET code = excluded.code, name = excluded.name,
        short_name = excluded.short_name, status = excluded.status,
        municipality = excluded.municipality, kbo = excluded.kbo, parent = excluded.parent,
        start = excluded.start, "end" = excluded."end", sort = excluded.sort
    RETURNING id"""


def create(connection: sqlite3.Connection) -> None:
    """Make the tables, empty."""
    for statement in _TABLES:
        connection.execute(statement)


@dataclass(frozen=True, slots=True)
class Entry:
    """An organisation that was written: its number, by what it is found, and whether it is new."""

    number: int
    findable: Findable
    is_new: bool


@dataclass(frozen=True, slots=True)
class State:
    """How far the rows have come, and the token of the index that goes with them."""

    position: int
    token: int


class TableWriter:
    """Writes the rows of changes, inside the caller's transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._concepts: dict[str, int] = {}

    def forget(self) -> None:
        """Call this after a rollback: numbers given out since then do not stand."""
        self._concepts.clear()

    def put(self, change: Change) -> Entry | None:
        """Write a change that is no removal; what came of it when it is an organisation."""
        record = change.record
        if record is None:
            return None
        if is_organisation(record):
            summary = Summary.of(record, change.day)
            self._put_news(change, summary.name, ORG.Organization.value)
            return self._put_organisation(summary)
        if is_change_event(record):
            name = in_dutch(_literals(record.by_subject[record.iri], RDFS.label))
            happened = event_date(record)
            self._put_news(change, name, _kind(record), happened.isoformat() if happened else "")
        else:
            self._put_concepts(record)
        return None

    def remove(self, iri: str) -> int | None:
        """Take out what is known of a record; the number that it had as an organisation."""
        run = self._connection.execute
        number = self._number(iri)
        for table in ("classification", "finding"):
            run(f"DELETE FROM {table} WHERE organisation = ?", (number,))  # noqa: S608
        run("DELETE FROM organisation WHERE iri = ?", (iri,))
        run("DELETE FROM news WHERE iri = ?", (iri,))
        run("UPDATE concept SET scheme = '', nl = '', en = '' WHERE scheme = ?", (iri,))
        return number

    def clear(self) -> None:
        """Take everything out."""
        for table in ("organisation", "finding", "classification", "concept", "news"):
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608
        self.forget()

    def mark(self, position: int, token: int) -> None:
        """Note how far these rows have come, and with what commit of the name index."""
        self._connection.execute("UPDATE state SET position = ?, token = ?", (position, token))

    def _number(self, iri: str) -> int | None:
        row = self._connection.execute(
            "SELECT id FROM organisation WHERE iri = ?", (iri,)
        ).fetchone()
        return None if row is None else int(row[0])

    def _put_organisation(self, summary: Summary) -> Entry:
        is_new = self._number(summary.iri) is None
        findable = Findable.of(summary)
        ((number,),) = self._connection.execute(
            _PUT,
            (
                summary.iri, summary.code, summary.name, summary.short_name,
                self._concept(summary.status), summary.municipality, summary.kbo, summary.parent,
                summary.start, summary.end, " ".join(words(summary.name)),
            ),
        ).fetchall()  # fmt: skip
        self._connection.execute(
            "INSERT OR REPLACE INTO finding VALUES (?, ?)", (number, orjson.dumps(findable))
        )
        if not is_new:
            self._connection.execute("DELETE FROM classification WHERE organisation = ?", (number,))
        self._connection.executemany(
            "INSERT INTO classification VALUES (?, ?)",
            [(self._concept(iri), number) for iri in summary.classifications],
        )
        return Entry(number, findable, is_new)

    def _put_news(self, change: Change, name: str, kind: str, happened: str = "") -> None:
        time = change.modified.isoformat(timespec="seconds")
        self._connection.execute(
            "INSERT OR REPLACE INTO news VALUES (?, ?, ?, ?, ?, ?)",
            (change.iri, name, kind, time, happened, change.version),
        )

    def _put_concepts(self, record: Record) -> None:
        """The labels of the concepts of a scheme."""
        self._connection.execute(
            "UPDATE concept SET nl = '', en = '' WHERE scheme = ?", (record.iri,)
        )
        for iri, triples in record.by_subject.items():
            if Triple(NamedNode(iri), RDF.type, SKOS.Concept) not in record.triples:
                continue
            labels = _literals(triples, SKOS.prefLabel)
            english = next((label.value for label in labels if label.language == "en"), "")
            self._connection.execute(
                "UPDATE concept SET scheme = ?, nl = ?, en = ? WHERE id = ?",
                (record.iri, in_dutch(labels), english, self._concept(iri)),
            )

    def _concept(self, iri: str) -> int:
        """The number of a concept, given out when it has none."""
        number = self._concepts.get(iri)
        if number is None:
            run = self._connection.execute
            run("INSERT OR IGNORE INTO concept (iri) VALUES (?)", (iri,))
            ((number,),) = run("SELECT id FROM concept WHERE iri = ?", (iri,)).fetchall()
            self._concepts[iri] = number
        return int(number)


def state(connection: sqlite3.Connection) -> State:
    """What ``mark`` noted last."""
    ((position, token),) = connection.execute("SELECT position, token FROM state").fetchall()
    return State(position, token)


def findables(connection: sqlite3.Connection) -> Iterator[tuple[int, Findable]]:
    """By what every organisation is found, under its number."""
    for number, findable in connection.execute("SELECT * FROM finding ORDER BY organisation"):
        yield number, Findable(**orjson.loads(findable))


def _kind(record: Record) -> str:
    """The class of a change event, the most telling one."""
    types = {text_of(t.object) for t in record.by_subject[record.iri] if t.predicate == RDF.type}
    return min(types - {ORG.ChangeEvent.value}, default=ORG.ChangeEvent.value)


def _literals(triples: Iterable[Triple], predicate: NamedNode) -> list[Literal]:
    return [t.object for t in triples if t.predicate == predicate and isinstance(t.object, Literal)]
