"""A new organisation in the register, and its tie to the KBO."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pyoxigraph import Literal, NamedNode, Triple

from organisatieregister import facets as building
from organisatieregister.changes import events
from organisatieregister.changes.checks import Step, concluded
from organisatieregister.changes.editing import cut, plus, typed
from organisatieregister.changes.guards import KBO_KEY, is_key, require_living
from organisatieregister.changes.outcome import Operation, Outcome, Surroundings
from organisatieregister.errors import ImpossibleDay, NumberTaken
from organisatieregister.facets import KeyType, facets
from organisatieregister.identifiers import KBO_ENTERPRISE, ORGANISATION, KboNumber, OvoCode
from organisatieregister.periods import ALWAYS, Period
from organisatieregister.records import Record
from organisatieregister.vocabulary import DCT, M8G, ORG, RDF, ROV

OVO = KeyType("OVO", "Digitaal Vlaanderen", f"{ORGANISATION}OVO002949", ORGANISATION)
KBO = KeyType("KBO", "Kruispuntbank van Ondernemingen", f"{ORGANISATION}OVO027341", KBO_ENTERPRISE)


def register(
    code: OvoCode, name: str, around: Surroundings,
    *, life: Period = ALWAYS, kbo: KboNumber | None = None, public: bool = True,
    more: Sequence[Sequence[Triple]] = (), founded_by: Sequence[str] | None = None,
) -> Outcome:  # fmt: skip
    """A new organisation under an OVO code that was issued for it.

    ``more`` are its other facets, as the builders make them. ``founded_by`` are the IRIs of the
    legal frameworks of its foundation, which then is an event on the first day of its life; none
    of them is known: an empty sequence; no foundation to tell of (in a merger, say): None.
    """
    if around.find(code.iri):
        raise NumberTaken("ovo-code-in-gebruik", code.iri, other=code.iri)
    node, during = NamedNode(code.iri), Period(life.start)
    classes = [ORG.Organization, *([M8G.PublicOrganisation] if public else ())]
    record = Record(
        code.iri,
        frozenset(
            [
                *(Triple(node, RDF.type, klass) for klass in classes),
                Triple(node, DCT.identifier, Literal(code.value)),
                *building.dated(node, life, code.iri),
            ]
        ),
    )
    for facet in (
        building.identifier(code.iri, OVO, code.value),
        building.name(code.iri, "voorkeursnaam", name, during),
        *more,
    ):
        record, _ = plus(record, facet)
    if kbo:
        record = _with_number(record, kbo, during)
    event = None if founded_by is None else _foundation(record, name, life, founded_by)
    return concluded(
        Operation.REGISTRATION, [Step(None, record)], around, on=life.start, event=event
    )


def couple(record: Record, number: KboNumber, on: date, around: Surroundings) -> Outcome:
    """From a day on the organisation is the enterprise with this number in the KBO."""
    require_living(record, on, around)
    after = _with_number(record, number, Period(on))
    return concluded(Operation.COUPLING, [Step(record, after)], around, on=on)


def uncouple(record: Record, on: date, around: Surroundings) -> Outcome:
    """From a day on the organisation has no KBO number any more.

    What the KBO told of it stays, and can be changed here again.
    """
    require_living(record, on, around)
    after = record
    closed: list[str] = []
    for facet in facets(record):
        if is_key(facet, KBO_KEY) and not facet.period.ended_before(on):
            after, cut_off = cut(after, facet.node.value, on)
            closed += cut_off
    if after is record:
        raise ImpossibleDay("niet-gekoppeld", record.iri, period=Period(on))
    if not any(is_key(facet, KBO_KEY) for facet in facets(after)):
        registered = Triple(record.subject, RDF.type, ROV.RegisteredOrganization)
        after = Record(after.iri, after.triples - {registered})
    return concluded(Operation.UNCOUPLING, [Step(record, after)], around, on=on, closed=closed)


def _with_number(record: Record, number: KboNumber, during: Period) -> Record:
    after, _ = plus(record, building.identifier(record.iri, KBO, number.value, during))
    return typed(after, (ORG.FormalOrganization, ROV.RegisteredOrganization))


def _foundation(record: Record, name: str, life: Period, frameworks: Sequence[str]) -> Record:
    if life.start is None:
        raise ImpossibleDay("oprichting-zonder-datum", record.iri, period=life)
    return events.event(
        events.FOUNDATION, life.start, f"Oprichting van {name}", results=[record],
        more=[(M8G.hasFormalFramework, framework) for framework in frameworks],
    )  # fmt: skip
