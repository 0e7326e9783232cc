"""What every journal does, whatever keeps it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone

import pytest

from organisatieregister.errors import CodesExhausted, UnknownResource, VersionConflict
from organisatieregister.identifiers import CHANGE_EVENT, OvoCode
from organisatieregister.journal import Activity, ChangeKind, Draft, Journal, Version
from tests.journal.conftest import Store
from tests.journal.specimens import ACTIVITY, NOON, draft, organisation, tombstone

HOUR = timedelta(hours=1)


def log(journal: Journal) -> list[Version]:
    return list(journal.read(0, 1_000_000))


def test_an_empty_journal_is_at_position_0(journal: Journal) -> None:
    assert journal.position == 0
    assert journal.head_digest == "00" * 32
    assert journal.count() == 0
    assert log(journal) == []
    assert list(journal.read_heads()) == []
    assert journal.version(OvoCode.of(1).iri) is None
    assert journal.verify() == 0


def test_what_was_appended_is_read_back_in_order(journal: Journal) -> None:
    activity = Activity("laden", "https://wie.example/", "omdat het moet", "bron.csv, één ✓")
    assert journal.append([draft(1), draft(2, "Stad Gent")], activity, NOON) == 2
    first, second = log(journal)
    assert (first.position, first.iri, first.previous) == (1, OvoCode.of(1).iri, 0)
    assert first.canonical == organisation(1).canonical
    assert second.canonical == organisation(2, "Stad Gent").canonical
    assert first.kind is second.kind is ChangeKind.CREATE
    assert first.activity == second.activity == activity
    assert first.time == second.time == NOON
    assert journal.head_digest == second.digest
    assert journal.position == journal.count() == 2


def test_everything_is_there_after_opening_again(store: Store) -> None:
    journal = store.open()
    journal.append([draft(1), draft(2)], ACTIVITY, NOON)
    before, head = log(journal), journal.head_digest
    store.close()
    again = store.open()
    assert (log(again), again.head_digest, again.count()) == (before, head, 2)


def test_a_new_version_refers_to_the_one_it_replaces(journal: Journal) -> None:
    journal.append([draft(1), draft(2)], ACTIVITY, NOON)
    journal.append([draft(1, "Nazareth-De Pinte")], ACTIVITY, NOON + HOUR)
    newest = journal.version(OvoCode.of(1).iri)
    assert newest
    assert (newest.position, newest.previous, newest.kind) == (3, 1, ChangeKind.UPDATE)
    assert [v.position for v in journal.versions(OvoCode.of(1).iri)] == [1, 3]
    assert journal.count() == 2


# --- one operation, wholly or not at all ---


def test_nothing_is_written_when_one_draft_conflicts(journal: Journal) -> None:
    journal.append([draft(1)], ACTIVITY, NOON)
    with pytest.raises(VersionConflict):
        journal.append([draft(2), draft(1, "Anders", expected=7)], ACTIVITY, NOON)
    assert journal.position == journal.count() == 1
    assert journal.version(OvoCode.of(2).iri) is None
    assert journal.append([draft(3)], ACTIVITY, NOON) == 2


def test_nothing_is_written_when_the_drafts_raise_halfway(journal: Journal) -> None:
    class SourceBrokeError(Exception):
        pass

    def drafts() -> Iterator[Draft]:
        for number in range(1, 500):
            yield draft(number)
        raise SourceBrokeError

    with pytest.raises(SourceBrokeError):
        journal.append(drafts(), ACTIVITY, NOON)
    assert (journal.position, journal.count(), log(journal)) == (0, 0, [])
    assert journal.append([draft(1)], ACTIVITY, NOON) == 1
    assert journal.verify() == 1


def test_an_operation_without_drafts_leaves_no_trace(journal: Journal) -> None:
    journal.append([draft(1)], ACTIVITY, NOON)
    head = journal.head_digest
    assert journal.append([], ACTIVITY, NOON + HOUR) == 1
    assert journal.head_digest == head


def test_others_see_nothing_of_an_operation_until_it_is_done(store: Store) -> None:
    journal = store.open()
    journal.append([draft(1)], ACTIVITY, NOON)
    reader = store.open(readonly=True)
    seen = []

    def drafts() -> Iterator[Draft]:
        for number in range(2, 300):
            yield draft(number)
            seen.append((reader.position, journal.position))

    assert journal.append(drafts(), ACTIVITY, NOON) == 299
    assert set(seen) == {(1, 1)}
    assert reader.position == 299


# --- optimistic concurrency ---


def test_an_update_names_the_version_that_it_replaces(journal: Journal) -> None:
    journal.append([draft(1, expected=0)], ACTIVITY, NOON)
    assert journal.append([draft(1, "Twee", expected=1)], ACTIVITY, NOON) == 2
    with pytest.raises(VersionConflict) as conflict:
        journal.append([draft(1, "Drie", expected=1)], ACTIVITY, NOON)
    assert (conflict.value.expected, conflict.value.found) == (1, 2)
    assert conflict.value.iri == OvoCode.of(1).iri


def test_what_must_not_exist_conflicts_when_it_does_or_did(journal: Journal) -> None:
    journal.append([draft(1)], ACTIVITY, NOON)
    with pytest.raises(VersionConflict):
        journal.append([draft(1, expected=0)], ACTIVITY, NOON)
    journal.append([tombstone(1)], ACTIVITY, NOON)
    with pytest.raises(VersionConflict):
        journal.append([draft(1, expected=0)], ACTIVITY, NOON)


def test_one_operation_makes_one_version_of_a_record(journal: Journal) -> None:
    with pytest.raises(VersionConflict):
        journal.append([draft(1), draft(1, "Nog eens")], ACTIVITY, NOON)
    assert journal.position == 0


# --- tombstones ---


def test_a_tombstone_ends_a_record_and_keeps_its_history(journal: Journal) -> None:
    journal.append([draft(1), draft(2)], ACTIVITY, NOON)
    journal.append([tombstone(1, expected=1)], ACTIVITY, NOON + HOUR)
    gone = journal.version(OvoCode.of(1).iri)
    assert gone
    assert (gone.kind, gone.canonical, gone.previous) == (ChangeKind.TOMBSTONE, None, 1)
    assert journal.count() == 1
    assert [v.iri for v in journal.read_heads()] == [OvoCode.of(2).iri]
    before = journal.version(OvoCode.of(1).iri, NOON)
    assert before
    assert before.canonical == organisation(1).canonical


def test_a_record_that_comes_back_is_created_again(journal: Journal) -> None:
    journal.append([draft(1)], ACTIVITY, NOON)
    journal.append([tombstone(1)], ACTIVITY, NOON)
    journal.append([draft(1, expected=2)], ACTIVITY, NOON)
    back = journal.version(OvoCode.of(1).iri)
    assert back
    assert (back.kind, back.previous, journal.count()) == (ChangeKind.CREATE, 2, 1)


def test_what_is_not_there_cannot_end(journal: Journal) -> None:
    with pytest.raises(UnknownResource):
        journal.append([tombstone(1)], ACTIVITY, NOON)
    journal.append([draft(1)], ACTIVITY, NOON)
    journal.append([tombstone(1)], ACTIVITY, NOON)
    with pytest.raises(UnknownResource):
        journal.append([tombstone(1)], ACTIVITY, NOON)


# --- time ---


def test_time_moves_on_when_the_clock_does_not(journal: Journal) -> None:
    for _ in range(3):
        journal.append([draft(1)], ACTIVITY, NOON)
    journal.append([draft(1)], ACTIVITY, NOON - HOUR)
    tick = timedelta(microseconds=1)
    assert [v.time - NOON for v in log(journal)] == [0 * tick, tick, 2 * tick, 3 * tick]


def test_times_are_kept_in_utc_to_the_microsecond(journal: Journal) -> None:
    brussels = timezone(timedelta(hours=1))
    journal.append([draft(1)], ACTIVITY, datetime(2026, 1, 1, 0, 30, 0, 123456, brussels))
    (version,) = log(journal)
    assert version.time == datetime(2025, 12, 31, 23, 30, 0, 123456, UTC)
    assert version.time.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused(journal: Journal) -> None:
    with pytest.raises(ValueError, match="time zone"):
        journal.append([draft(1)], ACTIVITY, datetime(2026, 1, 1))
    assert journal.position == 0


def test_the_register_can_be_asked_what_it_held_at_a_moment(journal: Journal) -> None:
    iri = OvoCode.of(1).iri
    for hour, name in enumerate(["Een", "Twee", "Drie"]):
        journal.append([draft(1, name)], ACTIVITY, NOON + hour * HOUR)

    def held(at: datetime) -> int:
        version = journal.version(iri, at)
        return version.position if version else 0

    just = timedelta(microseconds=1)
    assert held(NOON - just) == 0
    assert held(NOON) == 1
    assert held(NOON + HOUR - just) == 1
    assert held(NOON + HOUR) == 2
    assert held(NOON + 99 * HOUR) == 3


# --- reading in pieces ---


def test_reading_goes_on_where_it_stopped(journal: Journal) -> None:
    journal.append((draft(n) for n in range(1, 1001)), ACTIVITY, NOON)
    assert [v.position for v in journal.read(0, 3)] == [1, 2, 3]
    assert [v.position for v in journal.read(998)] == [999, 1000]
    assert [v.position for v in journal.read(100, 600)] == list(range(101, 701))
    assert list(journal.read(1000)) == []


def test_heads_are_read_in_order_of_iri_and_from_anywhere(journal: Journal) -> None:
    journal.append((draft(n) for n in range(700, 0, -1)), ACTIVITY, NOON)
    journal.append([tombstone(5), draft(7, "Anders")], ACTIVITY, NOON)
    iris = [v.iri for v in journal.read_heads()]
    assert iris == [OvoCode.of(n).iri for n in range(1, 701) if n != 5]
    assert [v.iri for v in journal.read_heads(after=OvoCode.of(698).iri)] == iris[-2:]
    seventh = next(iter(journal.read_heads(after=OvoCode.of(6).iri)))
    assert seventh.canonical == organisation(7, "Anders").canonical


def test_heads_can_be_read_as_of_a_position(journal: Journal) -> None:
    journal.append([draft(1), draft(2)], ACTIVITY, NOON)
    journal.append([tombstone(1), draft(2, "Anders"), draft(3)], ACTIVITY, NOON)
    assert [v.position for v in journal.read_heads(upto=2)] == [1, 2]
    assert [v.position for v in journal.read_heads()] == [4, 5]


def test_heads_of_some_iris_are_those_that_exist(journal: Journal) -> None:
    journal.append([draft(1), draft(2)], ACTIVITY, NOON)
    journal.append([tombstone(2)], ACTIVITY, NOON)
    one, two, three = (OvoCode.of(n).iri for n in (1, 2, 3))
    heads = journal.heads([one, two, three])
    assert {iri: v.position for iri, v in heads.items()} == {one: 1, two: 3}


def test_appending_goes_on_while_a_reader_stands_still(store: Store) -> None:
    journal = store.open()
    journal.append((draft(n) for n in range(1, 1001)), ACTIVITY, NOON)
    reading = store.open(readonly=True).read(0, 1_000_000)
    next(reading)
    journal.append([draft(1001)], ACTIVITY, NOON)
    assert sum(1 for _ in reading) == 1000


# --- OVO codes ---


def make_organisation(code: OvoCode) -> Sequence[Draft]:
    return [draft(code.number, expected=0)]


def test_codes_are_issued_one_after_the_other(journal: Journal) -> None:
    codes = [journal.append_new(make_organisation, ACTIVITY, NOON) for _ in range(3)]
    assert codes == [(OvoCode.of(1), 1), (OvoCode.of(2), 2), (OvoCode.of(3), 3)]


def test_a_code_lies_above_all_that_were_loaded(journal: Journal) -> None:
    event = Draft(CHANGE_EVENT + "OVO999998", organisation(1).canonical)
    journal.append([draft(56917), draft(7), event], ACTIVITY, NOON)
    code, position = journal.append_new(make_organisation, ACTIVITY, NOON)
    assert (code, position) == (OvoCode.of(56918), 4)


def test_a_code_is_never_issued_twice_not_even_after_a_tombstone(store: Store) -> None:
    journal = store.open()
    code, _ = journal.append_new(make_organisation, ACTIVITY, NOON)
    journal.append([tombstone(code.number)], ACTIVITY, NOON)
    store.close()
    assert store.open().append_new(make_organisation, ACTIVITY, NOON)[0] == OvoCode.of(2)


def test_a_failed_registration_uses_no_code(journal: Journal) -> None:
    def make(code: OvoCode) -> Sequence[Draft]:
        raise UnknownResource(code.iri)

    with pytest.raises(UnknownResource):
        journal.append_new(make, ACTIVITY, NOON)
    assert journal.append_new(make_organisation, ACTIVITY, NOON)[0] == OvoCode.of(1)


def test_after_the_last_code_there_is_none(journal: Journal) -> None:
    journal.append([draft(999_998)], ACTIVITY, NOON)
    assert journal.append_new(make_organisation, ACTIVITY, NOON)[0] == OvoCode.of(999_999)
    with pytest.raises(CodesExhausted):
        journal.append_new(make_organisation, ACTIVITY, NOON)


# --- more than one at once ---


def test_threads_that_register_at_once_get_codes_without_gaps(journal: Journal) -> None:
    codes: list[int] = []

    def register() -> None:
        for _ in range(25):
            codes.append(journal.append_new(make_organisation, ACTIVITY, NOON)[0].number)
            assert journal.position >= len(codes)

    threads = [threading.Thread(target=register) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == list(range(1, 101))
    assert journal.verify() == 100


def test_two_writers_take_turns_and_make_one_chain(store: Store) -> None:
    one, other = store.open(), store.open()
    for number in range(1, 40, 2):
        one.append([draft(number)], ACTIVITY, NOON)
        other.append([draft(number + 1)], ACTIVITY, NOON)
    assert other.append_new(make_organisation, ACTIVITY, NOON)[0] == OvoCode.of(41)
    assert one.position == one.verify() == 41


# --- care ---


def test_verify_reports_its_progress(journal: Journal) -> None:
    journal.append((draft(n) for n in range(1, 1001)), ACTIVITY, NOON)
    heard: list[int] = []
    assert journal.verify(heard.append) == 1000
    assert heard == sorted(heard)
    assert len(heard) > 2
    assert heard[-1] == 1000
