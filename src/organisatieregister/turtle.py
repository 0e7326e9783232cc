"""Turtle as people read it: records one after the other, the same bytes for the same records.

Each record begins with its own resource, then its parts, each after what points to it. IRIs are
shortened with the prefix table and, for our own, with ``@base``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Triple

from organisatieregister.identifiers import BASE
from organisatieregister.records import Record, text_of
from organisatieregister.vocabulary import DCT, ORG, PREFIXES, RDF, REG, XSD

OWN = f"{BASE}/id/"

_LOCAL = re.compile(r"[A-Za-z_](?:[\w.-]*[\w-])?", re.ASCII)
_RELATIVE = re.compile(r"[a-z-]+/[\w.#/-]+", re.ASCII)
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_PREFIX_OF = {space: prefix for prefix, space in PREFIXES.items()}
# What a reader looks for first stands first; the links to facets last.
_RANK = {RDF.type: 0, DCT.identifier: 1, DCT.type: 1, REG.facet: 9}
_CLASS_RANK = {ORG.Organization: 0, ORG.ChangeEvent: 0}


def turtle(records: Iterable[Record]) -> Iterator[str]:
    """The text of a Turtle file, in pieces: the prefixes that are used, then each record."""
    used: set[str] = set()
    bodies = [record_turtle(record, used) for record in records]
    yield header(used)
    for body in bodies:
        yield "\n"
        yield body


def header(prefixes: Iterable[str]) -> str:
    """The ``@base`` and ``@prefix`` lines for these prefixes."""
    lines = [f"@prefix {prefix}: <{PREFIXES[prefix]}> ." for prefix in sorted(prefixes)]
    return "\n".join([f"@base <{OWN}> .", *lines, ""])


def record_turtle(record: Record, used: set[str]) -> str:
    """The record as Turtle without the header; adds the prefixes that it needs to ``used``."""
    return "".join(
        _subject(subject, record.by_subject[subject], used) for subject in _in_order(record)
    )


def _in_order(record: Record) -> Iterator[str]:
    """The primary resource, then its parts depth first."""
    ahead, seen = [record.iri], {record.iri}
    while ahead:
        subject = ahead.pop()
        yield subject
        parts = sorted(
            {text_of(t.object) for t in record.by_subject[subject]} & record.by_subject.keys()
        )
        ahead += [part for part in reversed(parts) if part not in seen]
        seen.update(parts)


def _subject(subject: str, triples: list[Triple], used: set[str]) -> str:
    objects: dict[NamedNode, list[Triple]] = {}
    for triple in triples:
        objects.setdefault(triple.predicate, []).append(triple)
    lines = []
    for predicate in sorted(objects, key=lambda p: (_RANK.get(p, 5), _iri(p.value, set()))):
        if predicate == RDF.type:
            written = sorted(objects[predicate], key=_class_order)
            lines.append("a " + " , ".join(_term(t.object, used) for t in written))
        else:
            values = sorted(_term(t.object, used) for t in objects[predicate])
            separator = " ,\n    " if len(values) > 3 else " , "
            lines.append(f"{_iri(predicate.value, used)} {separator.join(values)}")
    return f"{_iri(subject, used)}\n  " + " ;\n  ".join(lines) + " .\n"


def _class_order(triple: Triple) -> tuple[int, str]:
    klass = triple.object
    return (_CLASS_RANK.get(klass, 1) if isinstance(klass, NamedNode) else 1, text_of(klass))


def _term(term: object, used: set[str]) -> str:
    if isinstance(term, Literal):
        text = f'"{term.value.translate(_ESCAPES)}"'
        if term.language:
            return f"{text}@{term.language}"
        if term.datatype == XSD.string:
            return text
        return f"{text}^^{_iri(term.datatype.value, used)}"
    if isinstance(term, NamedNode):
        return _iri(term.value, used)
    raise TypeError(f"{term!r} cannot stand in a record")


def _iri(iri: str, used: set[str]) -> str:
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    prefix = _PREFIX_OF.get(iri[:cut])
    if prefix and _LOCAL.fullmatch(iri, cut):
        used.add(prefix)
        return f"{prefix}:{iri[cut:]}"
    if iri.startswith(OWN) and _RELATIVE.fullmatch(iri, len(OWN)):
        return f"<{iri[len(OWN) :]}>"
    return f"<{iri}>"
