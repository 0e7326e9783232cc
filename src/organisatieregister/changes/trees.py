"""The trees: the way up from an organisation, which never leads back to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from organisatieregister.facets import Facet, FacetKind, facets, life
from organisatieregister.periods import Period
from organisatieregister.records import Record
from organisatieregister.vocabulary import ORG, REG

Find = Callable[[str], Record | None]


def parent_of(facet: Facet) -> str:
    """The IRI of the organisation above, from a facet of kind PARENT."""
    above = facet.value(ORG.organization)
    return above.value if above else ""


def tree_of(facet: Facet) -> str:
    """The IRI of the framework in whose tree the facet stands; empty is the administrative tree."""
    framework = facet.value(REG.toepassingsgebied)
    return framework.value if framework else ""


def parents(record: Record, tree: str, within: Period) -> Iterator[tuple[str, Period]]:
    """The organisations above in a tree, and when within a period, as long as it lives."""
    lived = within.intersection(life(record))
    for facet in facets(record):
        if lived and facet.kind is FacetKind.PARENT and tree_of(facet) == tree:
            during = lived.intersection(facet.period)
            if during:
                yield parent_of(facet), during


def cycle(record: Record, facet: Facet, find: Find) -> tuple[str, ...] | None:
    """The way up from this parent back to the organisation, on days that they have in common.

    The IRIs from the organisation to itself; None when there is no such way. Parents that ``find``
    does not know end the way.
    """
    tree, above = tree_of(facet), parent_of(facet)
    during = facet.period.intersection(life(record))
    ahead: list[tuple[str, Period, tuple[str, ...]]] = []
    if during:
        ahead.append((above, during, (record.iri, above)))
    seen: set[tuple[str, Period]] = set()
    while ahead:
        iri, during, path = ahead.pop()
        if iri == record.iri:
            return path
        if (iri, during) in seen:
            continue
        seen.add((iri, during))
        found = find(iri)
        for higher, days in parents(found, tree, during) if found else ():
            ahead.append((higher, days, (*path, higher)))
    return None
