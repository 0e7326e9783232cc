"""Finding organisations by what people type (tantivy), best first.

Queries are built from terms and never parsed, so nothing that is typed is a query language.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tantivy import DocAddress, Occur, Query, Searcher

from organisatieregister.views.search.names import MARKER, open_index, schema, stemmer
from organisatieregister.views.search.question import Question

# What makes a good answer, the weightiest first: it is called just so; it exists today; its words
# are the words asked. A score is the sum of these.
_WHOLE_NAME, _CURRENT, _WORDS = 8.0, 4.0, 3.0
# How well a word fits, at its best.
_EXACT, _STEM, _BEGINNING, _INITIALS, _PLACE = 1.0, 0.8, 0.6, 0.55, 0.5
_FORMER, _FORMER_BEGINNING, _TYPO = 0.4, 0.3, 0.1
# What has Gent in its name and is in Gent comes before what only has it in its name.
_IN_THE_PLACE_TOO = 0.3

# Letters; among shorter words everything resembles everything.
_SHORTEST_WITH_TYPO = 4
_SHORTEST_BEGINNING_WITH_TYPO = 5


class Finder:
    """A reader of the index in a directory."""

    def __init__(self, path: Path) -> None:
        """Open the index. Raises ValueError or OSError when damaged."""
        self._index = open_index(path)
        self._schema = schema()
        self._stemmer = stemmer()

    def reload(self) -> None:
        """Follow the writer to its last commit."""
        self._index.reload()

    @property
    def token(self) -> int:
        """The token of the last commit; 0 of an empty index."""
        searcher = self._index.searcher()
        found = searcher.search(Query.term_query(self._schema, "id", MARKER), 1).hits
        if not found:
            return 0
        return _numbers(searcher, "token", found)[0]

    def find(self, question: Question, limit: int, enough: int = 1) -> list[int]:
        """The numbers of the organisations that fit, best first.

        When fewer than ``enough`` fit to the letter, those with a typo in a word come after them.
        """
        if question.code:
            return self._search(Query.term_query(self._schema, "name", question.code), limit)
        if not question.words:
            return []
        found = self._search(self._all_of(question, self._to_the_letter), limit)
        if len(found) < min(enough, limit):
            more = self._search(self._all_of(question, self._with_typos), limit)
            found = list(dict.fromkeys(found + more))[:limit]
        return found

    def _search(self, query: Query, limit: int) -> list[int]:
        searcher = self._index.searcher()
        wanted = min(limit, max(searcher.num_docs, 1))
        found = searcher.search(query, wanted, count=False, weight_by_field="brevity").hits
        return _numbers(searcher, "id", found)

    def _all_of(self, question: Question, ways: Callable[[str], list[Query]]) -> Query:
        """Every required word in one of these ways, and the more of the rest the better."""
        share = _WORDS / len(question.words)
        clauses = [
            (
                Occur.Must if word in question.required else Occur.Should,
                Query.boost_query(Query.disjunction_max_query(ways(word)), share),
            )
            for word in question.words
        ]
        better = [
            self._beginning("place", word, _IN_THE_PLACE_TOO * share) for word in question.required
        ]
        better.append(self._term("whole", " ".join(question.words), _WHOLE_NAME))
        better.append(self._term("current", True, _CURRENT))
        return Query.boolean_query([*clauses, *((Occur.Should, query) for query in better)])

    def _to_the_letter(self, word: str) -> list[Query]:
        return [
            self._term("name", word, _EXACT),
            *(self._term("stem", stem, _STEM) for stem in self._stemmer.analyze(word)),
            self._beginning("name", word, _BEGINNING),
            self._beginning("initials", word, _INITIALS),
            self._beginning("place", word, _PLACE),
            self._term("former", word, _FORMER),
            self._beginning("former", word, _FORMER_BEGINNING),
        ]

    def _with_typos(self, word: str) -> list[Query]:
        ways = self._to_the_letter(word)
        if len(word) >= _SHORTEST_WITH_TYPO and word.isalpha():
            prefix = len(word) >= _SHORTEST_BEGINNING_WITH_TYPO
            ways += [
                self._like(field, word, _TYPO, typos=1, prefix=prefix)
                for field in ("name", "former", "place")
            ]
        return ways

    def _term(self, field: str, value: str | bool, score: float) -> Query:
        return Query.const_score_query(Query.term_query(self._schema, field, value), score)

    def _beginning(self, field: str, word: str, score: float) -> Query:
        return self._like(field, word, score, typos=0, prefix=True)

    def _like(self, field: str, word: str, score: float, *, typos: int, prefix: bool) -> Query:
        query = Query.fuzzy_term_query(self._schema, field, word, distance=typos, prefix=prefix)
        return Query.const_score_query(query, score)


def _numbers(searcher: Searcher, field: str, found: list[tuple[Any, DocAddress]]) -> list[int]:
    """The values of a field that is an integer and that every document has."""
    addresses = [address for _, address in found]
    return searcher.fast_field_values(field, addresses)  # type: ignore[return-value]
