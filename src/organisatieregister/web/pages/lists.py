"""What the list of organisations and the home page say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from organisatieregister.summaries import Hit
from organisatieregister.validity import ACTIVE, BEING_FOUNDED, INACTIVE
from organisatieregister.views.search import Counts, FacetCount, Latest, ListQuery, ListResult
from organisatieregister.vocabulary import ORG
from organisatieregister.web.pages.about import Representation
from organisatieregister.web.pages.families import FAMILIES, family, rank
from organisatieregister.web.pages.links import (
    LABEL_LENGTH,
    Link,
    Links,
    last_part,
    with_parameters,
)
from organisatieregister.web.pages.resources import EVENT_KINDS
from organisatieregister.web.pages.statements import Text
from organisatieregister.web.pages.wording import Wording

LIST = "/doc/organisatie"

_FACETS = (
    ("status", "status"),
    *((family, "classificatie") for family in FAMILIES),
    ("gemeente", "gemeente"),
    ("ouder", "ouder"),
)  # what it is called in ``texts.py``, and the parameter
_VALUES_AT_ONCE = 8
_VALUES_AT_MOST = 60
_KINDS_ON_HOME = 12
_STAGES = MappingProxyType(
    {ACTIVE.value: "active", INACTIVE.value: "ended", BEING_FOUNDED.value: "founding"}
)
_STATUS_OF_LIST = MappingProxyType({**_STAGES, INACTIVE.value: "inactive"})
_LABEL_LENGTH = 100  # characters of a value of a facet
_EXAMPLES = ("Nazareth", "Digitaal Vlaanderen", "OVO002949", "0207.500.123")

Parameters = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """An organisation in the list."""

    name: Link
    short_name: Text
    stage: str
    former_name: Text
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: where choosing it leads, and how many organisations it leaves."""

    key: str
    label: str
    href: str
    count: int = 0
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """A way to refine the list: the most frequent values, and those folded away."""

    key: str
    first: tuple[Choice, ...]
    folded: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of the list of organisations."""

    query: str
    total: int
    first: int
    rows: tuple[Row, ...]
    chosen: tuple[Choice, ...]
    cleared: str
    facets: tuple[Facet, ...]
    page: int
    pages: int
    previous: str
    next: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A number on the home page and the list behind it."""

    key: str
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class News:
    """A record that changed: when, which one, and what it is."""

    when: str
    link: Link
    kind: str


def parameters_of(query: ListQuery) -> Parameters:
    """The query parameters of a list, without the page."""
    return (
        ("q", query.text),
        ("status", query.status),
        ("classificatie", query.classification),
        ("gemeente", query.municipality),
        ("ouder", query.parent),
    )


