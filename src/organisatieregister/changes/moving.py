"""An organisation gets another parent, by itself or because its parent ends."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from organisatieregister import facets as building
from organisatieregister.changes.checks import Step, concluded
from organisatieregister.changes.editing import cut, plus
from organisatieregister.changes.facts import succeeded
from organisatieregister.changes.guards import require_living
from organisatieregister.changes.outcome import Operation, Outcome, Surroundings
from organisatieregister.changes.slots import parent_slot, room_from
from organisatieregister.changes.trees import parent_of, tree_of
from organisatieregister.errors import ImpossibleDay
from organisatieregister.facets import FacetKind, facets, life
from organisatieregister.periods import Period
from organisatieregister.records import Record


def move(
    record: Record, parent: str, on: date, around: Surroundings, *, framework: str = ""
) -> Outcome:
    """Another organisation above this one from a day on; "" is none: it comes to stand on top.

    In the administrative tree, or in that of a framework (IRI). The new parent inherits the end of
    the old one; a move that was planned for later stays planned.
    """
    require_living(record, on, around)
    node, period = room_from(record, parent_slot(framework), on, around.plural)
    if parent:
        facet = building.parent(record.iri, parent, period, framework=framework)
        after, closed = succeeded(record, node, facet, on, around)
    elif node:
        after, closed = cut(record, node, on)
    else:
        raise ImpossibleDay("geen-moederorganisatie", record.iri, period=period)
    return concluded(Operation.MOVE, [Step(record, after)], around, on=on, closed=closed)


def transferred(
    children: Iterable[Record], gone: Collection[str], to: Record, on: date
) -> Iterator[tuple[Step, tuple[str, ...]]]:
    """The children of organisations that end, moved to another from a day on, in every tree.

    With each the facets that were closed. Children that ended themselves are left alone.
    """
    for child in children:
        if child.iri in gone or life(child).ended_before(on):
            continue
        after = child
        closed: list[str] = []
        for facet in facets(child):
            if facet.kind is FacetKind.PARENT and parent_of(facet) in gone:
                if facet.period.ended_before(on):
                    continue
                start = max(facet.period.start or on, on)
                period = Period(start, facet.period.end)
                after, _ = plus(
                    after,
                    building.parent(child.iri, to.iri, period, framework=tree_of(facet)),
                )
                after, cut_off = cut(after, facet.node.value, on)
                closed += cut_off
        yield Step(child, after), tuple(closed)
