"""Compressed records."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisatieregister.compression import Compression, specimen
from organisatieregister.identifiers import OvoCode
from organisatieregister.records import Record
from tests.journal.specimens import organisation

COMPRESSION = Compression(specimen())


@given(st.binary(max_size=2000))
def test_what_is_packed_is_unpacked(content: bytes) -> None:
    assert COMPRESSION.unpack(COMPRESSION.pack(content)) == content


@given(st.binary(max_size=200))
def test_other_bytes_are_refused_by_name(content: bytes) -> None:
    with pytest.raises(ValueError, match="compressed content"):
        COMPRESSION.unpack(b"\0" + content)


def test_a_record_that_claims_to_be_huge_is_refused() -> None:
    # a frame header with an eight-byte content size of 2^40
    header = bytes.fromhex("28b52ffde0") + (1 << 40).to_bytes(8, "little")
    with pytest.raises(ValueError, match="no length that can be"):
        COMPRESSION.unpack(header + bytes(20))


def test_the_specimen_is_a_record_of_ours() -> None:
    record = Record.read(OvoCode.of(2949).iri, specimen())
    assert Record.of(record.iri, record.triples).canonical == specimen()


def test_a_small_record_gets_much_smaller_with_the_specimen_than_without() -> None:
    canonical = organisation(77).canonical
    plain = Compression(b"nothing of the kind").pack(canonical)
    assert len(COMPRESSION.pack(canonical)) < 0.6 * len(plain)


def test_threads_may_share_it() -> None:
    packed = [COMPRESSION.pack(organisation(n).canonical) for n in range(50)]
    wrong: list[int] = []

    def unpack() -> None:
        for _ in range(20):
            for number, each in enumerate(packed):
                if COMPRESSION.unpack(each) != organisation(number).canonical:
                    wrong.append(number)

    threads = [threading.Thread(target=unpack) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
