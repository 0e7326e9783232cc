"""What the page of an organisation says: its document, put in the order in which people read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from pyoxigraph import NamedNode

from organisatieregister.facets import Facet, FacetKind, facets, life
from organisatieregister.records import Record
from organisatieregister.validity import INACTIVE, in_force, status
from organisatieregister.vocabulary import (
    BESLUIT,
    DCT,
    ORG,
    REG,
    ROV,
    SKOS,
    SKOSXL,
)
from organisatieregister.web.pages.codes import Code, codes_of
from organisatieregister.web.pages.contact import Contact, contact_of
from organisatieregister.web.pages.families import rank
from organisatieregister.web.pages.links import Link, Links, external, last_part, sort_key
from organisatieregister.web.pages.statements import Statements, Text
from organisatieregister.web.pages.wording import Wording

CHILDREN_AT_ONCE = 12
CHILDREN_AT_MOST = 500  # more than these are left to the list


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the organisation is in its life on the day; ``day`` is its end or its beginning."""

    stage: Literal["active", "ended", "founding", "inactive"]
    day: date | None = None


@dataclass(frozen=True, slots=True)
class DatedName:
    """A name that the organisation had, and when, in words."""

    text: Text
    when: str


@dataclass(frozen=True, slots=True)
class Classified:
    """A classification: the kind, the concept (a link to the list of its members), the source."""

    kind: Text
    concept: Link
    source: Link | None


@dataclass(frozen=True, slots=True)
class Post:
    """A post and who holds it."""

    role: Link
    holders: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """Another organisation, and in what way it is related."""

    kind: Text
    other: Link


@dataclass(frozen=True, slots=True)
class Children:
    """The organisations directly below: the first, the folded ones, and where all are listed."""

    first: tuple[Link, ...]
    folded: tuple[Link, ...]
    total: int
    listed_at: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """All that the page shows of an organisation on a day, but for the table of facts."""

    iri: str
    code: str
    name: Text
    standing: Standing
    short_names: tuple[Text, ...]
    legal_names: tuple[Text, ...]
    other_names: tuple[Text, ...]
    former_names: tuple[DatedName, ...]
    description: Text
    purpose: Text
    codes: tuple[Code, ...]
    classified: tuple[Classified, ...]
    contact: Contact
    parents: tuple[Link, ...]
    children: Children
    posts: tuple[Post, ...]
    relations: tuple[Relation, ...]
    events: tuple[Link, ...]
    successors: tuple[Link, ...]
    predecessors: tuple[Link, ...]
    territory: tuple[Link, ...]
    sources: tuple[Link, ...]


def read_organisation(
    record: Record, statements: Statements, links: Links, say: Wording, on: date
) -> Organisation:
    """The organisation as its document describes it."""
    reading = _Reading(record, statements, links, say, on)
    iri, name = record.iri, statements.label(record.iri) or Text(last_part(record.iri))
    short = statements.texts(iri, REG.korteNaam)
    events = {*statements.iris(iri, ORG.changedBy), *statements.iris(iri, ORG.resultedFrom)}
    return Organisation(
        iri=iri,
        code=last_part(iri),
        name=name,
        standing=reading.standing(),
        short_names=tuple(text for text in short if text != name),
        legal_names=tuple(statements.texts(iri, ROV.legalName)),
        other_names=tuple(t for t in statements.texts(iri, SKOS.altLabel) if t not in short),
        former_names=reading.former_names(),
        description=statements.text(iri, DCT.description),
        purpose=statements.text(iri, ORG.purpose),
        codes=codes_of(iri, statements, links),
        classified=reading.classified(),
        contact=contact_of(iri, statements),
        parents=links.all(statements.iris(iri, ORG.subOrganizationOf)),
        children=reading.children(),
        posts=reading.posts(),
        relations=reading.relations(),
        events=links.all(events),
        successors=links.all(statements.iris(iri, DCT.isReplacedBy)),
        predecessors=links.all(statements.iris(iri, DCT.replaces)),
        territory=reading.territory(),
        sources=tuple(links.source(source) for source in statements.iris(iri, DCT.source)),
    )


