"""The record of one generated organisation, and those of the people who hold its posts."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from organisatieregister import facets
from organisatieregister.facets import Triples
from organisatieregister.generate import names
from organisatieregister.generate.places import contacts, sites
from organisatieregister.generate.plan import Kind, Planner, place_name
from organisatieregister.generate.wording import (
    CLASSIFICATIONS,
    LEVELS,
    PRIVATE,
    PURPOSES,
    ROLES,
    SHORT,
    name_of,
)
from organisatieregister.identifiers import (
    KBO_ENTERPRISE,
    ORGANISATION,
    OvoCode,
    part_iri,
    person_iri,
)
from organisatieregister.periods import ALWAYS, Period
from organisatieregister.records import Record, text_of
from organisatieregister.vocabulary import (
    BESLUIT,
    DCT,
    FOAF,
    M8G,
    ORG,
    PERSON,
    RDF,
    RDFS,
    REG,
    ROV,
)

OVO = facets.KeyType("OVO", "Digitaal Vlaanderen", f"{ORGANISATION}OVO002949", ORGANISATION)
KBO = facets.KeyType(
    "KBO", "Kruispuntbank van Ondernemingen", f"{ORGANISATION}OVO027341", KBO_ENTERPRISE
)
NIS = facets.KeyType("NIS", "Statbel")

_WITHOUT_KBO = frozenset({Kind.DIVISION, Kind.TEAM, Kind.LIBRARY, Kind.SCHOOL_NETWORK})


def organisation_records(planner: Planner, number: int) -> Iterator[Record]:
    """The people first, then the organisation."""
    writer = _Writer(planner, number)
    triples = writer.triples()
    for iri, name in writer.people:
        node = NamedNode(iri)
        yield _record(
            iri,
            [Triple(node, RDF.type, PERSON.Person), Triple(node, FOAF.name, Literal(name))],
        )
    yield _record(writer.iri, triples)


def _record(iri: str, triples: Triples) -> Record:
    # Not Record.of: what is generated is in normal form, as the tests prove on many.
    return Record(iri, frozenset(triples))


class _Writer:
    """Writes one organisation; gathers the people that it needs."""

    def __init__(self, planner: Planner, number: int) -> None:
        self.planner, self.number = planner, number
        self.iri = planner.iri(number)
        self.kind = planner.kind(number)
        self.life = planner.life(number)
        self.dice = planner.dice(number)
        self.people: list[tuple[str, str]] = []

    def triples(self) -> Triples:
        node, kind = NamedNode(self.iri), self.kind
        website = f"{names.slug(name_of(self.planner, self.number))}.example"
        return [
            Triple(node, DCT.identifier, Literal(self.iri[len(ORGANISATION) :])),
            *self._types(node),
            *self._texts(node),
            *facets.dated(node, self.life, self.iri),
            *self._names(),
            *self._identifiers(),
            *self._classifications(),
            *self._parents(),
            *contacts(self.dice, self.iri, website, self.life),
            *sites(self.dice, self.iri, self.planner.place(self.number), self.life, self._size()),
            *(self._posts() if kind in ROLES else ()),
            *self._relations(),
        ]

    def _size(self) -> int:
        """How many sites, and posts, beyond the ordinary."""
        return 120 if self.planner.is_very_large(self.number) else 0

    def _changed(self, probability: float) -> tuple[Period | None, Period]:
        """The period before a change and that after it; in most cases nothing changed."""
        return self.dice.change(self.life, probability)

    def _types(self, node: NamedNode) -> Triples:
        classes = [ORG.Organization]
        if self.kind not in _WITHOUT_KBO:
            classes += [ORG.FormalOrganization, ROV.RegisteredOrganization]
        if self.kind in {Kind.DIVISION, Kind.TEAM}:
            classes.append(ORG.OrganizationalUnit)
        if self.kind not in PRIVATE:
            classes.append(M8G.PublicOrganisation)
        return [Triple(node, RDF.type, klass) for klass in classes]

    def _texts(self, node: NamedNode) -> Triples:
        triples: Triples = []
        if self.dice.chance(0.3):
            purpose = PURPOSES[self.kind].format(place=place_name(self.planner, self.number))
            triples.append(Triple(node, DCT.description, Literal(purpose, language="nl")))
        if self.dice.chance(0.1):
            triples.append(Triple(node, REG.lidwoord, Literal(self.dice.pick(("de", "het")))))
        if self.kind is Kind.MUNICIPALITY:
            area = NamedNode(part_iri(self.iri, "werkingsgebied", "grondgebied"))
            name = place_name(self.planner, self.number)
            triples += [
                Triple(node, DCT.spatial, area),
                Triple(node, BESLUIT.werkingsgebied, area),
                Triple(area, RDF.type, DCT.Location),
                Triple(area, RDFS.label, Literal(name, language="nl")),
            ]
        return triples

    def _names(self) -> Triples:
        name = name_of(self.planner, self.number)
        before, after = self._changed(0.15)
        triples = facets.name(self.iri, "voorkeursnaam", name, after)
        if before:
            former = name_of(self.planner, self.number, former=True)
            triples += facets.name(self.iri, "voorkeursnaam", former, before)
        if self.kind in SHORT:
            short = SHORT[self.kind].format(place=place_name(self.planner, self.number))
            triples += facets.name(self.iri, "korte-naam", short)
        if self.dice.chance(0.05):
            triples += facets.name(self.iri, "alternatieve-naam", f"{name} (dienstverlening)")
        return triples

    def _identifiers(self) -> Triples:
        code = OvoCode(self.iri[len(ORGANISATION) :])
        triples = facets.identifier(self.iri, OVO, code.value)
        if self.kind not in _WITHOUT_KBO:
            stem = 1_000_000 + self.number  # numbers that begin with 01 were never given out
            triples += facets.identifier(self.iri, KBO, f"{stem:08d}{97 - stem % 97:02d}")
        if self.kind is Kind.MUNICIPALITY:
            before, after = self._changed(0.15)
            nis = 10_000 + 2 * self.planner.place(self.number) % 80_000
            triples += facets.identifier(self.iri, NIS, str(nis), after)
            if before:
                triples += facets.identifier(self.iri, NIS, str(nis + 1), before)
        return triples

    def _classifications(self) -> Triples:
        triples = facets.classification(self.iri, "Bestuursniveau", LEVELS[self.kind])
        if concept := CLASSIFICATIONS.get(self.kind):
            triples += facets.classification(self.iri, "Organisatieclassificatie", concept)
        return triples

    def _parents(self) -> Triples:
        parent, before = self.planner.parent(self.number), None
        if parent is None:
            return []
        earlier = self.planner.other_parent(self.number)
        if earlier is not None:
            before, after = self._changed(0.12)
        else:
            after = ALWAYS
        triples = facets.parent(self.iri, self.planner.iri(parent), after)
        if before and earlier is not None:
            triples += facets.parent(self.iri, self.planner.iri(earlier), before)
        return triples

    def _posts(self) -> Triples:
        triples: Triples = []
        extra = self._size()
        for place in range((1 if self.dice.chance(0.28) else 0) + extra):
            role = ROLES[self.kind][place % len(ROLES[self.kind])]
            post = facets.post(self.iri, role, key=f"post {place}")
            triples += post
            before, after = self._changed(0.3)
            for term, period in enumerate(p for p in (before, after) if p is not None):
                triples += self._holder(role, text_of(post[0].object), period, f"{place}.{term}")
        return triples

    def _holder(self, role: str, post: str, period: Period, key: str) -> Triples:
        person = person_iri(f"{self.planner.seed}|{self.number}|{key}")
        self.people.append((person, names.person(self.dice)))
        return facets.membership(
            self.iri, member=person, organisation=self.iri, role=role, period=period, post=post
        )

    def _relations(self) -> Triples:
        if self.number == 0 or not self.dice.chance(0.08):
            return []
        other = self.dice.below(self.number)
        return facets.relation(self.iri, "werkt-samen-met", self.planner.iri(other))
