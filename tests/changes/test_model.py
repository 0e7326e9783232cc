"""Random operations, held to a model that tells the rules day by day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from organisatieregister import changes, facets, places
from organisatieregister.changes import KBO, Outcome, Surroundings
from organisatieregister.errors import ChangeRefused
from organisatieregister.facets import FacetKind, Triples
from organisatieregister.identifiers import KBO_ENTERPRISE, KboNumber, OvoCode
from organisatieregister.periods import Period
from organisatieregister.records import Record, text_of
from organisatieregister.vocabulary import DCT, ORG, REG, SCHEMA
from tests.changes.book import NIS, VLIMPERS, Book, linked, said
from tests.changes.model import FIRST, LAST, TREES, Broken, Days, Fact, World, span
from tests.examples import kbo_number

CODES = tuple(OvoCode.of(number).value for number in range(1, 8))
FIRST_CODES = CODES[:5]
NUMBERS = tuple(kbo_number(2_074_538 + number) for number in range(2))
MORNING = date(2024, 12, 27)
KINDS = ("naam", "kort", "wettelijk", "nis", "niveau", "zetel", "contact", *TREES, *TREES)
NAMES = {"naam": "voorkeursnaam", "kort": "korte-naam", "wettelijk": "wettelijke-naam"}

Span = tuple[int | None, int | None]

codes = st.sampled_from(FIRST_CODES)
ons = st.integers(1, LAST - 1)
nth = st.integers(0, 20)
kinds = st.sampled_from(KINDS)
values = st.sampled_from("abc")
some_codes = st.lists(codes, max_size=3)
children = st.sets(codes) | st.just(set(FIRST_CODES))


@st.composite
def _spans(draw: st.DrawFn) -> Span:
    start = draw(st.none() | ons)
    end = draw(st.none() | st.integers(start or FIRST, LAST - 1))
    return start, end


spans = _spans()
lives = st.just((None, None)) | ons.map(lambda start: (start, None)) | spans


# --- between the days of the model and those of the register -----------------------------------


def day(number: int) -> date:
    return MORNING + timedelta(days=number)


def period(start: int | None, end: int | None) -> Period:
    return Period(day(start) if start is not None else None, day(end) if end is not None else None)


def days_of(period: Period) -> Days:
    start = (period.start - MORNING).days if period.start else None
    end = (period.end - MORNING).days if period.end else None
    return span(start, end)


def iri(code: str) -> str:
    return OvoCode(code).iri if code else ""


def facet(owner: str, kind: str, value: str, during: Period, of_kbo: bool = False) -> Triples:
    own = iri(owner)
    level = f"https://data.vlaanderen.be/id/concept/Bestuursniveau/{value}"
    built: dict[str, Callable[[], Triples]] = {
        "naam": lambda: facets.name(own, "voorkeursnaam", value, during),
        "kort": lambda: facets.name(own, "korte-naam", value, during),
        "wettelijk": lambda: facets.name(own, "wettelijke-naam", value, during),
        "nis": lambda: facets.identifier(own, NIS, value, during),
        "kbo": lambda: facets.identifier(own, KBO, value, during),
        "niveau": lambda: facets.classification(own, "Bestuursniveau", level, during),
        "zetel": lambda: places.site(own, "hoofdvestiging", places.Address(value), during),
        "contact": lambda: places.contact(own, email=value, period=during),
        "moeder": lambda: facets.parent(own, iri(value), during),
        "vlimpers": lambda: facets.parent(own, iri(value), during, framework=VLIMPERS),
    }
    made = built[kind]()
    return facets.sourced(made, KBO_ENTERPRISE + NUMBERS[0]) if of_kbo else made


KIND_OF_TYPE = {
    **{type_: kind for kind, type_ in NAMES.items()},
    "NIS": "nis",
    "KBO": "kbo",
    "Bestuursniveau": "niveau",
    "hoofdvestiging": "zetel",
}


def facts_of(record: Record) -> list[tuple[str, str, Days, str]]:
    """Kind, value, days and node of each fact but the OVO code."""
    found = []
    for each in facets.facets(record):
        type_ = each.value(DCT.type)
        code = type_.value.rpartition("/")[2] if type_ else ""
        value = said(each).rpartition("/")[2]
        if code == "OVO":
            continue
        if each.kind is FacetKind.PARENT:
            kind = "vlimpers" if each.value(REG.toepassingsgebied) else "moeder"
        elif each.kind is FacetKind.CONTACT:
            email = each.value(SCHEMA.email)
            kind, value = "contact", email.value if email else ""
        else:
            kind = KIND_OF_TYPE[code]
        if kind == "zetel":
            value = next(
                text_of(t.object) for t in each.nested if "fullAddress" in str(t.predicate)
            )
        found.append((kind, value, days_of(each.period), each.node.value))
    return found


class Lives(RuleBasedStateMachine):
    """The register and the model go through the same operations."""

    def __init__(self) -> None:
        super().__init__()
        self.book = Book(today=day(2))
        self.world = World(today=2)

    @initialize(names=st.tuples(*[values for _ in FIRST_CODES]), lived=st.lists(lives, max_size=3))
    def begin(self, names: tuple[str, ...], lived: list[Span]) -> None:
        spans = [*lived, *[(None, None)] * len(FIRST_CODES)]
        for code, name, span_ in zip(FIRST_CODES, names, spans, strict=False):
            self.register(code, name, span_, "")

    # --- facts ---------------------------------------------------------------------------

    @rule(
        code=st.sampled_from(CODES),
        name=values,
        lived=lives,
        number=st.sampled_from(("", *NUMBERS)),
    )
    def register(self, code: str, name: str, lived: Span, number: str) -> None:
        if code in self.world.bodies:
            return
        kbo = KboNumber(number) if number else None
        self.both(
            lambda: self.world.register(code, name, span(*lived), number),
            lambda: changes.register(
                OvoCode(code), name, self.around(), life=period(*lived), kbo=kbo
            ),
        )

    @rule(code=codes, kind=kinds, value=values, parent=codes, during=spans, of_kbo=st.booleans())
    def add(
        self, code: str, kind: str, value: str, parent: str, during: Span, of_kbo: bool
    ) -> None:
        said_ = parent if kind in TREES else value
        owned = of_kbo and kind == "wettelijk"
        self.both(
            lambda: self.world.add(code, Fact(kind, said_, span(*during), owned)),
            lambda: changes.add(
                self.book[code], facet(code, kind, said_, period(*during), owned), self.around()
            ),
        )

    @precondition(lambda self: self.all_have_facts())
    @rule(code=codes, nth=nth, value=values, parent=codes, during=spans, kbo=st.booleans())
    def change(self, code: str, nth: int, value: str, parent: str, during: Span, kbo: bool) -> None:
        fact, node = self.picked(code, nth)
        said_ = {"kbo": NUMBERS[0]}.get(fact.kind, parent if fact.kind in TREES else value)
        self.both(
            lambda: self.world.change(code, fact, Fact(fact.kind, said_, span(*during)), kbo),
            lambda: changes.change(
                self.book[code], node, facet(code, fact.kind, said_, period(*during)),
                self.around(kbo),
            ),
        )  # fmt: skip

    @precondition(lambda self: self.all_have_facts())
    @rule(code=codes, nth=nth, on=ons, kbo=st.booleans())
    def end(self, code: str, nth: int, on: int, kbo: bool) -> None:
        fact, node = self.picked(code, nth)
        self.both(
            lambda: self.world.end(code, fact, on, kbo),
            lambda: changes.end(self.book[code], node, day(on), self.around(kbo)),
        )

    @rule(code=codes, kind=st.sampled_from(sorted(NAMES)), value=values, on=ons, kbo=st.booleans())
    def rename(self, code: str, kind: str, value: str, on: int, kbo: bool) -> None:
        self.both(
            lambda: self.world.succeed(code, kind, value, on, kbo),
            lambda: changes.rename(
                self.book[code], value, day(on), self.around(kbo), kind=NAMES[kind]
            ),
        )

    @rule(code=codes, tree=st.sampled_from(TREES), parent=codes | st.just(""), on=ons)
    def move(self, code: str, tree: str, parent: str, on: int) -> None:
        framework = VLIMPERS if tree == "vlimpers" else ""
        self.both(
            lambda: self.world.succeed(code, tree, parent, on, False),
            lambda: changes.move(
                self.book[code], iri(parent), day(on), self.around(), framework=framework
            ),
        )

    @precondition(lambda self: self.all_have_facts())
    @rule(code=codes, nth=nth, during=spans)
    def redate(self, code: str, nth: int, during: Span) -> None:
        fact, node = self.picked(code, nth)
        if fact.kind != "kbo":
            self.both(
                lambda: self.world.redate(fact, span(*during)),
                lambda: changes.redate(self.book[code], node, period(*during), self.around()),
            )

    @rule(code=codes, number=st.sampled_from(NUMBERS), on=ons)
    def couple(self, code: str, number: str, on: int) -> None:
        self.both(
            lambda: self.world.couple(code, number, on),
            lambda: changes.couple(self.book[code], KboNumber(number), day(on), self.around()),
        )

    @precondition(lambda self: self.coupled())
    @rule(nth=nth, on=ons)
    def uncouple(self, nth: int, on: int) -> None:
        code = self.coupled()[nth % len(self.coupled())]
        self.both(
            lambda: self.world.uncouple(code, on),
            lambda: changes.uncouple(self.book[code], day(on), self.around()),
        )

    # --- lives ---------------------------------------------------------------------------

    @rule(code=codes, lived=lives)
    def relive(self, code: str, lived: Span) -> None:
        self.both(
            lambda: self.world.relive(code, span(*lived)),
            lambda: changes.redate(self.book[code], iri(code), period(*lived), self.around()),
        )

    @rule(code=codes, on=ons, with_event=st.booleans())
    def terminate(self, code: str, on: int, with_event: bool) -> None:
        in_model = self.world.dissolve if with_event else self.world.terminate
        in_register = changes.dissolve if with_event else changes.terminate
        self.both(
            lambda: in_model(code, on),
            lambda: in_register(self.book[code], day(on), self.around()),
        )

    @precondition(lambda self: self.ended())
    @rule(nth=nth)
    def reopen(self, nth: int) -> None:
        code = self.ended()[nth % len(self.ended())]
        self.both(
            lambda: self.world.reopen(code),
            lambda: changes.reopen(self.book[code], self.around()),
        )

    @rule(originals=some_codes, into=codes, on=ons, children=children)
    def merge(self, originals: list[str], into: str, on: int, children: set[str]) -> None:
        parties: set[str] = set()
        outcome = self.both(
            lambda: parties.update(self.world.merge(originals, into, on, sorted(children))),
            lambda: changes.merge(
                self.records(originals), self.book[into], day(on), self.around(),
                children=self.records(children),
            ),
        )  # fmt: skip
        if outcome:
            event = self.book.records[outcome.event or ""]
            assert linked(event, ORG.originalOrganization) == parties
            assert linked(event, ORG.resultingOrganization) == {into}

    @rule(original=codes, into=some_codes, on=ons, children=children)
    def split(self, original: str, into: list[str], on: int, children: set[str]) -> None:
        self.both(
            lambda: self.world.split(original, into, on, sorted(children)),
            lambda: changes.split(
                self.book[original], self.records(into), day(on), self.around(),
                children={iri(into[0]): self.records(children)} if into else {},
            ),
        )  # fmt: skip

    @rule(original=codes, by=codes, on=ons, children=children)
    def replace(self, original: str, by: str, on: int, children: set[str]) -> None:
        self.both(
            lambda: self.world.replace(original, by, on, sorted(children)),
            lambda: changes.replace(
                self.book[original], self.book[by], day(on), self.around(),
                children=self.records(children),
            ),
        )  # fmt: skip

    @precondition(lambda self: self.world.today < LAST)
    @rule()
    def midnight(self) -> None:
        self.world.today += 1
        self.book.today = day(self.world.today)

    @invariant()
    def the_register_holds_what_the_model_holds(self) -> None:
        for code, body in self.world.bodies.items():
            record = self.book[code]
            assert days_of(facets.life(record)) == body.days
            real = sorted((kind, value, sorted(days)) for kind, value, days, _ in facts_of(record))
            assert real == sorted((f.kind, f.value, sorted(f.days)) for f in body.facts)

    # --- both sides ----------------------------------------------------------------------

    def both(
        self, in_model: Callable[[], object], in_register: Callable[[], Outcome]
    ) -> Outcome | None:
        """Do it in both: both do the same, or both refuse, and for the same reason."""
        try:
            in_model()
        except Broken as broken:
            with pytest.raises(ChangeRefused) as refused:
                in_register()
            assert type(refused.value).__name__ in broken.names, (refused.value, broken.names)
            return None
        return self.book.write(in_register())

    def around(self, through_kbo: bool = False) -> Surroundings:
        return self.book.seen(through_kbo=through_kbo)

    def records(self, codes: Iterable[str]) -> list[Record]:
        return [self.book[code] for code in codes]

    def picked(self, code: str, nth: int) -> tuple[Fact, str]:
        """One of the facts in the model, and its node in the register."""
        facts = self.world.bodies[code].facts
        fact = facts[nth % len(facts)]
        [node] = [
            node
            for kind, value, days, node in facts_of(self.book[code])
            if (kind, value, days) == (fact.kind, fact.value, fact.days)
        ]
        return fact, node

    def all_have_facts(self) -> bool:
        return all(body.facts for body in self.world.bodies.values())

    def ended(self) -> list[str]:
        return [code for code, body in self.world.bodies.items() if max(body.days) < LAST]

    def coupled(self) -> list[str]:
        return [
            code
            for code, body in self.world.bodies.items()
            if any(fact.kind == "kbo" for fact in body.facts)
        ]


def live(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_thousands_of_random_operations_agree_with_the_model() -> None:
    live(examples=100, steps=40)


@pytest.mark.slow
def test_a_hundred_thousand_random_operations_agree_with_the_model(
    request: pytest.FixtureRequest,
) -> None:
    if "slow" not in request.config.getoption("-m"):
        pytest.skip("run with -m slow")
    live(examples=1_000, steps=100)
