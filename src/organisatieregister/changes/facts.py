"""Facts come, change and end: any facet, the name, the undated descriptions; and corrections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from pyoxigraph import Literal, NamedNode, Triple

from organisatieregister import facets as building
from organisatieregister.changes.checks import Step, concluded
from organisatieregister.changes.editing import cut, facet_of, plus, redated
from organisatieregister.changes.guards import require_free, require_living, require_no_code
from organisatieregister.changes.outcome import Operation, Outcome, Surroundings
from organisatieregister.changes.slots import name_slot, room_from
from organisatieregister.errors import ImpossibleDay, WrongParties
from organisatieregister.identifiers import concept_iri
from organisatieregister.periods import Period
from organisatieregister.records import Record
from organisatieregister.vocabulary import DCT, ORG, RDFS, REG

UNDATED = (DCT.description, ORG.purpose, REG.lidwoord, RDFS.seeAlso, DCT.source)


def add(record: Record, facet: Sequence[Triple], around: Surroundings) -> Outcome:
    """A new fact, with its period, as the builders of ``facets`` and ``places`` make it."""
    after, node = plus(record, facet)
    new = facet_of(after, node.value)
    on = new.period.start
    require_living(record, on, around)
    require_no_code(record, new)
    return concluded(Operation.FACET, [Step(record, after)], around, on=on)


def change(record: Record, node: str, facet: Sequence[Triple], around: Surroundings) -> Outcome:
    """From the first day of ``facet`` on it takes the place of the fact ``node``.

    The old fact ends on the day before; one that begins on the same day or later goes altogether.
    """
    old = facet_of(record, node)
    after, new_node = plus(record, facet)
    new = facet_of(after, new_node.value)
    on = new.period.start
    if on is None or old.period.ended_before(on) or new.kind is not old.kind:
        raise ImpossibleDay(
            "feit-geldt-dan-niet", record.iri,
            facet=node, period=old.period, other=new_node.value, other_period=new.period,
        )  # fmt: skip
    require_living(record, on, around)
    require_free(record, old, on, around)
    require_no_code(record, new)
    after, closed = cut(after, node, on)
    return concluded(Operation.FACET, [Step(record, after)], around, on=on, closed=closed)


def end(record: Record, node: str, on: date, around: Surroundings) -> Outcome:
    """From a day on the fact no longer holds; one that has not begun by then goes altogether."""
    old = facet_of(record, node)
    if old.period.ended_before(on):
        raise ImpossibleDay("feit-geldt-dan-niet", record.iri, facet=node, period=old.period)
    require_living(record, on, around)
    require_free(record, old, on, around)
    after, closed = cut(record, node, on)
    return concluded(Operation.FACET, [Step(record, after)], around, on=on, closed=closed)


def rename(
    record: Record, name: str, on: date, around: Surroundings,
    *, kind: str = "voorkeursnaam", language: str = "nl", source: str = "",
) -> Outcome:  # fmt: skip
    """Another name from a day on; the old one stays, and ends on the day before.

    ``kind`` is a code of Benamingtype, ``source`` an IRI. The new name inherits the end of the old
    one; a name that was planned for later stays planned.
    """
    require_living(record, on, around)
    slot = name_slot(concept_iri("Benamingtype", kind), language)
    node, period = room_from(record, slot, on, around.plural)
    facet = building.name(record.iri, kind, name, period, language=language)
    if source:
        facet = building.sourced(facet, source)
    after, closed = succeeded(record, node, facet, on, around)
    return concluded(Operation.RENAMING, [Step(record, after)], around, on=on, closed=closed)


def describe(
    record: Record, predicate: NamedNode, values: Iterable[Literal | NamedNode],
    around: Surroundings,
) -> Outcome:  # fmt: skip
    """Other values of an undated fact of the organisation: description, purpose, article …

    Raises WrongParties for a predicate that is not in ``UNDATED``.
    """
    if predicate not in UNDATED:
        raise WrongParties("geen-ongedateerd-feit", record.iri, other=predicate.value)
    require_living(record, None, around)
    old = {t for t in record.by_subject[record.iri] if t.predicate == predicate}
    new = {Triple(record.subject, predicate, value) for value in values}
    after = Record(record.iri, (record.triples - old) | new)
    return concluded(Operation.DESCRIPTION, [Step(record, after)], around, on=None)


def correct(record: Record, corrected: Record, around: Surroundings) -> Outcome:
    """The record as it should have read: a mistake was recorded.

    It may touch anything, also of an organisation that has ended and also what the KBO owns; but
    facts may not overlap, nor trees close into a ring. The reason belongs in the activity.
    """
    if corrected.iri != record.iri:
        raise WrongParties("andere-organisatie", record.iri, other=corrected.iri)
    return concluded(Operation.CORRECTION, [Step(record, corrected)], around, on=None)


def redate(record: Record, node: str, period: Period, around: Surroundings) -> Outcome:
    """A correction: the fact, or the life (``node`` the organisation), has another period."""
    if node != record.iri:
        facet_of(record, node)
    return correct(record, redated(record, NamedNode(node), period), around)


def succeeded(
    record: Record, node: str, facet: Sequence[Triple], on: date, around: Surroundings
) -> tuple[Record, tuple[str, ...]]:
    """The record in which a new facet follows an old one ("" if none), and what was closed."""
    if node:
        require_free(record, facet_of(record, node), on, around)
    after, _ = plus(record, facet)
    return cut(after, node, on) if node else (after, ())
