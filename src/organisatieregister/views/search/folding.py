"""Words as the search compares them: without accents, capitals and punctuation.

What is indexed and what is asked go through the same function, so they always fit.
"""

from __future__ import annotations

import re
import unicodedata

# Letters that Unicode does not take apart.
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})
_ACRONYM = re.compile(r"(?<!\w)[^\W\d_](?:\.[^\W\d_])+(?!\w)")  # O.C.M.W. is written OCMW too
_WORD = re.compile(r"[^\W_]+")
_SPELLINGS = {"st": "sint", "dept": "departement"}

# Words that a name may leave out.
FILLING = frozenset("aan bij de den der des en het in of op te ten ter tot uit van voor".split())


def fold(text: str) -> str:
    """Lower case, without accents: ``Coöperatie`` is ``cooperatie``."""
    if text.isascii():
        return text.lower()
    small = unicodedata.normalize("NFKD", text).casefold()
    taken_apart = unicodedata.normalize("NFKD", small)
    return "".join(c for c in taken_apart if not unicodedata.combining(c)).translate(_LETTERS)


def words(text: str) -> list[str]:
    """The words of a text, in order, as the search compares them."""
    joined = _ACRONYM.sub(lambda match: match[0].replace(".", ""), fold(text))
    return [_SPELLINGS.get(word, word) for word in _WORD.findall(joined)]


def initials(text: str) -> str:
    """The first letters: ``ocmwg`` of Openbaar Centrum voor Maatschappelijk Welzijn van Gent."""
    return "".join(word[0] for word in words(text) if word not in FILLING)


def one_typo_apart(wanted: str, word: str) -> bool:
    """True when one letter more, less, other or swapped makes ``wanted`` of ``word``, or none."""
    if wanted == word:
        return True
    shorter, longer = sorted((wanted, word), key=len)
    if len(longer) - len(shorter) > 1:
        return False
    at = next((i for i, c in enumerate(shorter) if c != longer[i]), len(shorter))
    rest, rest_of_longer = shorter[at:], longer[at:]
    if len(shorter) < len(longer):
        return rest == rest_of_longer[1:]
    swapped = rest_of_longer[1:2] + rest_of_longer[:1] + rest_of_longer[2:]
    return rest[1:] == rest_of_longer[1:] or rest == swapped
