"""What the write API is told, as JSON; each form makes the command that it asks for."""

# ruff: noqa: D102 - what a command does is said by its form

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from organisatieregister import facets, places
from organisatieregister.changes import KBO, OVO
from organisatieregister.facets import KeyType, Triples
from organisatieregister.identifiers import KboNumber, OvoCode
from organisatieregister.periods import Period
from organisatieregister.register import Command, commands
from organisatieregister.register.commands import Newcomer, Result

Text = Annotated[str, Field(min_length=1, max_length=2000)]
Code = Annotated[str, Field(examples=["OVO000001"])]
Iri = Annotated[
    str, Field(pattern=r"^(https?://|mailto:|tel:|urn:)[^\s<>\"{}|\\^`]*$", max_length=2000)
]


class Form(BaseModel):
    """A JSON object without members that we do not know."""

    model_config = ConfigDict(extra="forbid")


class Why(Form):
    """The reason and the source, for the log that administrators read."""

    reden: str = Field("", max_length=2000)
    bron: str = Field("", max_length=2000)


class Dated(Why):
    """A change from a day on, which may lie ahead."""

    vanaf: date


class FactForm(Form):
    """A dated fact; which fields it takes depends on ``soort``."""

    soort: Literal[
        "benaming", "identificator", "classificatie", "moederorganisatie", "relatie",
        "contactpunt", "vestiging", "positie", "lidmaatschap",
    ]  # fmt: skip
    type: str = Field("", max_length=200, description="Code in the code list of this kind.")
    tekst: str = Field("", max_length=2000, description="Name, code or address as written.")
    taal: str = Field("nl", pattern="^[a-z]{2,3}$")
    waarde: Iri | None = Field(None, description="IRI: concept, organisation, person, homepage.")
    kader: Iri | None = Field(None, description="IRI of the framework of a parent.")
    positie: Iri | None = Field(None, description="IRI of the post that a member holds.")
    persoon: Iri | None = Field(None, description="IRI of the person of a membership.")
    email: str = Field("", max_length=200)
    telefoon: str = Field("", max_length=50)
    van: date | None = None
    tot: date | None = Field(None, description="The last day.")

    def triples(self, owner: str) -> Triples:
        """The facet of this owner."""
        period, value = Period(self.van, self.tot), self.waarde or ""
        if self.soort == "benaming":
            return facets.name(owner, self.type, self.tekst, period, language=self.taal)
        if self.soort == "identificator":
            known = {key.code: key for key in (OVO, KBO)}
            key_type = known.get(self.type, KeyType(self.type, self.type))
            return facets.identifier(owner, key_type, self.tekst, period)
        if self.soort == "classificatie":
            return facets.classification(owner, self.type, value, period)
        if self.soort == "moederorganisatie":
            return facets.parent(owner, value, period, framework=self.kader or "")
        if self.soort == "relatie":
            return facets.relation(owner, self.type, value, period)
        return self._place_or_post(owner, period, value)

    def _place_or_post(self, owner: str, period: Period, value: str) -> Triples:
        if self.soort == "contactpunt":
            return places.contact(
                owner, email=self.email, telephone=self.telefoon, homepage=value, period=period
            )
        if self.soort == "vestiging":
            return places.site(owner, self.type, places.Address(self.tekst), period)
        if self.soort == "positie":
            return facets.post(owner, value, period)
        return facets.membership(
            owner, member=self.persoon or "", organisation=owner, role=value,
            period=period, post=self.positie or "",
        )  # fmt: skip


class NewForm(Form):
    """An organisation to be."""

    naam: Text
    moeder: Code = ""
    kbo: str = ""
    publiek: bool = True
    feiten: list[FactForm] = Field(default_factory=list, max_length=100)

    def newcomer(self) -> Newcomer:
        """As the commands have it. Raises MalformedIdentifier."""
        return Newcomer(
            self.naam,
            iri_of(self.moeder) if self.moeder else "",
            KboNumber.parse(self.kbo) if self.kbo else None,
            self.publiek,
            [form.triples for form in self.feiten],
        )


