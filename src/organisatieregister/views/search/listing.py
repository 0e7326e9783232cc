"""Lists of organisations with facets, counts and news, read from the tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import orjson

from organisatieregister.summaries import Concept, Hit
from organisatieregister.validity import ACTIVE
from organisatieregister.views.search.lists import Counts, FacetCount, Latest, ListQuery
from organisatieregister.views.search.names import Findable
from organisatieregister.views.search.question import Question

_FACET_VALUES = 100  # the most frequent ones

_CONCEPT = "(SELECT id FROM concept WHERE iri = :{})"
_CLASSIFIED = "o.id IN (SELECT organisation FROM classification WHERE concept = {})"
_CLASSIFICATIONS = "JOIN classification AS c ON c.organisation = o.id"


@dataclass(frozen=True, slots=True)
class _Facet:
    """A filter in SQL: its value, the condition, and how its values are counted and shown."""

    chosen: str
    condition: str
    column: str
    counted: str = ""  # what more than the organisations is joined to count
    labelled: str = ""  # what is joined to the values to label them
    value: str = "g.value"
    label: str = "g.value"


_FACETS = MappingProxyType(
    {
        "status": _Facet(
            chosen=_CONCEPT.format("status"),
            condition="o.status = {}",
            column="o.status",
            labelled="JOIN concept AS k ON k.id = g.value",
            value="k.iri",
            label="{concept}",
        ),
        "classificatie": _Facet(
            chosen=_CONCEPT.format("classificatie"),
            condition=_CLASSIFIED,
            column="c.concept",
            counted=_CLASSIFICATIONS,
            labelled="JOIN concept AS k ON k.id = g.value",
            value="k.iri",
            label="{concept}",
        ),
        "gemeente": _Facet(":gemeente", "o.municipality = {}", "o.municipality"),
        "ouder": _Facet(
            chosen=":ouder",
            condition="o.parent = {}",
            column="o.parent",
            labelled="LEFT JOIN organisation AS p ON p.iri = g.value",
            label="p.name",
        ),
    }
)
_EVERYTHING = "TRUE"


class Listing:
    """A list in the making: its filters as SQL, on one connection."""

    def __init__(
        self, connection: sqlite3.Connection, query: ListQuery, found: Sequence[int] | None
    ) -> None:
        """``found``: the numbers of the organisations that fit the text, best first, if any."""
        self._connection = connection
        self._query = query
        self._filters = {
            "status": query.status, "classificatie": query.classification,
            "gemeente": query.municipality, "ouder": query.parent,
        }  # fmt: skip
        self._parameters = dict(self._filters)
        self._source = "organisation AS o"
        self._ranked = found is not None
        if found is not None:
            self._parameters["found"] = orjson.dumps(found).decode()
            self._source = "json_each(:found) AS m CROSS JOIN organisation AS o ON o.id = m.value"

    def total(self) -> int:
        """How many organisations there are in the list."""
        ((total,),) = self._run(
            f"SELECT count(*) FROM {self._source} WHERE {self._where()}"  # noqa: S608
        )
        return int(total)

    def numbers(self, limit: int = -1, offset: int = 0) -> list[int]:
        """The numbers of the organisations in the list, in its order."""
        rows = self._run(
            f"SELECT o.id FROM {self._source} WHERE {self._where()}"  # noqa: S608
            f" ORDER BY {self._order()} LIMIT {limit:d} OFFSET {offset:d}"
        )
        return [number for (number,) in rows]

    def facets(self) -> dict[str, tuple[FacetCount, ...]]:
        """For each filter its values, and how many organisations fit it and the other filters."""
        return {name: self._facet(name, facet) for name, facet in _FACETS.items()}

    def _facet(self, name: str, facet: _Facet) -> tuple[FacetCount, ...]:
        source, where = f"{self._source} {facet.counted}", self._where(without=name)
        if facet.counted and where == _EVERYTHING and not self._ranked:
            source = "classification AS c"  # of all organisations: no need to look at them
        label = facet.label.format(concept=_label(self._query.language))
        rows = self._run(
            f"SELECT {facet.value}, {label}, g.count FROM"  # noqa: S608
            f" (SELECT {facet.column} AS value, count(*) AS count FROM {source} WHERE {where}"
            f" GROUP BY 1 HAVING value <> '' ORDER BY value = {facet.chosen} DESC, count DESC"
            f" LIMIT {_FACET_VALUES}) AS g {facet.labelled} ORDER BY g.count DESC, 2, 1"
        )
        return tuple(FacetCount(value, text or _last(value), count) for value, text, count in rows)

    def _order(self) -> str:
        sort = self._query.sort or "relevance"
        if sort == "relevance":
            return "m.key" if self._ranked else "o.sort, o.code"
        return "o.code" if sort == "code" else "o.sort, o.code"

    def _where(self, without: str = "") -> str:
        conditions = [
            facet.condition.format(facet.chosen)
            for name, facet in _FACETS.items()
            if self._filters[name] and name != without
        ]
        return " AND ".join(conditions) or _EVERYTHING

    def _run(self, sql: str) -> list[Any]:
        return self._connection.execute(sql, self._parameters).fetchall()


def hits(
    connection: sqlite3.Connection,
    numbers: Sequence[int],
    language: str = "nl",
    question: Question | None = None,
) -> list[Hit]:
    """The organisations with these numbers, in this order; those that are gone left out."""
    asked = orjson.dumps(numbers).decode()
    concepts = _classifications(connection, asked, language)
    rows = connection.execute(
        "SELECT o.id, o.iri, o.code, o.name, o.short_name, s.iri, o.municipality, o.kbo,"
        ' o.parent, p.name, o.start, o."end", f.findable'
        " FROM json_each(?) AS m CROSS JOIN organisation AS o ON o.id = m.value"
        " JOIN concept AS s ON s.id = o.status JOIN finding AS f ON f.organisation = o.id"
        " LEFT JOIN organisation AS p ON p.iri = o.parent ORDER BY m.key",
        (asked,),
    )
    return [_hit(row, concepts.get(row[0], ()), question) for row in rows]


def number_of(connection: sqlite3.Connection, iri: str) -> list[int]:
    """The number of the organisation, in a list that is empty when there is none."""
    rows = connection.execute("SELECT id FROM organisation WHERE iri = ?", (iri,))
    return [number for (number,) in rows]


def latest(connection: sqlite3.Connection, count: int) -> list[Latest]:
    """What changed last: by day; of one day change events first, the most recent at the top."""
    rows = connection.execute(
        "SELECT iri, name, kind, time, happened FROM news"
        " ORDER BY substr(time, 1, 10) DESC, happened DESC, version DESC LIMIT ?",
        (count,),
    )
    return [Latest(*row) for row in rows]


def counts(connection: sqlite3.Connection, language: str = "nl") -> Counts:
    """How many organisations and change events there are, and active ones by classification."""
    total = Listing(connection, ListQuery(), None).total()
    facets = Listing(connection, ListQuery(status=ACTIVE.value, language=language), None).facets()
    ((events,),) = connection.execute("SELECT count(*) FROM news WHERE happened <> ''").fetchall()
    return Counts(total, events, facets["status"], facets["classificatie"])


def _hit(row: Any, classification: tuple[Concept, ...], question: Question | None) -> Hit:
    former_name = ""
    if question:
        found = Findable(**orjson.loads(row[12]))
        former_name = question.former_name((*found.names, *found.places), found.former_names)
    return Hit(
        iri=row[1], code=row[2], name=row[3], short_name=row[4], status=row[5],
        classification=classification, municipality=row[6], kbo=row[7], parent_iri=row[8],
        parent_name=row[9] or _last(row[8]), start=row[10], end=row[11], former_name=former_name,
    )  # fmt: skip


def _classifications(
    connection: sqlite3.Connection, asked: str, language: str
) -> dict[int, tuple[Concept, ...]]:
    found: dict[int, tuple[Concept, ...]] = {}
    for number, iri, label in connection.execute(
        f"SELECT c.organisation, k.iri, {_label(language)}"  # noqa: S608
        " FROM json_each(?) AS m CROSS JOIN classification AS c ON c.organisation = m.value"
        " JOIN concept AS k ON k.id = c.concept ORDER BY 3, 2",
        (asked,),
    ):
        found[number] = (*found.get(number, ()), (iri, label or _last(iri)))
    return found


def _label(language: str) -> str:
    return "coalesce(nullif(k.en, ''), k.nl)" if language == "en" else "k.nl"


def _last(iri: str) -> str:
    """The last part of an IRI, for want of a label."""
    return iri.rstrip("/").rpartition("/")[2]
