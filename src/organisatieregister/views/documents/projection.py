"""Changes into the tables, and the documents that have to be made again because of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from organisatieregister.views import Change
from organisatieregister.views.documents.composition import Content, finished
from organisatieregister.views.documents.contribution import NOTHING, Contribution, contribution
from organisatieregister.views.documents.tables import StoredRecord, Tables

_ZONE = "Europe/Brussels"  # where a day of the register begins


def take(tables: Tables, changes: Sequence[Change], position: int) -> None:
    """Take over the changes and make again every document that they touch."""
    spoken_of: set[str] = set()
    relabelled: set[str] = set()
    for change in changes:
        done = replace(tables, change)
        spoken_of |= _differing(done.before.statements, done.after.statements)
        relabelled |= _differing(done.before.labels, done.after.labels)
    touched = {tables.home(iri) for iri in {change.iri for change in changes} | spoken_of}
    touched.update(number for iri in relabelled for number in tables.shown_in(iri))
    day = max((change.day for change in changes), default=None)
    if day:
        modified = latest(changes, tables.day, day)
        for number in sorted(n for n in touched if n is not None):
            render(tables, number, day, modified)
    tables.reach(position, day)


@dataclass(frozen=True)
class Replaced:
    """What the last version of a record brought, and what the new one brings."""

    number: int | None
    before: Contribution
    after: Contribution


def replace(tables: Tables, change: Change) -> Replaced:
    """Put the record in the place of its last version; documents are left as they are."""
    number = tables.number(change.iri)
    stored = tables.record(number) if number is not None else None
    before = contribution(stored.record, stored.day) if stored else NOTHING
    after = contribution(change.record, change.day) if change.record else NOTHING
    if number is None:
        if change.record is None:
            return Replaced(None, before, after)
        number = tables.new_number()
    _exchange(tables, number, change.iri, before, after)
    if change.record is None:
        tables.delete_record(number)
    else:
        tables.put_record(
            StoredRecord(number, change.record, change.version, change.modified, change.day)
        )
    return Replaced(number, before, after)


def render(tables: Tables, number: int, day: date, modified: datetime) -> None:
    """Make the document about the record with this number."""
    stored = tables.record(number)
    if stored is None:
        return
    content = Content.of(stored.record, stored.version, stored.modified, day)
    tables.put_document(number, finished(content, tables), modified)


def latest(changes: Iterable[Change], last_day: date | None, day: date) -> datetime:
    """When documents changed that changed because of these: by a version, or by a new day."""
    moments = [change.modified for change in changes]
    if last_day != day:
        moments.append(datetime.combine(day, time(), ZoneInfo(_ZONE)).astimezone(UTC))
    return max(moments)


def _exchange(
    tables: Tables, number: int, iri: str, before: Contribution, after: Contribution
) -> None:
    for subject in before.subjects - after.subjects:
        tables.delete_subject(subject, number)
    for subject in after.subjects - before.subjects:
        tables.put_subject(subject, number, own=subject == iri)
    for subject in _differing(before.labels, after.labels):
        tables.put_label(subject, after.labels.get(subject))
    for subject in _differing(before.statements, after.statements):
        tables.put_statement(subject, number, after.statements.get(subject))
    for subject in before.speaks_of - after.speaks_of:
        tables.delete_speaker(subject, number)
    for subject in after.speaks_of - before.speaks_of:
        tables.put_speaker(subject, number)
    if before.turns != after.turns:
        if before.turns:
            tables.unschedule(number, before.turns)
        if after.turns:
            tables.schedule(number, after.turns)


def _differing(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> set[str]:
    subjects = before.keys() | after.keys()
    return {subject for subject in subjects if before.get(subject) != after.get(subject)}
