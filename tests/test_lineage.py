"""Successors and predecessors: through any number of events, to who is in force on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from organisatieregister.identifiers import OvoCode
from organisatieregister.lineage import Lineage, Sources, Transition, predecessors, successors
from organisatieregister.periods import Period
from organisatieregister.records import Record, text_of
from organisatieregister.validity import is_change_event
from organisatieregister.vocabulary import ORG
from tests import shipped
from tests.examples import a_merger, an_organisation

DATA = Path(__file__).parents[1] / "data"
TODAY = date(2026, 11, 23)
A, B, C, D, E = (f"OVO00000{n}" for n in range(1, 6))


def sources_of(records: Iterable[Record]) -> Sources:
    by_iri = {record.iri: record for record in records}

    def events(iri: str) -> list[Record]:
        parties = {ORG.originalOrganization, ORG.resultingOrganization}
        return [
            record
            for record in by_iri.values()
            if is_change_event(record)
            and any(t.predicate in parties and text_of(t.object) == iri for t in record.triples)
        ]

    return Sources(by_iri.get, events)


def living(code: str, start: str = "", end: str = "") -> Record:
    return an_organisation(code, code, life=Period.parse(start, end))


def codes(iris: Iterable[str]) -> list[str]:
    return [iri.rpartition("/")[2] for iri in iris]


def after(code: str, on: str, *records: Record) -> Lineage:
    return successors(OvoCode(code).iri, date.fromisoformat(on), sources_of(records))


def before(code: str, on: str, *records: Record) -> Lineage:
    sources, day = sources_of(records), date.fromisoformat(on or TODAY.isoformat())
    return predecessors(OvoCode(code).iri, sources, day, only_in_force=bool(on))


FAMILY = (
    living(A, "1990-01-01", "1999-12-31"),
    living(B, "1990-01-01", "1999-12-31"),
    living(C, "2000-01-01", "2009-12-31"),
    living(D, "2010-01-01"),
    living(E, "2010-01-01"),
    a_merger("2000-01-01", [A, B], C),
    a_merger("2010-01-01", [C], D, "Splitsing"),
    a_merger("2010-01-01", [C], E, "Splitsing"),
)


def test_an_organisation_in_force_goes_on_in_itself() -> None:
    lineage = after(A, "1999-12-31", *FAMILY)
    assert codes(lineage.found) == [A]
    assert lineage.events == ()


def test_successors_are_followed_through_every_event_up_to_the_day() -> None:
    assert codes(after(A, "2000-01-01", *FAMILY).found) == [C]
    lineage = after(A, "2010-01-01", *FAMILY)
    assert codes(lineage.found) == [D, E]
    assert [event.day.year for event in lineage.events] == [2000, 2010, 2010]
    assert codes(member.iri for member in lineage.members) == [A, B, C, D, E]


def test_one_that_simply_ended_has_no_successor() -> None:
    lineage = after(A, "2020-01-01", living(A, "", "2010-12-31"))
    assert (lineage.found, lineage.events) == ((), ())
    assert not lineage.member(OvoCode(A).iri).in_force


def test_a_chain_that_ends_without_heir_shows_the_way_and_finds_nobody() -> None:
    records = (living(A, "", "1999-12-31"), living(B, "2000-01-01", "2009-12-31"))
    lineage = after(A, "2020-01-01", *records, a_merger("2000-01-01", [A], B))
    assert lineage.found == ()
    assert len(lineage.events) == 1


def test_who_absorbs_another_goes_on_in_itself_and_so_does_the_other_in_it() -> None:
    records = (living(A, "", "2010-12-31"), living(B), a_merger("2011-01-01", [A, B], B))
    assert codes(after(A, "2011-01-01", *records).found) == [B]
    assert codes(after(B, "2011-01-01", *records).found) == [B]
    assert codes(before(B, "2010-12-31", *records).found) == [A, B]
    assert codes(before(B, "2011-01-01", *records).found) == [B]
    assert codes(before(B, "", *records).found) == [A]


def test_a_successor_that_the_register_does_not_have_is_named_but_not_in_force() -> None:
    lineage = after(A, "2020-01-01", living(A, "", "1999-12-31"), a_merger("2000-01-01", [A], B))
    assert lineage.found == ()
    assert lineage.member(OvoCode(B).iri).summary is None


def test_an_event_before_the_one_that_led_to_it_leads_nowhere() -> None:
    records = (living(A, "", "2009-12-31"), living(B, "", "2015-12-31"), living(C))
    lineage = after(
        A, "2020-01-01", *records, a_merger("2010-01-01", [A], B), a_merger("1995-01-01", [B], C)
    )
    assert lineage.found == ()


def test_an_event_that_is_still_to_come_counts_on_its_day() -> None:
    records = (
        living(A, "", "2030-12-31"), living(B, "2031-01-01"), a_merger("2031-01-01", [A], B)
    )  # fmt: skip
    assert codes(after(A, "2030-12-31", *records).found) == [A]
    assert codes(after(A, "2031-01-01", *records).found) == [B]


def test_predecessors_are_all_of_them_or_those_in_force_on_a_day() -> None:
    assert codes(before(D, "", *FAMILY).found) == [A, B, C]
    assert codes(before(D, "2005-01-01", *FAMILY).found) == [C]
    assert codes(before(D, "1995-01-01", *FAMILY).found) == [A, B]
    assert codes(before(D, "2020-01-01", *FAMILY).found) == [D]
    assert [event.day.year for event in before(D, "", *FAMILY).events] == [2000, 2010]


pairs = st.tuples(st.sampled_from([A, B, C, D, E]), st.sampled_from([A, B, C, D, E]))


@given(
    st.lists(st.tuples(pairs, st.integers(0, 40)), max_size=12),
    st.dictionaries(st.sampled_from([A, B, C, D, E]), st.integers(0, 40)),
    st.integers(0, 60),
)
def test_any_tangle_of_events_comes_to_an_end(
    tangle: list[tuple[tuple[str, str], int]], ends: dict[str, int], day: int
) -> None:
    origin = date(2000, 1, 1)
    records = [
        living(code, "", (origin + timedelta(ends[code])).isoformat() if code in ends else "")
        for code in (A, B, C, D, E)
    ] + [
        a_merger((origin + timedelta(when)).isoformat(), [one], other)
        for (one, other), when in tangle
    ]
    on = origin + timedelta(day)
    sources = sources_of(records)
    forward = successors(OvoCode(A).iri, on, sources)
    assert all(forward.member(iri).in_force for iri in forward.found)
    assert all(event.day <= on for event in forward.events)
    assert [e.day for e in forward.events] == sorted(e.day for e in forward.events)
    back = predecessors(OvoCode(A).iri, sources, on, only_in_force=False)
    assert back.start not in back.found


@cache
def shipped_sources() -> Sources:
    files = [DATA / "gebeurtenissen" / "fusies.ttl"]
    files += [DATA / "organisaties" / name for name in ("gemeenten.ttl", "ocmw.ttl")]
    records = [record for file in files for record in shipped.records(file)]
    known = sources_of(records)
    by_party: dict[str, list[Record]] = {}
    for record in filter(is_change_event, records):
        transition = Transition.of(record)
        assert transition
        for party in {*transition.originals, *transition.results}:
            by_party.setdefault(party, []).append(record)
    return Sources(known.record, lambda iri: by_party.get(iri, []))


@cache
def mergers() -> list[Transition]:
    found = (Transition.of(r) for r in shipped.records(DATA / "gebeurtenissen" / "fusies.ttl"))
    return [merger for merger in found if merger]


def test_nazareth_became_nazareth_de_pinte() -> None:
    nazareth = OvoCode("OVO002188").iri
    then = successors(nazareth, date(2024, 12, 31), shipped_sources())
    now = successors(nazareth, date(2025, 1, 1), shipped_sources())
    assert codes(then.found) == ["OVO002188"]
    assert codes(now.found) == ["OVO053388"]
    assert now.member(now.found[0]).summary
    assert "Nazareth-De Pinte" in now.events[0].label


def test_the_real_mergers_of_2025_answer_rightly_on_both_sides_of_new_year() -> None:
    of_2025 = [merger for merger in mergers() if merger.day == date(2025, 1, 1)]
    assert len(of_2025) == 25
    for merger in of_2025:
        for original in merger.originals:
            then = successors(original, date(2024, 12, 31), shipped_sources())
            now = successors(original, date(2025, 1, 1), shipped_sources())
            assert (then.found, then.events) == ((original,), ())
            expected = (original,) if original in merger.results else merger.results
            assert now.found == expected
        for result in merger.results:
            back = predecessors(result, shipped_sources(), date(2024, 12, 31), only_in_force=True)
            assert set(back.found) == set(merger.originals)
