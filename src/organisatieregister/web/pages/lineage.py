"""What the page of successors or predecessors says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from organisatieregister.identifiers import ORGANISATION
from organisatieregister.lineage import Lineage, Transition
from organisatieregister.web.pages.about import Representation
from organisatieregister.web.pages.links import Link, Links, with_parameters
from organisatieregister.web.pages.resources import EVENT_KINDS
from organisatieregister.web.pages.statements import Text
from organisatieregister.web.pages.wording import Wording
from organisatieregister.web.routing import document_path

_FORMS = (
    ("json", "application/json", "JSON"),
    ("ttl", "text/turtle", "Turtle"),
    ("jsonld", "application/ld+json", "JSON-LD"),
    ("nt", "application/n-triples", "N-Triples"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """An event on the way: what happened and when, to whom, with what result."""

    kind: str
    name: Link
    day: date
    originals: tuple[Link, ...]
    results: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class LineagePage:
    """The answer, and the way that led to it."""

    organisation: Link
    on: date
    found: tuple[Link, ...]
    only_itself: bool
    steps: tuple[Step, ...]


def lineage_page(lineage: Lineage, links: Links, say: Wording) -> LineagePage:
    """The content of the page."""

    def organisations(iris: tuple[str, ...]) -> tuple[Link, ...]:
        return tuple(_organisation(lineage, iri, links) for iri in iris)

    return LineagePage(
        organisation=_organisation(lineage, lineage.start, links),
        on=lineage.on,
        found=organisations(lineage.found),
        only_itself=lineage.found == (lineage.start,),
        steps=tuple(
            Step(
                _kind(event, say),
                Link(Text(event.label or _kind(event, say)), links.here(document_path(event.iri))),
                event.day,
                organisations(event.originals),
                organisations(event.results),
            )
            for event in lineage.events
        ),
    )


def lineage_representations(name: str, lineage: Lineage, on: date | None) -> list[Representation]:
    """The other forms of the page."""
    code = lineage.start.removeprefix(ORGANISATION)
    day = (("op", on.isoformat()),) if on else ()
    return [
        Representation(label, media_type, with_parameters(f"/{name}/{code}.{suffix}", day))
        for suffix, media_type, label in _FORMS
    ]


def _organisation(lineage: Lineage, iri: str, links: Links) -> Link:
    code = iri.removeprefix(ORGANISATION)
    summary = lineage.member(iri).summary
    if summary is None:
        return Link(Text(code), code=code)
    return Link(Text(summary.name, "nl"), links.here(document_path(iri)), code=code)


def _kind(event: Transition, say: Wording) -> str:
    keys = [key for kind, key in EVENT_KINDS.items() if kind in event.kinds]
    return say(f"event.{keys[0] if keys else 'change'}")
