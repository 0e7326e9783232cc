"""What the list of organisations says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from organisatieregister.identifiers import ORGANISATION, concept_iri
from organisatieregister.summaries import Hit
from organisatieregister.validity import ACTIVE, BEING_FOUNDED, INACTIVE
from organisatieregister.views.search import FacetCount, ListQuery, ListResult
from organisatieregister.web.pages.about import Representation
from organisatieregister.web.pages.families import FAMILIES, family, rank
from organisatieregister.web.pages.links import (
    LABEL_LENGTH,
    Link,
    Links,
    last_part,
    with_parameters,
)
from organisatieregister.web.pages.statements import Text
from organisatieregister.web.pages.wording import Wording

LIST = "/doc/organisatie"

_FACETS = (
    ("status", "status"),
    *((family, "classificatie") for family in FAMILIES),
    ("gemeente", "gemeente"),
    ("ouder", "ouder"),
)  # what it is called in ``texts.py``, and the parameter
_FILTERS = ("status", "classificatie", "gemeente", "ouder")
# In a request a status and an organisation may stand without what all their IRIs begin with.
_SHORT = MappingProxyType({"status": concept_iri("organisatiestatus", ""), "ouder": ORGANISATION})
# As the search view calls an order, and as the request does.
_ORDERS = MappingProxyType({"relevance": "relevantie", "naam": "naam", "code": "code"})
_VALUES_AT_ONCE = 8
_VALUES_AT_MOST = 60
STAGES = MappingProxyType(
    {ACTIVE.value: "active", INACTIVE.value: "ended", BEING_FOUNDED.value: "founding"}
)
_STATUS_OF_LIST = MappingProxyType({**STAGES, INACTIVE.value: "inactive"})
CHOICE_LENGTH = 100  # characters of a value of a facet

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
    orders: tuple[Choice, ...]
    cleared: str
    beginning: str
    facets: tuple[Facet, ...]
    page: int
    pages: int
    previous: str
    next: str


def parameters_of(query: ListQuery) -> Parameters:
    """The query parameters of a list, without the page."""
    return (
        ("q", query.text),
        ("status", query.status.removeprefix(_SHORT["status"])),
        ("classificatie", query.classification),
        ("gemeente", query.municipality),
        ("ouder", query.parent.removeprefix(_SHORT["ouder"])),
        ("volgorde", _ORDERS.get(query.sort, "")),
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
        orders=_orders(asked, links, say),
        cleared=links.here(LIST, ("q", query.text)),
        beginning=_page(asked, 1, links),
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


def _row(hit: Hit, links: Links, say: Wording) -> Row:
    stage = STAGES.get(hit.status, "inactive")
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


def _orders(asked: Parameters, links: Links, say: Wording) -> tuple[Choice, ...]:
    """The orders to choose from; how well something fits is one only when something was asked."""
    known = dict(asked)
    usual = "relevantie" if known["q"] else "naam"
    names = [name for name in _ORDERS.values() if known["q"] or name != "relevantie"]
    return tuple(
        Choice(
            "volgorde",
            say(f"list.by_{name}"),
            links.here(LIST, *_with(asked, "volgorde", "" if name == usual else name)),
            chosen=name == (known["volgorde"] or usual),
        )
        for name in names
    )


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
    short = value.value.removeprefix(_SHORT.get(key, ""))
    href = links.here(LIST, *_with(asked, key, short))
    label = Text(value.label).cut(CHOICE_LENGTH).value
    return Choice(key, label, href, value.count, chosen=short == dict(asked)[key])


def _chosen(
    result: ListResult, asked: Parameters, links: Links, say: Wording
) -> tuple[Choice, ...]:
    """The filters in force, each with the list without it."""
    return tuple(
        Choice(
            family(value) if key == "classificatie" else key,
            Text(_label(key, value, result, say)).cut(CHOICE_LENGTH).value,
            links.here(LIST, *_with(asked, key, "")),
        )
        for key, value in asked
        if value and key in _FILTERS
    )


def _label(key: str, value: str, result: ListResult, say: Wording) -> str:
    """What a value is called; a filter that leaves nothing may have no name in the result."""
    whole = value if ":" in value else _SHORT.get(key, "") + value
    labels = {facet.value: facet.label for facet in result.facets.get(key, ())}
    if whole in labels:
        return labels[whole]
    if whole in _STATUS_OF_LIST:
        return say(f"status.{_STATUS_OF_LIST[whole]}")
    return value if key == "gemeente" else last_part(value)


def _with(asked: Parameters, key: str, value: str) -> Parameters:
    return tuple((name, value if name == key else old) for name, old in asked)


def _page(asked: Parameters, page: int, links: Links) -> str:
    return links.here(LIST, *asked, ("pagina", str(page) if page > 1 else ""))
