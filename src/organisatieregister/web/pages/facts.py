"""The table of facts: everything the record holds, each with its period and its source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pyoxigraph import NamedNode

from organisatieregister.facets import Facet, FacetKind, facets
from organisatieregister.records import Record, text_of
from organisatieregister.validity import in_force
from organisatieregister.vocabulary import (
    DCT,
    FOAF,
    LOCN,
    ORG,
    RDF,
    REG,
    SCHEMA,
    SKOS,
    SKOSXL,
    shorten,
)
from organisatieregister.web.pages.codes import code_as_written
from organisatieregister.web.pages.contact import address_lines
from organisatieregister.web.pages.links import Link, Links, last_part
from organisatieregister.web.pages.statements import Statements, Text
from organisatieregister.web.pages.wording import Wording, telephone

_VALUE_LENGTH = 500  # characters

_VALUES = {
    FacetKind.NAME: (SKOSXL.literalForm,),
    FacetKind.IDENTIFIER: (SKOS.notation,),
    FacetKind.CLASSIFICATION: (REG.concept,),
    FacetKind.PARENT: (ORG.organization, REG.toepassingsgebied),
    FacetKind.RELATION: (REG.gerelateerdeOrganisatie,),
    FacetKind.CONTACT: (FOAF.homepage, SCHEMA.telephone, SCHEMA.email),
    FacetKind.POST: (ORG.role,),
    FacetKind.MEMBERSHIP: (ORG.member,),
    FacetKind.STATUS: (REG.concept,),
}
_NOT_VALUES = (RDF.type, DCT.temporal, DCT.source, SCHEMA.startDate, SCHEMA.endDate)


@dataclass(frozen=True, slots=True)
class Fact:
    """One dated fact; ``kind`` is empty when the group's heading says it all."""

    kind: Text
    values: tuple[Link, ...]
    when: str
    current: bool
    source: Link | None


@dataclass(frozen=True, slots=True)
class FactGroup:
    """The facts of one kind, those in force first, then the latest."""

    kind: FacetKind
    facts: tuple[Fact, ...]


def facts_of(
    record: Record, statements: Statements, links: Links, say: Wording, on: date
) -> tuple[FactGroup, ...]:
    """All facts of an organisation, also those that are past or still to come."""
    table = _Table(record, statements, links, say, on)
    groups: dict[FacetKind, list[Facet]] = {}
    for facet in facets(record):
        groups.setdefault(facet.kind, []).append(facet)
    return tuple(
        FactGroup(kind, tuple(table.fact(facet) for facet in table.in_order(groups[kind])))
        for kind in FacetKind
        if kind in groups
    )


class _Table:
    """Facets of one record as rows."""

    def __init__(
        self, record: Record, statements: Statements, links: Links, say: Wording, on: date
    ) -> None:
        self._statements, self._links, self._say = statements, links, say
        self._in_force = {facet.node for facet in in_force(record, on)}

    def in_order(self, found: list[Facet]) -> list[Facet]:
        return sorted(
            found,
            key=lambda facet: (
                facet.node not in self._in_force,
                -(facet.period.start or date.min).toordinal(),
                facet.node.value,
            ),
        )

    def fact(self, facet: Facet) -> Fact:
        kind = facet.value(DCT.type)
        if facet.kind is FacetKind.MEMBERSHIP:
            kind = facet.value(ORG.role)
        source = facet.value(DCT.source)
        label = self._statements.label(kind.value) or Text(last_part(kind.value)) if kind else None
        return Fact(
            kind=label or Text(""),
            values=tuple(self._values(facet)),
            when=self._say.period(facet.period),
            current=facet.node in self._in_force,
            source=self._links.source(source.value) if source else None,
        )

    def _values(self, facet: Facet) -> Iterator[Link]:
        if facet.kind is FacetKind.SITE:
            yield from self._addresses(facet)
            return
        wanted = _VALUES.get(facet.kind)
        for triple in sorted(facet.own, key=str):
            if triple.predicate in _NOT_VALUES or (wanted and triple.predicate not in wanted):
                continue
            value = text_of(triple.object)
            if isinstance(triple.object, NamedNode):
                yield self._links.to(value)
            elif triple.predicate == SKOS.notation:
                yield Link(Text(code_as_written(_kind_of(facet), value)).cut(_VALUE_LENGTH))
            elif triple.predicate == SCHEMA.telephone:
                yield Link(Text(telephone(value)).cut(_VALUE_LENGTH))
            else:
                yield Link(
                    Text(value, getattr(triple.object, "language", "") or "").cut(_VALUE_LENGTH)
                )

    def _addresses(self, facet: Facet) -> Iterator[Link]:
        for triple in facet.nested:
            if triple.predicate == LOCN.address:
                lines = address_lines(text_of(triple.object), self._statements)
                yield Link(Text(", ".join(line.value for line in lines)))


@dataclass(frozen=True, slots=True)
class Statement:
    """A predicate in short form and its objects."""

    predicate: Link
    objects: tuple[Link, ...]


def all_statements(iri: str, statements: Statements, links: Links) -> tuple[Statement, ...]:
    """Everything that is said of a resource, for records that have no page of their own."""
    return tuple(
        Statement(
            Link(Text(shorten(predicate.value)), predicate.value, external=True),
            tuple(
                links.to(o.value)
                if isinstance(o, NamedNode)
                else Link(Text(o.value, o.language or "").cut(_VALUE_LENGTH))
                for o in statements.objects(iri, predicate)
            ),
        )
        for predicate in statements.predicates(iri)
    )


def _kind_of(facet: Facet) -> str:
    kind = facet.value(DCT.type)
    return last_part(kind.value) if kind else ""
