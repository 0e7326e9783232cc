"""The door for operations: on the head, by a pure change, past the rules, into the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime

from organisatieregister.changes import Outcome, plural_types
from organisatieregister.errors import InvalidRecord, UnknownResource, VersionConflict
from organisatieregister.identifiers import OvoCode, concept_scheme_iri
from organisatieregister.journal import Activity, Draft, Journal
from organisatieregister.records import Record
from organisatieregister.register.desk import Command, Desk
from organisatieregister.register.loading import Register
from organisatieregister.register.lookup import Lookup
from organisatieregister.rules import Report

_ATTEMPTS = 5  # when what was looked at keeps changing


def _anybody(_outcome: Outcome, _desk: Desk) -> None:
    """A permit for whoever stands at the keyboard."""


@dataclass(frozen=True)
class Request:
    """Who asks for an operation, why, and on what terms.

    ``expected`` are the positions that the versions of records must have, by IRI. ``permit`` raises
    NotPermitted for an outcome that this client may not bring about.
    """

    agent: str = ""
    reason: str = ""
    source: str = ""
    dry_run: bool = False
    expected: Mapping[str, int] = field(default_factory=dict)
    permit: Callable[[Outcome, Desk], None] = _anybody


@dataclass(frozen=True)
class Done:
    """What an operation did; in a dry run what it would do, and then the position is 0.

    ``report`` may hold violations in a dry run only. ``codes`` are the OVO codes that were issued,
    ``versions`` the positions of the new versions by IRI.
    """

    outcome: Outcome
    report: Report
    position: int = 0
    codes: tuple[OvoCode, ...] = ()
    versions: Mapping[str, int] = field(default_factory=dict)


class _Overtaken(Exception):
    """While a command was checked, something that it looked at changed."""

    def __init__(self, iri: str, found: int) -> None:
        super().__init__(iri)
        self.iri, self.found = iri, found


class Lifecycle:
    """Carries out operations; any number of threads and processes may do so at once."""

    def __init__(
        self, journal: Journal, register: Register, lookup: Lookup,
        *, today: Callable[[], date], now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._journal = journal
        self._register = register
        self._lookup = lookup
        self._today = today
        self._now = now

    def do(self, command: Command, request: Request) -> Done:
        """Carry out a command, wholly or not at all.

        Raises ChangeRefused and InvalidRecord (a rule), NotPermitted, UnknownResource,
        VersionConflict (a record that it changes was changed meanwhile), CodesExhausted.
        """
        overtaken = _Overtaken("", 0)
        for _ in range(_ATTEMPTS):
            try:
                return self._attempt(command, request)
            except _Overtaken as error:
                overtaken = error
        raise VersionConflict(overtaken.iri, 0, overtaken.found)

    def state(self, iri: str) -> tuple[Record, int]:
        """A record as it stands, and the position of its version. Raises UnknownResource."""
        version = self._journal.version(iri)
        if version is None or version.canonical is None:
            raise UnknownResource(iri)
        return Record.read(iri, version.canonical), version.position

    def _attempt(self, command: Command, request: Request) -> Done:
        desk = self._desk(request)
        outcome = command(desk)
        request.permit(outcome, desk)
        report = self._register.check(outcome.records)
        if request.dry_run or not outcome.records:
            return Done(outcome, report, codes=tuple(desk.issued))
        if not report.conforms:
            raise InvalidRecord(report)
        if desk.issued:
            return self._append_new(command, outcome, request, desk, report)
        return self._append(outcome, request, desk, report)

    def _append(self, outcome: Outcome, request: Request, desk: Desk, report: Report) -> Done:
        drafts = list(_drafts(outcome, desk))

        def guarded() -> Iterator[Draft]:
            self._look_again(desk, {draft.iri for draft in drafts})
            yield from drafts

        position = self._journal.append(guarded(), _activity(outcome, request), self._now())
        return _done(outcome, report, position, drafts, desk)

    def _append_new(
        self, command: Command, first: Outcome, request: Request, desk: Desk, report: Report
    ) -> Done:
        """Append under the code that the journal issues; mostly that is the expected one.

        When somebody else got that, the command is run again, under the lock, with the code that
        was issued. The rules are not asked again: they do not look at which code it is.
        """
        expected = {code.iri for code in desk.issued}
        own = {record.iri for record in first.records} - expected
        made = [(first, desk, list(_drafts(first, desk)))]

        def make(code: OvoCode) -> list[Draft]:
            self._look_again(desk, own, besides=expected)
            if code != desk.issued[0]:
                again = desk.again(code)
                outcome = command(again)
                made[0] = (outcome, again, list(_drafts(outcome, again)))
            return made[0][2]

        _, position = self._journal.append_new(make, _activity(first, request), self._now())
        outcome, used, drafts = made[0]
        return _done(outcome, report, position, drafts, used)

    def _desk(self, request: Request) -> Desk:
        scheme = self._register.record(concept_scheme_iri("Classificatietype"))
        return Desk(
            self._journal, self._lookup, self._today(),
            plural=plural_types([scheme] if scheme else []), expected=request.expected,
        )  # fmt: skip

    def _look_again(self, desk: Desk, own: Set[str], besides: Set[str] = frozenset()) -> None:
        """Inside the write lock: raise when what the command looked at has changed since.

        ``own`` are the records that it changes, ``besides`` what does not matter.
        """
        after = desk.seen
        while after < self._journal.position:
            for version in self._journal.read(after):
                after = version.position
                if version.iri in own:
                    raise VersionConflict(version.iri, desk.version_of(version.iri), after)
                if version.iri not in besides and desk.overtaken_by(version):
                    raise _Overtaken(version.iri, after)


def _drafts(outcome: Outcome, desk: Desk) -> Iterator[Draft]:
    for record in outcome.records:
        yield Draft(record.iri, record.canonical, desk.version_of(record.iri))
    for iri in outcome.withdrawn:
        yield Draft(iri, None, desk.version_of(iri))


def _activity(outcome: Outcome, request: Request) -> Activity:
    """What was done, since when, and which facts were closed by it."""
    what = [outcome.what.value]
    if outcome.on:
        what.append(f"vanaf {outcome.on}")
    if outcome.closed:
        what.append(f"sluit {' '.join(outcome.closed)}")
    return Activity("; ".join(what), request.agent, request.reason, request.source)


def _done(outcome: Outcome, report: Report, position: int, drafts: list[Draft], desk: Desk) -> Done:
    first = position - len(drafts) + 1
    versions = {draft.iri: first + number for number, draft in enumerate(drafts)}
    return Done(outcome, report, position, tuple(desk.issued), versions)