def list_page(result: ListResult, links: Links, say: Wording) -> ListPage:
    """The page of the list that a result is."""
    query = result.query
    asked = parameters_of(query)
    pages = max(1, -(-result.total // query.size))
    return ListPage(
        query=query.text,
        total=result.total,
        first=(query.page - 1) * query.size + 1,
        rows=tuple(_row(hit, links, say) for hit in result.hits),
        chosen=_chosen(result, asked, links, say),
        cleared=links.here(LIST, ("q", query.text)),
        facets=tuple(
            facet
            for key, parameter in _FACETS
            if (facet := _facet(key, parameter, result, asked, links)).first
        ),
        page=query.page,
        pages=pages,
        previous=_page(asked, query.page - 1, links) if query.page > 1 else "",
        next=_page(asked, query.page + 1, links) if query.page < pages else "",
    )


def list_representations(query: ListQuery) -> tuple[Representation, ...]:
    """The same list as data."""
    asked = parameters_of(query)
    return tuple(
        Representation(name, media_type, with_parameters(f"{LIST}.{suffix}", asked))
        for name, suffix, media_type in (
            ("CSV", "csv", "text/csv"),
            ("JSON", "json", "application/json"),
            ("Turtle", "ttl", "text/turtle"),
            ("JSON-LD", "jsonld", "application/ld+json"),
        )
    )


def figures(counts: Counts, links: Links) -> tuple[Figure, ...]:
    """The numbers of the home page; what there is none of is left out."""
    by_stage = {_STAGES.get(f.value, ""): f for f in counts.by_status}
    found = [
        Figure(f"home.{stage}", facet.count, links.here(LIST, ("status", facet.value)))
        for stage in ("active", "ended", "founding")
        if (facet := by_stage.get(stage))
    ]
    return tuple(found)


def kinds(counts: Counts, links: Links) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
    """By family the most frequent classifications."""
    groups: dict[str, list[Choice]] = {name: [] for name in FAMILIES}
    for value in counts.by_classification:
        href = links.here(LIST, ("classificatie", value.value))
        label = Text(value.label).cut(_LABEL_LENGTH).value
        groups[family(value.value)].append(Choice("", label, href, value.count))
    return tuple((name, tuple(found[:_KINDS_ON_HOME])) for name, found in groups.items() if found)


def news(latest: Sequence[Latest], links: Links, say: Wording) -> tuple[News, ...]:
    """What changed last."""
    return tuple(_news(item, links, say) for item in latest)


def examples(links: Links) -> tuple[Link, ...]:
    """Searches to try."""
    return tuple(Link(Text(text), links.here(LIST, ("q", text))) for text in _EXAMPLES)


def _news(item: Latest, links: Links, say: Wording) -> News:
    kind = _kind(item.kind, say)
    day = date.fromisoformat((item.happened or item.time)[:10])
    name = Text(item.name or kind, "nl" if item.name else "").cut(LABEL_LENGTH)
    return News(say.day(day), Link(name, links.here_about(item.iri)), kind)


def _kind(iri: str, say: Wording) -> str:
    if iri == ORG.Organization.value:
        return say("home.organisation")
    return say(f"event.{EVENT_KINDS.get(iri, 'change')}")


def _row(hit: Hit, links: Links, say: Wording) -> Row:
    stage = _STAGES.get(hit.status, "inactive")
    concepts = sorted(hit.classification, key=lambda concept: rank(concept[0]))
    details = [label for _, label in concepts[:2]]
    details.append(hit.municipality)
    if stage == "ended" and not hit.end:
        stage = "inactive"
    if stage == "ended" and hit.end:
        details.append(say("list.ended_on", day=say.day(date.fromisoformat(hit.end))))
    elif stage == "founding" and hit.start:
        details.append(say("list.begins_on", day=say.day(date.fromisoformat(hit.start))))
    return Row(
        name=Link(Text(hit.name, "nl").cut(LABEL_LENGTH), links.here_about(hit.iri), code=hit.code),
        short_name=_short_name(hit),
        stage=stage,
        former_name=Text(hit.former_name, "nl").cut(LABEL_LENGTH),
        details=tuple(Text(detail).cut(80).value for detail in details if detail),
    )


def _short_name(hit: Hit) -> Text:
    """The short name, when it tells more than the name does."""
    repeated = hit.short_name.casefold() in hit.name.casefold()
    return Text("") if repeated else Text(hit.short_name, "nl").cut(60)


def _facet(key: str, parameter: str, result: ListResult, asked: Parameters, links: Links) -> Facet:
    values = [
        _choice(parameter, value, asked, links)
        for value in result.facets.get(parameter, ())
        if value.label and (key not in FAMILIES or family(value.value) == key)
    ]
    return Facet(
        key, tuple(values[:_VALUES_AT_ONCE]), tuple(values[_VALUES_AT_ONCE:_VALUES_AT_MOST])
    )


def _choice(key: str, value: FacetCount, asked: Parameters, links: Links) -> Choice:
    href = links.here(LIST, *_with(asked, key, value.value))
    label = Text(value.label).cut(_LABEL_LENGTH).value
    return Choice(key, label, href, value.count, chosen=value.value == dict(asked)[key])


def _chosen(
    result: ListResult, asked: Parameters, links: Links, say: Wording
) -> tuple[Choice, ...]:
    """The filters in force, each with the list without it."""
    return tuple(
        Choice(
            family(value) if key == "classificatie" else key,
            Text(_label(key, value, result, say)).cut(_LABEL_LENGTH).value,
            links.here(LIST, *_with(asked, key, "")),
        )
        for key, value in asked
        if value and key != "q"
    )


def _label(key: str, value: str, result: ListResult, say: Wording) -> str:
    """What a value is called; a filter that leaves nothing may have no name in the result."""
    labels = {facet.value: facet.label for facet in result.facets.get(key, ())}
    if value in labels:
        return labels[value]
    if value in _STATUS_OF_LIST:
        return say(f"status.{_STATUS_OF_LIST[value]}")
    return value if key == "gemeente" else last_part(value)


def _with(asked: Parameters, key: str, value: str) -> Parameters:
    return tuple((name, value if name == key else old) for name, old in asked)


def _page(asked: Parameters, page: int, links: Links) -> str:
    return links.here(LIST, *asked, ("pagina", str(page) if page > 1 else ""))
