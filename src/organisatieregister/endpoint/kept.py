"""Answers that are kept for who asks the same again, up to a number of bytes."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from organisatieregister.endpoint.formats import Choice
from organisatieregister.endpoint.queries import Answer, Query

Asked = tuple[Path, Query, Choice]  # the generation, and all that decides on the answer from it

_ENTRY = 1000  # bytes that an entry takes besides its texts


class KeptAnswers:
    """The answers that were asked for last: ``total`` bytes in all, ``each`` at most for one."""

    def __init__(self, total: int, each: int) -> None:
        self._total = total
        self._each = each
        self._answers: OrderedDict[Asked, Answer] = OrderedDict()
        self._size = 0

    @property
    def size(self) -> int:
        """Bytes that are kept now."""
        return self._size

    def find(self, asked: Asked) -> Answer | None:
        """The answer, when it was kept."""
        answer = self._answers.get(asked)
        if answer is not None:
            self._answers.move_to_end(asked)
        return answer

    def keep(self, asked: Asked, answer: Answer) -> None:
        """Keep it when it is whole and small enough; what was not asked for longest goes."""
        if not isinstance(answer.body, bytes):
            return
        size = _size(asked, answer)
        if size > min(self._each, self._total) or asked in self._answers:
            return
        self._answers[asked] = answer
        self._size += size
        while self._size > self._total:
            self._size -= _size(*self._answers.popitem(last=False))


def _size(asked: Asked, answer: Answer) -> int:
    _, query, _ = asked
    body = answer.body if isinstance(answer.body, bytes) else b""
    texts = (query.text, query.base, *query.default_graphs, *query.named_graphs)
    # A character of a text takes up to four bytes.
    return _ENTRY + len(body) + 4 * sum(map(len, texts))
