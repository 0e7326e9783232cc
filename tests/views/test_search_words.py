"""Words and questions: what is typed and what is indexed are compared in one form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisatieregister.views.search.folding import fold, initials, one_typo_apart, words
from organisatieregister.views.search.question import MAX_TEXT, Question
from tests.examples import kbo_number


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Coöperatieve Vennootschap", ["cooperatieve", "vennootschap"]),
        ("O.C.M.W. van Gent", ["ocmw", "van", "gent"]),
        ("St.-Niklaas", ["sint", "niklaas"]),
        ("Nazareth-De Pinte", ["nazareth", "de", "pinte"]),
        ("  Groß & Ægir\tŁódź  ", ["gross", "aegir", "lodz"]),
        ("b.v. 1.2.3", ["bv", "1", "2", "3"]),
        ("_%*?()", []),
    ],
)
def test_words_lose_accents_capitals_and_punctuation(text: str, found: list[str]) -> None:
    assert words(text) == found


@given(st.text(max_size=60))
def test_words_of_words_are_the_same_words(text: str) -> None:
    found = words(text)
    assert words(" ".join(found)) == found
    assert fold(fold(text)) == fold(text)


def test_initials_skip_the_words_between() -> None:
    assert initials("Openbaar Centrum voor Maatschappelijk Welzijn van Gent") == "ocmwg"


LETTERS = st.text("abc", max_size=6)


@given(LETTERS, st.integers(0, 6), st.sampled_from("abc"))
def test_one_letter_more_less_other_or_swapped_is_one_typo(word: str, at: int, letter: str) -> None:
    at = min(at, len(word))
    assert one_typo_apart(word, word[:at] + letter + word[at:])
    assert one_typo_apart(word, word[:at] + letter + word[at + 1 :])
    assert one_typo_apart(word, word[:at] + word[at + 1 :])
    assert one_typo_apart(word, word[:at] + word[at : at + 2][::-1] + word[at + 2 :])


@given(LETTERS, LETTERS)
def test_one_typo_is_the_same_both_ways_and_no_more_than_one(a: str, b: str) -> None:
    assert one_typo_apart(a, b) == one_typo_apart(b, a) == (_distance(a, b) <= 1)


def _distance(a: str, b: str) -> int:
    """Edit distance with swaps of neighbours, by its definition."""
    if not a or not b:
        return len(a) + len(b)
    if a[-1] == b[-1]:
        return _distance(a[:-1], b[:-1])
    ways = [_distance(a[:-1], b), _distance(a, b[:-1]), _distance(a[:-1], b[:-1])]
    if a[-2:] == b[-2:][::-1] and len(a) > 1 and len(b) > 1:
        ways.append(_distance(a[:-2], b[:-2]))
    return 1 + min(ways)


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("ovo 002949", Question(code="ovo002949")),
        (f"BE {kbo_number(2074514)}", Question(code=kbo_number(2074514))),
        ("OVO-0029", Question(words=("ovo0029",))),
        ("0207.45", Question(words=("020745",))),
        ("BE 0207", Question(words=("0207",))),
        ("9000", Question(words=("9000",))),
        ("Stad van Gent", Question(words=("stad", "van", "gent"))),
        ("   ", Question()),
    ],
)
def test_a_question_is_a_code_or_words(typed: str, question: Question) -> None:
    assert Question.of(typed) == question


@given(st.text(max_size=1000))
def test_a_question_has_a_bound(text: str) -> None:
    question = Question.of(text)
    assert len(question.words) <= 12
    assert question == Question.of(text[:MAX_TEXT])


def test_only_filling_words_are_asked_for_as_they_are() -> None:
    assert Question.of("stad van de").required == ("stad",)
    assert Question.of("van de").required == ("van", "de")
