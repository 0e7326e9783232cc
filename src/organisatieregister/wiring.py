"""Explicit wiring, in one place: from settings to the rooms, joined up and ready."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from organisatieregister.dumps import Dumper
from organisatieregister.endpoint import Endpoint, Limits
from organisatieregister.endpoint.on_days import EndpointOnDays
from organisatieregister.journal import Journal
from organisatieregister.journal.sqlite import SqliteJournal
from organisatieregister.projector import DayFile, Projector, change_of
from organisatieregister.retrospect import Retrospect
from organisatieregister.settings import Settings, shipped
from organisatieregister.views import Change
from organisatieregister.views.documents import DocumentsView
from organisatieregister.views.generations import current_generation
from organisatieregister.views.graph import GraphView
from organisatieregister.views.search import SearchView
from organisatieregister.vocabulary import PREFIXES

if TYPE_CHECKING:
    from organisatieregister.register import Lifecycle, Register
    from organisatieregister.rules import Rulebook

VIEW_NAMES = ("documents", "graph", "search")
_BRUSSELS = ZoneInfo("Europe/Brussels")


def today() -> date:
    """The day that it is where the register is kept."""
    return datetime.now(_BRUSSELS).date()


def now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Views:
    """The three views, open."""

    documents: DocumentsView
    graph: GraphView
    search: SearchView

    def __iter__(self) -> Iterator[DocumentsView | GraphView | SearchView]:
        yield from (self.documents, self.graph, self.search)

    def close(self) -> None:
        """Flush and let go of all of them."""
        for view in self:
            view.close()


def open_view(settings: Settings, name: str) -> DocumentsView | GraphView | SearchView:
    """One view, open for writing."""
    openers: dict[str, Callable[[Path], DocumentsView | GraphView | SearchView]] = {
        "documents": DocumentsView.open,
        "graph": GraphView.open,
        "search": SearchView.open,
    }
    return openers[name](settings.views / name)


@contextmanager
def open_views(settings: Settings) -> Iterator[Views]:
    """All views, open for writing."""
    settings.views.mkdir(parents=True, exist_ok=True)
    views = Views(
        DocumentsView.open(settings.views / "documents"),
        GraphView.open(settings.views / "graph"),
        SearchView.open(settings.views / "search"),
    )
    try:
        yield views
    finally:
        views.close()


@contextmanager
def open_journal(settings: Settings, *, readonly: bool = False) -> Iterator[SqliteJournal]:
    """The journal of the data directory."""
    if not readonly:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    journal = SqliteJournal.open(settings.journal, readonly=readonly)
    try:
        yield journal
    finally:
        journal.close()


def day_file(settings: Settings) -> DayFile:
    """Where the day of the views stands."""
    return DayFile(settings.views / "day")


def projector(settings: Settings, journal: SqliteJournal, views: Views) -> Projector:
    """The projector of these views."""
    return Projector(
        journal,
        documents=views.documents,
        others=(views.graph, views.search),
        published=views.graph,
        day=day_file(settings),
    )


def rulebook() -> Rulebook:
    """The shipped shapes with pySHACL."""
    from organisatieregister.rules import Rulebook
    from organisatieregister.rules.engine import PyShaclEngine  # takes a while to load

    return Rulebook(PyShaclEngine(shapes_text()))


def shapes_text() -> str:
    """All shapes that ship, as one Turtle text."""
    return "\n".join(path.read_text() for path in sorted(shipped("shapes").glob("*.ttl")))


@contextmanager
def open_register(settings: Settings, journal: SqliteJournal) -> Iterator[Register]:
    """The door for changes to this journal; the documents view tells where concepts stand."""
    from organisatieregister.register import Register  # and pySHACL with it

    documents = DocumentsView.open(settings.views / "documents", readonly=True)
    try:
        yield Register(journal, rulebook(), documents.owner)
    finally:
        documents.close()


@contextmanager
def open_lifecycle(settings: Settings, journal: SqliteJournal) -> Iterator[Lifecycle]:
    """The door for operations on this journal."""
    from organisatieregister.register import Lifecycle, Lookup

    with open_register(settings, journal) as register:
        yield Lifecycle(journal, register, Lookup(journal), today=today, now=now)


def endpoint(settings: Settings, workers: int | None = None) -> Endpoint:
    """SPARQL on the newest generation of the graph."""
    limits = Limits(
        seconds=settings.sparql_seconds,
        memory=settings.sparql_memory << 20,
        result=settings.sparql_result << 20,
    )
    return Endpoint(
        lambda: current_generation(settings.views / "graph"),
        settings.sparql_workers if workers is None else workers,
        limits,
        PREFIXES,
        sandbox_required=settings.sandbox_required,
    )


def endpoint_on_days(settings: Settings, endpoint: Endpoint) -> EndpointOnDays:
    """SPARQL on the register as valid on other days."""
    return EndpointOnDays(endpoint, settings.views / "graph", today)


def retrospect(settings: Settings) -> Retrospect:
    """Who makes the graph as valid on other days."""
    return Retrospect(settings.journal, settings.views / "graph", settings.views / "day")


def current_changes(journal: Journal, position: int) -> Iterator[Change]:
    """What every living record publishes today, as the journal stood at a position."""
    day = today()
    for version in journal.read_heads(upto=position):
        yield change_of(version, day)


def dumper(settings: Settings, journal: Journal, position: int) -> Dumper:
    """Who writes the dumps of the journal as it stood at a position."""
    return Dumper(lambda: current_changes(journal, position), settings.dumps)
