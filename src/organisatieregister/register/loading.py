"""The one door for change: compare with the head, check the rules, append to the journal."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from organisatieregister.errors import InvalidRecord, MalformedRecord
from organisatieregister.facets import FacetKind, facets
from organisatieregister.journal import Activity, Draft, Journal
from organisatieregister.records import Record, is_part_iri
from organisatieregister.rules import Report, Rulebook
from organisatieregister.validity import KBO
from organisatieregister.vocabulary import DCT, SKOS

_CHECKED_AT_ONCE = 500  # records that one run of the rulebook looks at

Progress = Callable[[str, int], None]  # what is counted, how many more


def _unheard(_what: str, _count: int) -> None:
    """Progress that nobody watches."""


@dataclass
class Loaded:
    """What a load did, counted; ``report`` holds the warnings."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    position: int = 0
    report: Report = field(default_factory=lambda: Report(()))


def _no_owner(_iri: str) -> str | None:
    """For a register whose records have no parts that others point to."""
    return None


class Register:
    """The register's records, and the only way to change them.

    ``owner`` tells in which record a concept or term stands (the documents view knows).
    """

    def __init__(
        self,
        journal: Journal,
        rulebook: Rulebook,
        owner: Callable[[str], str | None] = _no_owner,
    ) -> None:
        self._journal = journal
        self._rulebook = rulebook
        self._owner = owner

    def record(self, iri: str) -> Record | None:
        """The record as it stands in the journal, or None."""
        version = self._journal.version(iri)
        if version is None or version.canonical is None:
            return None
        return Record.read(version.iri, version.canonical)

    def load(
        self,
        records: Iterable[Record],
        activity: Activity,
        time: datetime,
        *,
        words: Iterable[Record] = (),
        validate: bool = True,
        progress: Progress = _unheard,
    ) -> Loaded:
        """Take over records as they are, all or none, in one transaction of the journal.

        ``words`` are the terms and code lists that records point to: those that neither the
        register nor ``records`` hold come along.

        A record that reads as it stands in the register is left alone. Raises InvalidRecord with
        the report when one breaks a shape; nothing is written then, nor when reading fails.
        Without validation the records are streamed; with it they wait, compressed, in memory.
        """
        loaded = Loaded()
        records = self._with_words(records, words)
        if validate:
            waiting = _Waiting(_counted(records, "gelezen", progress))
            loaded.report = self._check(waiting, progress)
            if not loaded.report.conforms:
                raise InvalidRecord(loaded.report)
            records = waiting
        counted = _counted(records, "geschreven", progress)
        loaded.position = self._journal.append(self._drafts(counted, loaded), activity, time)
        return loaded

    def check(self, records: Iterable[Record], progress: Progress = _unheard) -> Report:
        """The report on records, against the register and each other; nothing is written."""
        return self._check(_Waiting(records), progress)

    def _with_words(self, records: Iterable[Record], words: Iterable[Record]) -> Iterator[Record]:
        missing = {word.iri: word for word in words if self._journal.version(word.iri) is None}
        for record in records:
            missing.pop(record.iri, None)
            yield record
        yield from missing.values()

    def _drafts(self, records: Iterable[Record], loaded: Loaded) -> Iterator[Draft]:
        for record in records:
            head = self._journal.version(record.iri)
            if head is not None and head.canonical == record.canonical:
                loaded.unchanged += 1
                continue
            if head is None or head.canonical is None:
                loaded.new += 1
            else:
                loaded.changed += 1
            yield Draft(record.iri, record.canonical, head.position if head else 0)

    def _check(self, waiting: _Waiting, progress: Progress) -> Report:
        report = Report(())
        iris = waiting.iris
        for start in range(0, len(iris), _CHECKED_AT_ONCE):
            chunk = iris[start : start + _CHECKED_AT_ONCE]
            records = [waiting[iri] for iri in chunk]
            around = {iri for record in records for iri in self._rulebook.neighbours_of(record)}
            around.update(twin for record in records for twin in waiting.same_number(record))
            neighbours = self._find(sorted(around.difference(chunk)), waiting)
            report = report.merge(self._rulebook.check(records, list(neighbours)))
            progress("gecontroleerd", len(chunk))
        return report

    def _find(self, iris: Sequence[str], waiting: _Waiting) -> Iterator[Record]:
        """The records with these IRIs, or in which these concepts stand, each once."""
        owners = {iri: waiting.owner(iri) or iri for iri in iris}
        heads = self._journal.heads([iri for iri in owners.values() if iri not in waiting])
        for iri, owner in owners.items():
            if owner not in waiting and owner not in heads:
                owners[iri] = self._owner(iri) or owner
        wanted = list(dict.fromkeys(owners.values()))
        yield from (waiting[iri] for iri in wanted if iri in waiting)
        heads = self._journal.heads([iri for iri in wanted if iri not in waiting])
        for version in heads.values():
            if version.canonical is not None:
                yield Record.read(version.iri, version.canonical)


class _Waiting:
    """Records that wait for the end of a check, compressed: about 1.5 KB each."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._records: dict[str, bytes] = {}
        self._owners: dict[str, str] = {}
        self._numbers: dict[str, list[str]] = {}
        for record in records:
            if record.iri in self._records:
                raise MalformedRecord(record.iri, "comes twice")
            self._records[record.iri] = zlib.compress(record.canonical, 1)
            self._owners.update((p, record.iri) for p in record.parts if not is_part_iri(p))
            for number in _enterprise_numbers(record):
                self._numbers.setdefault(number, []).append(record.iri)

    def owner(self, iri: str) -> str | None:
        """The record in which a concept or term stands."""
        return self._owners.get(iri)

    def same_number(self, record: Record) -> Iterator[str]:
        """The records that have a KBO number in common with this one, itself included."""
        for number in _enterprise_numbers(record):
            yield from self._numbers.get(number, ())

    @property
    def iris(self) -> list[str]:
        return list(self._records)

    def __contains__(self, iri: object) -> bool:
        return iri in self._records

    def __getitem__(self, iri: str) -> Record:
        return Record.read(iri, zlib.decompress(self._records[iri]))

    def __iter__(self) -> Iterator[Record]:
        for iri in self._records:
            yield self[iri]


def _enterprise_numbers(record: Record) -> Iterator[str]:
    for facet in facets(record):
        number = facet.value(SKOS.notation)
        if facet.kind is FacetKind.IDENTIFIER and facet.value(DCT.type) == KBO and number:
            yield number.value


def _counted(records: Iterable[Record], what: str, progress: Progress) -> Iterator[Record]:
    for record in records:
        progress(what, 1)
        yield record
