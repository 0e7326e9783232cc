"""The hash chain, by the letter of its documentation."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisatieregister.journal import Activity, ChangeKind, Version
from organisatieregister.journal.chain import GENESIS, framed, link, microseconds, moment
from tests.journal.specimens import NOON, organisation

VERSION = Version(
    position=3,
    iri=organisation(1).iri,
    time=NOON,
    kind=ChangeKind.UPDATE,
    activity=Activity("hernoemen", "wie", "waarom", "bron"),
    canonical=organisation(1).canonical,
    previous=2,
    digest="",
)


def test_the_digest_is_what_the_documentation_says() -> None:
    number = "{:016x}".format
    fields = [
        b"organisatieregister/journal/1",
        bytes(32),
        bytes.fromhex(number(3)),
        b"https://data.vlaanderen.be/id/organisatie/OVO000001",
        bytes.fromhex(number(int(NOON.timestamp()) * 1_000_000)),
        b"update",
        bytes.fromhex(number(2)),
        b"hernoemen",
        b"wie",
        b"waarom",
        b"bron",
        bytes.fromhex(organisation(1).digest),
    ]
    digest = hashlib.sha256()
    for field in fields:
        digest.update(bytes.fromhex(number(len(field))))
        digest.update(field)
    assert link(GENESIS, VERSION) == digest.digest()


@pytest.mark.parametrize(
    "other",
    [
        replace(VERSION, position=4),
        replace(VERSION, iri=organisation(2).iri),
        replace(VERSION, time=NOON + timedelta(microseconds=1)),
        replace(VERSION, kind=ChangeKind.CREATE),
        replace(VERSION, previous=1),
        replace(VERSION, canonical=organisation(1, "Anders").canonical),
        replace(VERSION, canonical=None),
        replace(VERSION, canonical=b""),
        replace(VERSION, activity=Activity("hernoemen", "wiewaarom", "", "bron")),
    ],
)
def test_every_field_of_a_version_counts(other: Version) -> None:
    assert link(GENESIS, other) != link(GENESIS, VERSION)


def test_what_came_before_counts() -> None:
    assert link(bytes(31) + b"\1", VERSION) != link(GENESIS, VERSION)


@given(st.lists(st.binary(max_size=12)), st.lists(st.binary(max_size=12)))
def test_no_two_lists_of_fields_are_framed_alike(one: list[bytes], other: list[bytes]) -> None:
    assert (framed(one) == framed(other)) == (one == other)


@given(st.datetimes(datetime(1900, 1, 1), datetime(2999, 1, 1), timezones=st.timezones()))
def test_a_time_survives_as_microseconds(time: datetime) -> None:
    assert moment(microseconds(time)) == time.astimezone(UTC)
