"""The index of names, codes and places (tantivy), as it is written.

A commit carries a token, in a document of its own: by that the rows in SQLite know whether the
index holds what they hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import tantivy

from organisatieregister.summaries import Summary
from organisatieregister.validity import INACTIVE
from organisatieregister.views.search.folding import initials, words
from organisatieregister.views.search.question import indexed_code

MARKER = 0  # the number of the document that holds the token; organisations have others

_HEAP = 50_000_000  # bytes that the writer may buffer
# Among equal answers the one with the shortest name comes first.
_BREVITY = 0.05
_SHORTEST_INITIALS = 3  # letters


@dataclass(frozen=True, slots=True)
class Findable:
    """By what an organisation is found; ``name`` is the one that it is shown with."""

    name: str
    is_current: bool
    names: tuple[str, ...]
    former_names: tuple[str, ...]
    codes: tuple[str, ...]
    places: tuple[str, ...]

    @classmethod
    def of(cls, summary: Summary) -> Findable:
        """What of the summary matters."""
        return cls(
            summary.name,
            summary.status != INACTIVE.value,
            summary.names,
            summary.former_names,
            summary.codes,
            summary.places,
        )


class NameWriter:
    """The one writer of the index in a directory."""

    def __init__(self, path: Path) -> None:
        """Open the index, made when it is not there. Raises ValueError or OSError when damaged."""
        path.mkdir(parents=True, exist_ok=True)
        self._writer = open_index(path).writer(_HEAP, 1)

    def put(self, number: int, findable: Findable, *, is_new: bool) -> None:
        """Index an organisation under its number."""
        if not is_new:
            self.remove(number)
        self._writer.add_document(_document(number, findable))

    def remove(self, number: int) -> None:
        """Take an organisation out."""
        self._writer.delete_documents_by_term("id", number)

    def clear(self) -> None:
        """Take everything out."""
        self._writer.delete_all_documents()

    def commit(self, token: int) -> None:
        """Make what was put and removed durable, under this token (over 0, under 2^63)."""
        self.remove(MARKER)
        marker = tantivy.Document()
        marker.add_integer("id", MARKER)
        marker.add_integer("token", token)
        self._writer.add_document(marker)
        self._writer.commit()

    def abandon(self) -> None:
        """Let go at once: what was put and removed since the last commit never happened."""
        del self._writer

    def close(self) -> None:
        """Let go of the index; the writer is of no use afterwards."""
        self._writer.wait_merging_threads()


def open_index(path: Path) -> tantivy.Index:
    """The index in a directory that exists, made when there is none in it.

    A reader follows the writer by ``reload()``. Raises ValueError or OSError when damaged.
    """
    index = tantivy.Index(schema(), str(path))
    index.config_reader("manual")
    # The texts come folded, with spaces between the words.
    index.register_tokenizer(
        "words", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    )
    index.register_tokenizer("stems", stemmer())
    return index


def schema() -> tantivy.Schema:
    """What the index holds of an organisation."""
    builder = tantivy.SchemaBuilder()
    # Signed: to delete by a Python int finds nothing in an unsigned field (tantivy-py 0.27).
    builder.add_integer_field("id", indexed=True, fast=True)
    builder.add_integer_field("token", fast=True)
    builder.add_float_field("brevity", fast=True)
    builder.add_boolean_field("current", indexed=True)
    for field, tokenizer in (
        ("name", "words"),  # all current names, and the codes
        ("stem", "stems"),  # current names
        ("former", "words"),
        ("place", "words"),
        ("whole", "raw"),  # each current name as a whole
        ("initials", "raw"),  # of current names that have some words
    ):
        builder.add_text_field(field, tokenizer_name=tokenizer, index_option="basic")
    return builder.build()


def stemmer() -> tantivy.TextAnalyzer:
    """Folded words to their Dutch stems: ``scholen`` and ``schol`` are one."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    return builder.filter(tantivy.Filter.stemmer("dutch")).build()


def _document(number: int, findable: Findable) -> tantivy.Document:
    document = tantivy.Document()
    document.add_integer("id", number)
    document.add_float("brevity", _BREVITY / max(len(findable.name), 5))
    document.add_boolean("current", findable.is_current)
    for name in dict.fromkeys(" ".join(words(name)) for name in findable.names):
        for field in ("name", "stem", "whole"):
            document.add_text(field, name)
        if len(letters := initials(name)) >= _SHORTEST_INITIALS:
            document.add_text("initials", letters)
    for code in findable.codes:
        document.add_text("name", indexed_code(code))
    for name in findable.former_names:
        document.add_text("former", " ".join(words(name)))
    for place in findable.places:
        document.add_text("place", " ".join(words(place)))
    return document
