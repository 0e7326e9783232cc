"""What an operation is given of the rest of the register, and what it yields."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from organisatieregister.periods import Period
from organisatieregister.records import Record


class Operation(StrEnum):
    """The kinds of operation, as they stand in the activity."""

    REGISTRATION = "registratie"
    RENAMING = "naamswijziging"
    MOVE = "verhuis"
    FACET = "facet"
    DESCRIPTION = "beschrijving"
    MERGER = "fusie"
    SPLIT = "splitsing"
    REPLACEMENT = "vervanging"
    DISSOLUTION = "ontbinding"
    TERMINATION = "stopzetting"
    REOPENING = "heropening"
    CORRECTION = "verbetering"
    COUPLING = "kbo-koppeling"
    UNCOUPLING = "kbo-ontkoppeling"


def _nothing(_key: str) -> None:
    """The answer of an empty register."""


@dataclass(frozen=True)
class Surroundings:
    """What an operation may ask about the register around the records that it changes.

    ``today`` tells which organisations have ended. ``find`` gives the record of an IRI (parents up
    the tree; whether a code is in use), ``taken`` the IRI of the organisation with a KBO number;
    None is "not there". ``plural`` holds the IRIs of the types of classification of which several
    may hold at once. ``through_kbo``: the change comes from the KBO, which owns its facts.
    """

    today: date
    find: Callable[[str], Record | None] = _nothing
    taken: Callable[[str], str | None] = _nothing
    plural: frozenset[str] = frozenset()
    through_kbo: bool = False

    def with_changed(self, records: dict[str, Record]) -> Surroundings:
        """The same register in which these records have replaced their older versions."""
        return replace(self, find=lambda iri: records.get(iri) or self.find(iri))


@dataclass(frozen=True, slots=True)
class Notice:
    """Something odd that is no reason to refuse: the rule, and where it shows."""

    rule: str
    record: str
    facet: str
    period: Period


@dataclass(frozen=True)
class Outcome:
    """What an operation makes of the register; nothing is written yet.

    ``records`` are all changed and new records, that of the event included. ``on`` is the first day
    on which the change shows (None: as far back as is known). ``closed`` are the IRIs of the facets
    that were given an end, ``withdrawn`` those of the records that go (an event that did not
    happen after all).
    """

    what: Operation
    records: tuple[Record, ...]
    on: date | None = None
    event: str | None = None
    closed: tuple[str, ...] = ()
    warnings: tuple[Notice, ...] = ()
    withdrawn: tuple[str, ...] = ()

    def record(self, iri: str) -> Record:
        """The new version of this record; KeyError when the operation left it alone."""
        return {record.iri: record for record in self.records}[iri]

    def after(self, earlier: Outcome) -> Outcome:
        """Both operations as one, of the kind of this one; the later version of a record counts."""
        records = {record.iri: record for record in (*earlier.records, *self.records)}
        return replace(
            self,
            records=tuple(records.values()),
            closed=tuple(dict.fromkeys((*earlier.closed, *self.closed))),
            warnings=tuple(dict.fromkeys((*earlier.warnings, *self.warnings))),
            withdrawn=tuple(dict.fromkeys((*earlier.withdrawn, *self.withdrawn))),
        )
