"""Who may do what: one table of roles, operations, kinds of facts and parts of the register.

The roles are those of the real register. A row permits operations on some kinds of facts in one
part; what no row permits is refused. It is put to the outcome of an operation, not to the request:
what counts is what would really change.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Set
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from organisatieregister.changes import Operation, Outcome
from organisatieregister.errors import NotPermitted
from organisatieregister.facets import Facet, FacetKind, facets
from organisatieregister.identifiers import ORGANISATION, OvoCode
from organisatieregister.records import Record, text_of
from organisatieregister.validity import is_change_event, is_organisation
from organisatieregister.vocabulary import ORG, REG

Find = Callable[[str], Record | None]

FLEMISH_ADMINISTRATION = OvoCode("OVO000001").iri  # on top of what Vlimpers manages
_CLIMBED = 200  # organisations above one, at most


class Role(StrEnum):
    """The roles, as they stand in a token."""

    GENERAL = "algemeenBeheerder"
    DECENTRAL = "decentraalBeheerder"
    VLIMPERS = "vlimpersBeheerder"
    BODIES = "orgaanBeheerder"
    REGULATION = "regelgevingBeheerder"
    CJM = "cjmBeheerder"
    READER = "lezer"


class Part(StrEnum):
    """A part of the register."""

    EVERYTHING = "alles"
    OWN = "eigen"  # the organisations of the client, and all under them
    FLEMISH = "vlaams"  # the Flemish administration, and all under it


@dataclass(frozen=True, slots=True)
class Grant:
    """One row of the table; ``undated`` are the facts that are no facets (description, life …)."""

    role: Role
    part: Part
    operations: frozenset[Operation]
    kinds: frozenset[FacetKind]
    undated: bool = False


_ALL_OPERATIONS = frozenset(Operation)
_ALL_KINDS = frozenset(FacetKind)
_FACTS = frozenset({Operation.FACET, Operation.CORRECTION})
_DESCRIBING = _FACTS | {Operation.RENAMING, Operation.DESCRIPTION}
_LIFE = frozenset(
    {
        Operation.REGISTRATION, Operation.RENAMING, Operation.MOVE, Operation.FACET,
        Operation.DESCRIPTION, Operation.TERMINATION, Operation.REOPENING, Operation.CORRECTION,
        Operation.COUPLING, Operation.UNCOUPLING,
    }
)  # fmt: skip

POLICY: tuple[Grant, ...] = (
    Grant(Role.GENERAL, Part.EVERYTHING, _ALL_OPERATIONS, _ALL_KINDS, undated=True),
    # culture, youth and media: keeps any organisation, but makes no mergers
    Grant(Role.CJM, Part.EVERYTHING, _LIFE, _ALL_KINDS, undated=True),
    # the personnel system of the Flemish administration
    Grant(Role.VLIMPERS, Part.FLEMISH, _ALL_OPERATIONS, _ALL_KINDS, undated=True),
    # an organisation keeps its own data; what it is officially, others say
    Grant(
        Role.DECENTRAL, Part.OWN, _DESCRIBING,
        frozenset({FacetKind.NAME, FacetKind.CONTACT, FacetKind.SITE, FacetKind.RELATION,
                   FacetKind.POST, FacetKind.MEMBERSHIP}),
        undated=True,
    ),
    # and may arrange what stands under it
    Grant(Role.DECENTRAL, Part.OWN, frozenset({Operation.MOVE}), frozenset({FacetKind.PARENT})),
    Grant(
        Role.BODIES, Part.EVERYTHING, _FACTS,
        frozenset({FacetKind.POST, FacetKind.MEMBERSHIP}),
    ),
    Grant(
        Role.REGULATION, Part.EVERYTHING, _FACTS | {Operation.MOVE},
        frozenset({FacetKind.CLASSIFICATION, FacetKind.PARENT}),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Client:
    """Who asks: the name for the log, the roles, and the IRIs of the organisations it keeps.

    ``operations`` limits a machine client to its scopes; None is no limit.
    """

    name: str
    roles: frozenset[Role] = frozenset()
    own: frozenset[str] = frozenset()
    operations: frozenset[Operation] | None = field(default=None)


def is_permitted(
    client: Client, operation: Operation, kind: FacetKind | None, parts: Collection[Part]
) -> bool:
    """True when a row permits it; ``kind`` None are undated facts, ``parts`` where it happens."""
    if client.operations is not None and operation not in client.operations:
        return False
    return any(
        grant.role in client.roles
        and grant.part in parts
        and operation in grant.operations
        and (grant.undated if kind is None else kind in grant.kinds)
        for grant in POLICY
    )


def check(client: Client, outcome: Outcome, find: Find, today: date) -> None:
    """Raise NotPermitted for the first change in the outcome that the client may not make.

    ``find`` gives records as they were. Whoever puts an organisation under another must keep what
    stands above it now (being the organisation itself is not enough), and the new parent too; an
    event concerns all its parties, changed or not.
    """
    changed = {record.iri: record for record in outcome.records}

    def now(iri: str) -> Record | None:
        return changed.get(iri) or find(iri)

    for record in outcome.records:
        before = find(record.iri)
        for kind in _kinds_changed(before, record):
            if kind is FacetKind.PARENT:
                above = [set(_upwards(iri, now, today)) for iri in _new_parents(before, record)]
                if before:
                    above.append(set(_upwards(record.iri, find, today)) - {record.iri})
            elif is_organisation(record):
                above = [set(_upwards(record.iri, find if before else now, today))]
            elif is_change_event(record) and outcome.what is not Operation.CORRECTION:
                above = [set(_upwards(iri, now, today)) for iri in _parties(record)]
            else:
                above = [set()]
            parts = set.intersection(*(_parts(client, iris) for iris in above or [set()]))
            if not is_permitted(client, outcome.what, kind, parts):
                raise NotPermitted(outcome.what.value, record.iri, kind.value if kind else "")


def _parties(event: Record) -> set[str]:
    links = (ORG.originalOrganization, ORG.resultingOrganization)
    return {text_of(t.object) for t in event.triples if t.predicate in links}


def _parts(client: Client, above: Set[str]) -> set[Part]:
    parts = {Part.EVERYTHING}
    if above & client.own:
        parts.add(Part.OWN)
    if FLEMISH_ADMINISTRATION in above:
        parts.add(Part.FLEMISH)
    return parts


def _upwards(start: str, find: Find, today: date) -> Iterator[str]:
    """The organisation and those above it in the administrative tree, today and from then on."""
    ahead, seen = [start], {start}
    while ahead and len(seen) < _CLIMBED:
        iri = ahead.pop()
        yield iri
        found = find(iri)
        for facet in facets(found) if found else ():
            above = "" if facet.value(REG.toepassingsgebied) else _parent(facet)
            if above and not facet.period.ended_before(today) and above not in seen:
                seen.add(above)
                ahead.append(above)


def _new_parents(before: Record | None, after: Record) -> set[str]:
    """The parents, in any tree, of which the facet is new or differs."""
    old = {f.node: set(f.triples) for f in facets(before)} if before else {}
    return {_parent(f) for f in facets(after) if old.get(f.node) != set(f.triples)} - {""}


def _parent(facet: Facet) -> str:
    above = facet.value(ORG.organization)
    return above.value if above and facet.kind is FacetKind.PARENT else ""


def _kinds_changed(before: Record | None, after: Record) -> list[FacetKind | None]:
    """The kinds of facts that differ, sorted; None, first, for what is no facet."""
    old = {f.node: f for f in facets(before)} if before else {}
    new = {f.node: f for f in facets(after)}
    kinds = {
        facet.kind
        for node, facet in (*old.items(), *new.items())
        if set(old[node].triples if node in old else ())
        != set(new[node].triples if node in new else ())
    }
    undated = _undated(before, old.values()) != _undated(after, new.values())
    return [*([None] if undated else []), *sorted(kinds)]


def _undated(record: Record | None, dated: Iterable[Facet]) -> frozenset[object]:
    """The triples that belong to no facet, nor link to one."""
    if record is None:
        return frozenset()
    rest = record.triples - {triple for facet in dated for triple in facet.triples}
    return frozenset(t for t in rest if t.predicate != REG.facet)


def organisation_iris(codes: Iterable[str]) -> frozenset[str]:
    """The IRIs of OVO codes as they stand in a token. Raises MalformedIdentifier."""
    return frozenset(ORGANISATION + OvoCode.parse(code).value for code in codes)
