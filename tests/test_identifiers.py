"""OVO codes, KBO numbers and IRIs."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisatieregister.errors import MalformedIdentifier
from organisatieregister.identifiers import (
    KboNumber,
    OvoCode,
    canonical_iri,
    concept_iri,
    document_iri,
    part_iri,
)
from tests.examples import codes, kbo_number, kbo_numbers


@pytest.mark.parametrize(
    "spelling",
    [
        "OVO002949",
        "ovo002949",
        "Ovo-002949",
        "OVO 002949",
        " OVO_002949\n",
        "https://data.vlaanderen.be/id/organisatie/OVO002949",
        "http://data.vlaanderen.be/id/organisatie/ovo002949",
        "https://data.vlaanderen.be/doc/organisatie/OVO002949",
    ],
)
def test_every_spelling_in_the_wild_is_the_same_code(spelling: str) -> None:
    assert OvoCode.parse(spelling).value == "OVO002949"


@pytest.mark.parametrize(
    "text", ["", "OVO", "OVO12345", "OVO1234567", "2949", "OVO00294٩", "xOVO002949", "OVO--002949"]
)
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(MalformedIdentifier):
        OvoCode.parse(text)


def test_the_value_object_takes_only_the_canonical_spelling() -> None:
    with pytest.raises(MalformedIdentifier):
        OvoCode("ovo002949")


@given(codes)
def test_codes_and_iris_go_round(code: str) -> None:
    parsed = OvoCode(code)
    assert OvoCode.parse(parsed.iri) == parsed
    assert OvoCode.of(parsed.number) == parsed
    assert canonical_iri(parsed.iri.replace("https:", "http:").lower()) == parsed.iri


@pytest.mark.parametrize(
    "spelling",
    [
        "0207499826",
        "0207.499.826",
        "207499826",
        "BE 0207.499.826",
        "be0207499826",
        "https://org.belgif.be/id/CbeRegisteredEntity/0207499826",
    ],
)
def test_every_spelling_is_the_same_kbo_number(spelling: str) -> None:
    assert KboNumber.parse(spelling).value == "0207499826"
    assert KboNumber.parse(spelling).dotted == "0207.499.826"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("0207499827", "check digits"),
        ("2207499826", "establishment"),
        ("020749982", "check digits"),
        ("12345678", "ten digits"),
        ("NULL", "ten digits"),
    ],
)
def test_a_wrong_kbo_number_is_refused_with_the_rule(text: str, rule: str) -> None:
    with pytest.raises(MalformedIdentifier, match=rule):
        KboNumber.parse(text)


@given(kbo_numbers)
def test_kbo_numbers_go_round(number: str) -> None:
    parsed = KboNumber(number)
    assert KboNumber.parse(parsed.dotted) == parsed
    assert KboNumber.parse(parsed.iri) == parsed


@given(st.integers(1, 19_999_999), st.integers(1, 96))
def test_every_other_pair_of_check_digits_is_wrong(stem: int, off: int) -> None:
    right = kbo_number(stem)
    wrong = (int(right[8:]) - 1 + off) % 97 + 1
    with pytest.raises(MalformedIdentifier):
        KboNumber(f"{right[:8]}{wrong:02d}")


def test_a_part_has_the_same_iri_for_the_same_source_and_another_for_another() -> None:
    owner = OvoCode("OVO000001").iri
    first = part_iri(owner, "benaming", "a")
    assert first == part_iri(owner, "benaming", "a")
    assert len({first, part_iri(owner, "benaming", "b"), part_iri(owner, "positie", "a")}) == 3
    assert uuid.UUID(first.rsplit("/", 1)[1]).version == 5


def test_a_part_of_an_unknown_kind_is_not_minted() -> None:
    with pytest.raises(MalformedIdentifier):
        part_iri(OvoCode("OVO000001").iri, "onzin", "a")


def test_documents_stand_beside_what_they_are_about() -> None:
    assert document_iri(OvoCode("OVO000001").iri).endswith("/doc/organisatie/OVO000001")
    assert "iri=http%3A%2F%2Fx.example%2Fa%3Fb" in document_iri("http://x.example/a?b")
    assert "?iri=http%3A" in document_iri("http://data.vlaanderen.be/id/conceptscheme/Lijst")


def test_foreign_iris_stay_as_they_are() -> None:
    for iri in ("http://example.org/OVO000001", concept_iri("Sleuteltype", "KBO")):
        assert canonical_iri(iri) == iri