class Registration(NewForm, Dated):
    """A new organisation, from the first day of its life on."""

    def command(self) -> Command:
        """The command that is asked for; so in every form."""
        return commands.register(self.newcomer(), Period(self.vanaf))


class Renaming(Dated):
    """Another name."""

    naam: Text
    type: str = "voorkeursnaam"
    taal: str = Field("nl", pattern="^[a-z]{2,3}$")

    def command(self, iri: str) -> Command:
        return commands.rename(iri, self.naam, self.vanaf, kind=self.type, language=self.taal)


class Move(Dated):
    """Another parent; none at all when ``moeder`` is empty."""

    moeder: Code = ""
    kader: Iri | None = None

    def command(self, iri: str) -> Command:
        parent = iri_of(self.moeder) if self.moeder else ""
        return commands.move(iri, parent, self.vanaf, framework=self.kader or "")


class NewFact(Why):
    """One more fact."""

    feit: FactForm

    def command(self, iri: str) -> Command:
        return commands.add(iri, self.feit.triples)


class ChangedFact(Why):
    """A fact that takes the place of another from its first day on."""

    facet: Iri
    feit: FactForm

    def command(self, iri: str) -> Command:
        return commands.change(iri, self.facet, self.feit.triples)


class EndedFact(Dated):
    """A fact that holds no longer from a day on."""

    facet: Iri

    def command(self, iri: str) -> Command:
        return commands.end(iri, self.facet, self.vanaf)


class Redating(Why):
    """A correction: another period of a fact; of the life, without ``facet``."""

    facet: Iri | None = None
    van: date | None = None
    tot: date | None = None

    def command(self, iri: str) -> Command:
        return commands.redate(iri, self.facet or iri, Period(self.van, self.tot))


class Merger(Dated):
    """Two or more become one: a new one, or one that is there."""

    organisaties: list[Code] = Field(min_length=1, max_length=100)
    tot: Code | NewForm

    def command(self) -> Command:
        return commands.merge([iri_of(c) for c in self.organisaties], party(self.tot), self.vanaf)


class Part(Form):
    """What comes out of a split, and who goes to it."""

    organisatie: Code | NewForm
    kinderen: list[Code] = Field(default_factory=list, max_length=1000)


class Split(Dated):
    """One becomes two or more."""

    in_: list[Part] = Field(alias="in", min_length=1, max_length=100)

    def command(self, iri: str) -> Command:
        parts = [Result(party(p.organisatie), [iri_of(c) for c in p.kinderen]) for p in self.in_]
        return commands.split(iri, parts, self.vanaf)


class Replacement(Dated):
    """Another takes its place."""

    door: Code | NewForm

    def command(self, iri: str) -> Command:
        return commands.replace(iri, party(self.door), self.vanaf)


class Dissolution(Dated):
    """The end, without a successor; ``grond`` is a concept."""

    grond: Iri | None = None

    def command(self, iri: str) -> Command:
        return commands.dissolve(iri, self.vanaf, reason=self.grond or "")


class Termination(Dated):
    """The end, without an event."""

    def command(self, iri: str) -> Command:
        return commands.terminate(iri, self.vanaf)


class Reopening(Why):
    """It did not end after all; ``gebeurtenis`` is the event by which it did."""

    gebeurtenis: Iri | None = None

    def command(self, iri: str) -> Command:
        return commands.reopen(iri, ending=self.gebeurtenis or "")


class Coupling(Dated):
    """The tie to the KBO."""

    nummer: str

    def command(self, iri: str) -> Command:
        return commands.couple(iri, KboNumber.parse(self.nummer), self.vanaf)


class Uncoupling(Dated):
    """The end of the tie to the KBO."""

    def command(self, iri: str) -> Command:
        return commands.uncouple(iri, self.vanaf)


def iri_of(code: str) -> str:
    """The organisation's IRI. Raises MalformedIdentifier."""
    return OvoCode.parse(code).iri


def party(told: str | NewForm) -> str | Newcomer:
    """An organisation that is there, or one to be."""
    return iri_of(told) if isinstance(told, str) else told.newcomer()