class _Reading:
    """One record, its document, and the day on which it is read."""

    def __init__(
        self, record: Record, statements: Statements, links: Links, say: Wording, on: date
    ) -> None:
        self._record, self._statements, self._links, self._say = record, statements, links, say
        self._on, self._life = on, life(record)
        self._in_force = {facet.node for facet in in_force(record, on)}

    def standing(self) -> Standing:
        period = self._life
        if period.ended_before(self._on):
            return Standing("ended", period.end)
        if period.begins_after(self._on):
            return Standing("founding", period.start)
        if status(self._record, self._on) == INACTIVE:
            return Standing("inactive")
        return Standing("active", period.end)

    def former_names(self) -> tuple[DatedName, ...]:
        """The names that are past, the latest first; their periods stand in the record."""
        former = set(self._statements.texts(self._record.iri, SKOS.hiddenLabel))
        dated: dict[Text, list[Facet]] = {text: [] for text in former}
        for facet in facets(self._record):
            text = _literal(facet, SKOSXL.literalForm)
            if facet.kind is FacetKind.NAME and text in dated:
                dated[text].append(facet)
        ends = {
            text: max((f.period.end for f in found if f.period.end), default=date.min)
            for text, found in dated.items()
        }
        return tuple(
            DatedName(text, "; ".join(self._say.period(facet.period) for facet in dated[text]))
            for text in sorted(former, key=lambda t: (ends[t], t.value), reverse=True)
        )

    def classified(self) -> tuple[Classified, ...]:
        found = [
            (rank(_iri(facet, REG.concept)), self._classification(facet))
            for facet in self._current(FacetKind.CLASSIFICATION)
        ]
        found.sort(key=lambda pair: (pair[0], pair[1].kind.value, pair[1].concept.text.value))
        return tuple(classified for _, classified in found)

    def _classification(self, facet: Facet) -> Classified:
        kind, concept = _iri(facet, DCT.type), _iri(facet, REG.concept)
        source = _iri(facet, DCT.source)
        text = self._statements.label(concept) or Text(last_part(concept))
        listed = self._links.here("/doc/organisatie", ("classificatie", concept))
        return Classified(
            kind=self._statements.label(kind) or Text(last_part(kind)),
            concept=Link(text.cut(200), listed),
            source=self._links.source(source) if source else None,
        )

    def children(self) -> Children:
        iri = self._record.iri
        found = self._links.all(self._statements.iris(iri, ORG.hasSubOrganization))
        shown = _codes_where_needed(found)
        return Children(
            first=shown[:CHILDREN_AT_ONCE],
            folded=shown[CHILDREN_AT_ONCE:CHILDREN_AT_MOST],
            total=len(found),
            listed_at=self._links.here("/doc/organisatie", ("ouder", last_part(iri))),
        )

    def posts(self) -> tuple[Post, ...]:
        return tuple(
            Post(
                role=self._links.to(self._statements.iri(node, ORG.role)),
                holders=self._links.all(self._statements.iris(node, ORG.heldBy)),
            )
            for node in self._statements.iris(self._record.iri, ORG.hasPost)
        )

    def relations(self) -> tuple[Relation, ...]:
        found = []
        for facet in self._current(FacetKind.RELATION):
            kind = _iri(facet, DCT.type)
            other = self._links.to(_iri(facet, REG.gerelateerdeOrganisatie))
            found.append(Relation(self._statements.label(kind) or Text(last_part(kind)), other))
        return tuple(sorted(found, key=lambda r: (r.kind.value, sort_key(r.other.text.value))))

    def territory(self) -> tuple[Link, ...]:
        """The area that it works in, and the same area in other registers."""
        iri = self._record.iri
        areas = {
            *self._statements.iris(iri, BESLUIT.werkingsgebied),
            *self._statements.iris(iri, DCT.spatial),
        }
        return tuple(
            external(match)
            for area in sorted(areas)
            for match in self._statements.iris(area, SKOS.exactMatch)
        )

    def _current(self, kind: FacetKind) -> Iterator[Facet]:
        for facet in facets(self._record):
            if facet.kind is kind and facet.node in self._in_force:
                yield facet


def _codes_where_needed(links: Sequence[Link]) -> tuple[Link, ...]:
    """The links, with a code only where several have the same name."""
    counts = Counter(link.text for link in links)
    return tuple(
        link if counts[link.text] > 1 or not link.href else replace(link, code="") for link in links
    )


def _iri(facet: Facet, predicate: NamedNode) -> str:
    value = facet.value(predicate)
    return value.value if isinstance(value, NamedNode) else ""


def _literal(facet: Facet, predicate: NamedNode) -> Text:
    value = facet.value(predicate)
    if value is None or isinstance(value, NamedNode):
        return Text("")
    return Text(value.value, value.language or "")
