"""What is asked of the lists, and what they answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from organisatieregister.summaries import Hit
from organisatieregister.views.search.question import MAX_TEXT

MAX_PAGE = 100_000
MAX_SIZE = 1_000
ORDERS = ("", "naam", "code", "relevance")


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What list is asked; empty is no filter. Filters are IRIs, ``municipality`` is a name.

    ``sort``: ``naam``, ``code`` or ``relevance`` (with a text the default, else ``naam``).
    Pages count from 1; ``language`` is that of the labels.
    """

    text: str = ""
    classification: str = ""
    parent: str = ""
    status: str = ""
    municipality: str = ""
    page: int = 1
    size: int = 50
    sort: str = ""
    language: str = "nl"

    def bounded(self) -> ListQuery:
        """The same with its text, page, size and order inside the limits."""
        return replace(
            self,
            text=self.text.strip()[:MAX_TEXT],
            page=max(1, min(self.page, MAX_PAGE)),
            size=max(1, min(self.size, MAX_SIZE)),
            sort=self.sort if self.sort in ORDERS else "",
        )


@dataclass(frozen=True, slots=True)
class FacetCount:
    """A value to filter by, what it is called, and how many it leaves."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class ListResult:
    """One page of a list.

    ``facets``: by ``status``, ``classificatie``, ``gemeente``, ``ouder`` the values with the number
    of organisations that fit the other filters, the most frequent first.
    """

    hits: tuple[Hit, ...]
    total: int
    query: ListQuery
    facets: Mapping[str, tuple[FacetCount, ...]]


@dataclass(frozen=True, slots=True)
class Latest:
    """A record that changed: the IRIs of it and of its class, and when the register took it over.

    ``happened`` is the day of a change event (ISO), else empty; a change event may have no name.
    """

    iri: str
    name: str
    kind: str
    time: str
    happened: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the register holds; ``by_classification`` counts active organisations only."""

    organisations: int
    events: int
    by_status: tuple[FacetCount, ...]
    by_classification: tuple[FacetCount, ...]
