"""What the home page says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from organisatieregister.validity import ACTIVE
from organisatieregister.views.search import Counts, Latest
from organisatieregister.vocabulary import ORG
from organisatieregister.web.pages.families import FAMILIES, family
from organisatieregister.web.pages.links import LABEL_LENGTH, Link, Links, last_part
from organisatieregister.web.pages.lists import CHOICE_LENGTH, LIST, STAGES, Choice
from organisatieregister.web.pages.resources import EVENT_KINDS
from organisatieregister.web.pages.statements import Text
from organisatieregister.web.pages.wording import Wording

_KINDS_ON_HOME = 12
_EXAMPLES = ("Nazareth", "Digitaal Vlaanderen", "OVO002949", "0207.500.123")


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


def figures(counts: Counts, links: Links) -> tuple[Figure, ...]:
    """The numbers of the home page; what there is none of is left out."""
    by_stage = {STAGES.get(f.value, ""): f for f in counts.by_status}
    found = [
        Figure(f"home.{stage}", facet.count, links.here(LIST, ("status", last_part(facet.value))))
        for stage in ("active", "ended", "founding")
        if (facet := by_stage.get(stage))
    ]
    return tuple(found)


def kinds(counts: Counts, links: Links) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
    """By family the most frequent classifications of active organisations."""
    groups: dict[str, list[Choice]] = {name: [] for name in FAMILIES}
    for value in counts.by_classification:
        active = ("status", last_part(ACTIVE.value))
        href = links.here(LIST, ("classificatie", value.value), active)
        label = Text(value.label).cut(CHOICE_LENGTH).value
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
