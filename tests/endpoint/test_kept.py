"""The answers that are kept: which, and how many."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from organisatieregister.endpoint.formats import choose
from organisatieregister.endpoint.kept import Asked, KeptAnswers
from organisatieregister.endpoint.queries import Answer, Query


def asked(text: str) -> Asked:
    return Path("1-a"), Query(text), choose("text/csv")


def an_answer(size: int) -> Answer:
    return Answer("text/csv", b"x" * size, "1-a")


class Pieces:
    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"x"

    async def aclose(self) -> None:
        return


def test_what_was_kept_is_found_and_nothing_else() -> None:
    kept = KeptAnswers(10_000, 5_000)
    kept.keep(asked("a"), an_answer(1))
    assert kept.find(asked("a")) == an_answer(1)
    assert kept.find(asked("b")) is None
    assert kept.find((Path("2-a"), *asked("a")[1:])) is None


def test_what_was_not_asked_for_longest_goes_first() -> None:
    kept = KeptAnswers(5_000, 5_000)
    for text in "ab":
        kept.keep(asked(text), an_answer(1_000))
    assert kept.find(asked("a"))
    kept.keep(asked("c"), an_answer(1_000))
    assert [text for text in "abc" if kept.find(asked(text))] == ["a", "c"]


def test_neither_a_large_one_nor_a_stream_is_kept() -> None:
    kept = KeptAnswers(100_000, 5_000)
    kept.keep(asked("large"), an_answer(5_000))
    kept.keep(asked("x" * 1_500), an_answer(1))
    kept.keep(asked("stream"), Answer("text/csv", Pieces(), "1-a"))
    assert kept.size == 0


def test_nothing_is_kept_in_no_bytes() -> None:
    kept = KeptAnswers(0, 5_000)
    kept.keep(asked("a"), an_answer(0))
    assert kept.find(asked("a")) is None


@given(st.lists(st.tuples(st.text(max_size=3), st.integers(0, 4_000)), max_size=40))
def test_there_are_never_more_bytes_than_may_be(given: list[tuple[str, int]]) -> None:
    kept = KeptAnswers(9_000, 4_000)
    for text, size in given:
        kept.keep(asked(text), an_answer(size))
        held = {t: answer for t, _ in given if (answer := kept.find(asked(t)))}
        assert (
            sum(len(answer.body) for answer in held.values() if isinstance(answer.body, bytes))
            <= kept.size
            <= 9_000
        )
        assert bool(held) == bool(kept.size)
