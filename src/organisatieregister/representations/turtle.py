"""Turtle as text from N-Triples as text: the same statements, grouped, shortened and in order.

The order is that of ``arrangement.py``. Working on text is twice as fast as going through terms,
and the documents view makes a document of every record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from organisatieregister.identifiers import BASE, PART_KINDS
from organisatieregister.records import is_part_iri
from organisatieregister.representations.arrangement import rank
from organisatieregister.vocabulary import FOAF, PREFIXES, RDF

_PREFIX_OF = {space: prefix for prefix, space in PREFIXES.items()}
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[\w.-]*[\w-])?", re.ASCII)
_PARTS = tuple(f"<{BASE}/id/{kind}/" for kind in PART_KINDS)
_TOPIC = str(FOAF.primaryTopic)
_TYPE = str(RDF.type)

Row = tuple[str, str, str]  # the three terms of a triple as in N-Triples

# The statements of a subject: how the predicate sorts, the predicate, the object.
_Group = list[tuple[str, str, str]]


def rows(n_triples: bytes) -> list[Row]:
    """Subject, predicate and object of each line, as pyoxigraph writes N-Triples."""
    # not splitlines: it knows more line ends than N-Triples
    return [
        (subject, predicate, target[:-2])
        for subject, predicate, target in (
            line.split(" ", 2) for line in n_triples.decode().split("\n")[:-1]
        )
    ]


def turtle(statements: Iterable[Row], about: str) -> bytes:
    """The document about ``about`` in Turtle, from rows without duplicates.

    With just the prefixes that it uses, and an empty line between subjects.
    """
    groups: dict[str, _Group] = {}
    documents = set()
    for subject, predicate, target in statements:
        if predicate == _TOPIC:
            documents.add(subject)
        group = groups.get(subject)
        if group is None:
            group = groups[subject] = []
        group.append((_sorted_as(predicate), predicate, target))
    for group in groups.values():
        group.sort()
    words: set[str] = set()
    subjects = _in_order(groups, f"<{about}>", documents)
    body = "\n".join(_statements(subject, groups[subject], words) for subject in subjects)
    head = "".join(
        f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n"
        for prefix in sorted({word.partition(":")[0] for word in words if word[0] != "<"} - {"a"})
    )
    return f"{head}\n{body}".encode()


def _in_order(groups: dict[str, _Group], about: str, documents: set[str]) -> Iterator[str]:
    """The primary subject and its parts, depth first; the rest; what is said of the document."""
    ahead, seen = [about] if about in groups else [], set()
    while ahead:
        subject = ahead.pop()
        if subject in seen:
            continue
        seen.add(subject)
        yield subject
        ahead += [
            target
            for _, _, target in reversed(groups[subject])
            if target in groups and target not in seen and is_part_iri(target[1:-1])
        ]
    rest = sorted(groups.keys() - seen)
    yield from (subject for subject in rest if subject not in documents)
    yield from (subject for subject in rest if subject in documents)


def _statements(subject: str, group: _Group, words: set[str]) -> str:
    """All that is said of the subject; ``words`` gets the IRIs in it as they are written."""
    name = _short(subject)
    words.add(name)
    told: list[str] = []
    last = ""
    for _, predicate, target in group:
        if target[0] == "<":
            text = _short(target)
            words.add(text)
        elif target[-1] == ">":
            lexical, _, datatype = target.rpartition("^^")
            short = _short(datatype)
            words.add(short)
            text = f"{lexical}^^{short}"
        else:
            text = target
        if predicate == last:
            told[-1] += f" , {text}"
        else:
            verb = _verb(predicate)
            words.add(verb)
            told.append(f"{verb} {text}")
            last = predicate
    return f"{name} " + " ;\n\t".join(told) + " .\n"


def _short(iri: str) -> str:
    """``<…>`` as a prefixed name, where we have the prefix."""
    # most are parts, which have no prefix and are too many to remember
    return iri if iri.startswith(_PARTS) else _prefixed(iri)


@lru_cache(maxsize=8192)
def _prefixed(iri: str) -> str:
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    prefix = _PREFIX_OF.get(iri[1:cut])
    if prefix is None or not _LOCAL.fullmatch(iri, cut, len(iri) - 1):
        return iri
    return f"{prefix}:{iri[cut:-1]}"


@lru_cache(maxsize=1024)
def _verb(predicate: str) -> str:
    return "a" if predicate == _TYPE else _short(predicate)


@lru_cache(maxsize=1024)
def _sorted_as(predicate: str) -> str:
    return f"{rank(predicate[1:-1]):02d} {predicate}"
