"""What a classification tells of an organisation: its kind, its level of government, its domain.

A list of organisations has one filter for all of them; people look for them separately.
"""

from __future__ import annotations

from types import MappingProxyType

KINDS, LEVELS, DOMAINS = FAMILIES = ("classificatie", "levels", "domains")

# A part of the IRIs of the concepts; those of all other lists are kinds.
_MARKS = MappingProxyType({"bestuursniveau/": LEVELS, "beleidsdomein/": DOMAINS})


def family(concept: str) -> str:
    """The family of a concept, by its IRI."""
    lower = concept.lower()
    return next((name for mark, name in _MARKS.items() if mark in lower), KINDS)


def rank(concept: str) -> int:
    """The place of the family in a line about an organisation."""
    return FAMILIES.index(family(concept))
