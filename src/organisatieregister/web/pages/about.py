"""What a page says about itself: its other forms, how to cite it, and who may use it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from organisatieregister.publication import LICENCE
from organisatieregister.representations import REPRESENTATIONS
from organisatieregister.web.pages.links import with_parameters
from organisatieregister.web.pages.statements import Text
from organisatieregister.web.pages.wording import Wording, in_brussels
from organisatieregister.web.routing import document_path

_NAMES = MappingProxyType(
    {
        "ttl": "Turtle",
        "jsonld": "JSON-LD",
        "json": "JSON",
        "nt": "N-Triples",
        "nq": "N-Quads",
        "trig": "TriG",
        "rdf": "RDF/XML",
    }
)


@dataclass(frozen=True, slots=True)
class Representation:
    """The same document in another format."""

    name: str
    media_type: str
    href: str


@dataclass(frozen=True, slots=True)
class About:
    """The document's IRIs, its representations, its citation and its licence."""

    iri: str
    iri_href: str
    query_href: str
    modified: str
    modified_iso: str
    representations: tuple[Representation, ...]
    citation: str
    licence: str = LICENCE.value


def about(
    iri: str, name: Text, modified: datetime, parameters: tuple[tuple[str, str], ...], say: Wording
) -> About:
    """What the page about a resource says of itself; ``parameters`` are the reader's choices."""
    query = f"DESCRIBE <{iri}>"
    return About(
        iri=iri,
        iri_href=with_parameters(document_path(iri), _language(say)),
        query_href=with_parameters("/sparql", [("voorbeeld", query), *_language(say)]),
        modified=say.moment(modified),
        modified_iso=modified.isoformat(timespec="seconds"),
        representations=representations(iri, parameters),
        citation=say(
            "about.cite",
            name=name.cut(300).value,
            iri=iri,
            year=in_brussels(modified).year,
            day=say.day(in_brussels(modified).date()),
        ),
    )


def representations(
    iri: str, parameters: tuple[tuple[str, str], ...] = ()
) -> tuple[Representation, ...]:
    """The forms of the document about a resource, but for the page itself."""
    return tuple(
        Representation(
            name=_NAMES[form.suffix],
            media_type=form.media_type,
            href=with_parameters(document_path(iri, form.suffix), parameters),
        )
        for form in REPRESENTATIONS
        if form.suffix in _NAMES
    )


def choices(on: date, *, dated: bool, historic: bool) -> tuple[tuple[str, str], ...]:
    """The query parameters that lead to the same content again."""
    day = (("op", on.isoformat()),) if dated else ()
    return (*day, ("historiek", "1")) if historic else day


def _language(say: Wording) -> list[tuple[str, str]]:
    return [("taal", "en")] if say.language == "en" else []
