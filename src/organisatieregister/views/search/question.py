"""What somebody typed, understood: a code in whatever spelling, or words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from organisatieregister.errors import MalformedIdentifier
from organisatieregister.identifiers import KboNumber, OvoCode
from organisatieregister.views.search.folding import FILLING, initials, one_typo_apart, words

MAX_TEXT = 200  # characters; what comes after is not read
_MAX_WORDS = 12

_PART_OF_A_CODE = re.compile(r"(ovo|be)?[\s\-_.]*(\d[\d\s.\-/]*)", re.IGNORECASE | re.ASCII)
_FILLING_OF_CODES = re.compile(r"[\s.\-_/]")


@dataclass(frozen=True, slots=True)
class Question:
    """A whole code in its indexed form, or words; empty when nothing was asked."""

    code: str = ""
    words: tuple[str, ...] = ()

    @classmethod
    def of(cls, text: str) -> Question:
        """Read what was typed."""
        typed = text[:MAX_TEXT].strip()
        for kind in (OvoCode, KboNumber):
            with suppress(MalformedIdentifier):
                return cls(code=indexed_code(kind.parse(typed).value))
        if part := _PART_OF_A_CODE.fullmatch(typed):
            prefix = "ovo" if (part[1] or "").lower() == "ovo" else ""
            return cls(words=(prefix + indexed_code(part[2]),))
        return cls(words=tuple(words(typed)[:_MAX_WORDS]))

    @property
    def required(self) -> tuple[str, ...]:
        """The words that an answer must have: not "van" and "de", unless there are no others."""
        return tuple(word for word in self.words if word not in FILLING) or self.words

    def former_name(self, names: Iterable[str], former_names: Iterable[str]) -> str:
        """The former name that made an organisation an answer; empty when its names today did."""
        if self.code or self._missing(names) == 0:
            return ""
        ranked = [(self._missing([name]), len(name), name) for name in former_names]
        missing, _, name = min(ranked, default=(len(self.words), 0, ""))
        return name if missing < self._missing(names) else ""

    def _missing(self, names: Iterable[str]) -> int:
        """How many of the words these names lack, even as a beginning or with a typo."""
        present = {word for name in names for word in (*words(name), initials(name))}
        return sum(
            not any(p.startswith(word) or one_typo_apart(word, p) for p in present)
            for word in self.required
        )


def indexed_code(code: str) -> str:
    """A code as the index holds it: lower case, nothing between the characters."""
    return _FILLING_OF_CODES.sub("", code).lower()
