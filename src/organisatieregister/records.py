"""A record: the triples about one primary resource and its parts.

Normal form (``docs/decisions/0002-shape-of-a-record.md``): no blank nodes, every subject is the
record's IRI or a part that hangs on it, no character that XML 1.0 forbids, only listed IRI schemes.
Its canonical form is N-Triples, sorted by line; two records are equal when those bytes are.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from organisatieregister.errors import MalformedRecord
from organisatieregister.identifiers import (
    BASE,
    CHANGE_EVENT,
    CONCEPT_SCHEME,
    LEGAL_FRAMEWORK,
    ORGANISATION,
    PART_KINDS,
    PERSON,
)
from organisatieregister.vocabulary import RDFS, SKOS, XSD

IRI_SCHEMES = ("http://", "https://", "mailto:", "tel:", "urn:")
MAX_LITERAL = 100_000  # characters

_MEMBER_OF = (SKOS.inScheme, RDFS.isDefinedBy)
_PRIMARY_SPACES = (ORGANISATION, CHANGE_EVENT, CONCEPT_SCHEME, PERSON, LEGAL_FRAMEWORK)

# XML 1.0, production 2 (Char), and the bidirectional overrides that disguise text.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
# What may be one of those, or another fault, in N-Triples (UTF-8); it also finds harmless text.
_SUSPECT = re.compile(
    rb"\\[bfu]|[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]"
    rb"|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]"
    rb"|<(?!https?://|mailto:|tel:|urn:)|_:|XMLSchema#decimal"
)
_PART = re.compile(
    rf"{re.escape(BASE)}/id/({'|'.join(PART_KINDS)})/[0-9a-f-]{{36}}(#(begin|einde))?"
)


@dataclass(frozen=True)
class Record:
    """The triples of one primary resource and its parts; build it with ``Record.of``."""

    iri: str
    triples: frozenset[Triple]

    @classmethod
    def of(cls, iri: str, triples: Iterable[Triple]) -> Record:
        """A record in normal form, or MalformedRecord with the rule that is broken."""
        record = cls(iri, frozenset(triples))
        check_normal_form(record)
        return record

    @classmethod
    def read(cls, iri: str, canonical: bytes) -> Record:
        """From canonical N-Triples that were checked when they were written."""
        quads = parse(canonical, format=RdfFormat.N_TRIPLES, lenient=True)
        record = cls(iri, frozenset(quad.triple for quad in quads))
        record.__dict__["canonical"] = canonical
        return record

    @cached_property
    def canonical(self) -> bytes:
        """The N-Triples, sorted by line (UTF-8)."""
        return canonical_n_triples(self.triples)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical form, in hex."""
        return hashlib.sha256(self.canonical).hexdigest()

    @cached_property
    def by_subject(self) -> dict[str, list[Triple]]:
        """The triples grouped by the IRI of their subject."""
        grouped: dict[str, list[Triple]] = {}
        for triple in self.triples:
            grouped.setdefault(text_of(triple.subject), []).append(triple)
        return grouped

    @property
    def subject(self) -> NamedNode:
        """The primary resource as a term."""
        return NamedNode(self.iri)

    @property
    def parts(self) -> list[str]:
        """The IRIs of the subjects other than the primary resource, sorted."""
        return sorted(iri for iri in self.by_subject if iri != self.iri)


@dataclass(frozen=True)
class Difference:
    """What must go and what must come to turn one record into another."""

    removed: frozenset[Triple]
    added: frozenset[Triple]

    def __bool__(self) -> bool:
        return bool(self.removed or self.added)


def difference(before: Record | None, after: Record | None) -> Difference:
    """The difference of two versions of a record; None is "does not exist"."""
    old = before.triples if before else frozenset()
    new = after.triples if after else frozenset()
    return Difference(removed=old - new, added=new - old)


def text_of(term: NamedNode | BlankNode | Literal | Triple) -> str:
    """The IRI or the lexical form of a term of a record (which never holds quoted triples)."""
    return "" if isinstance(term, Triple) else term.value


def canonical_n_triples(triples: Iterable[Triple]) -> bytes:
    """N-Triples with one line a triple, sorted by the bytes of the line."""
    lines = (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").splitlines(keepends=True)
    lines.sort()
    return b"".join(lines)


def check_normal_form(record: Record) -> None:
    """Raise MalformedRecord for the first triple that a record may not hold."""
    check_iri(record.iri, record.iri)
    if record.iri not in record.by_subject:
        raise MalformedRecord(record.iri, "says nothing about its own resource")
    # One look at the text finds nearly all records good, ten times faster than term by term.
    text = record.canonical
    if len(text) > MAX_LITERAL or _SUSPECT.search(text):
        for triple in record.triples:
            _check_triple(triple, record.iri)
    loose = set(record.by_subject) - reachable(record)
    if loose and (loose := loose - _members(record)):
        raise MalformedRecord(record.iri, f"holds <{min(loose)}>, which does not hang on it")


def _check_triple(triple: Triple, record: str) -> None:
    for node in (triple.subject, triple.object):
        if isinstance(node, Literal):
            _check_literal(node, record)
        elif isinstance(node, BlankNode):
            raise MalformedRecord(record, "has a blank node; every part needs an IRI")
        elif isinstance(node, NamedNode):
            check_iri(node.value, record)
        else:
            raise MalformedRecord(record, "has a triple inside a triple")


def reachable(record: Record) -> set[str]:
    """The subjects that hang on the primary resource, following links from it."""
    grouped = record.by_subject
    seen = {record.iri}
    ahead = [record.iri]
    while ahead:
        for triple in grouped.get(ahead.pop(), ()):
            target = triple.object.value if isinstance(triple.object, NamedNode) else ""
            if target in grouped and target not in seen:
                seen.add(target)
                ahead.append(target)
    return seen


def _members(record: Record) -> set[str]:
    """The concepts and terms that name the primary resource as their scheme or ontology."""
    return {
        text_of(triple.subject)
        for triple in record.triples
        if triple.predicate in _MEMBER_OF and text_of(triple.object) == record.iri
    }


def check_iri(iri: str, record: str) -> None:
    """Raise MalformedRecord for an IRI with a scheme that is not on the list."""
    if not iri.startswith(IRI_SCHEMES):
        raise MalformedRecord(
            record, f"<{iri[:80]}> has a scheme other than {' '.join(IRI_SCHEMES)}"
        )


def is_part_iri(iri: str) -> bool:
    """True for the IRI of a part (label, identifier, period …) of some record."""
    return _PART.fullmatch(iri) is not None


def gather(triples: Iterable[Triple]) -> Iterator[Record]:
    """Group triples in any order into records; holds all of them in memory.

    A subject is a part when its IRI says so, a concept is a part of its scheme, a term of its
    ontology; any other subject is primary. Raises MalformedRecord, also for parts that no record
    claims.
    """
    pending = _Pending()
    for triple in triples:
        pending.add(triple)
    yield from pending.drain()


def gather_in_order(triples: Iterable[Triple]) -> Iterator[Record]:
    """Group a long stream whose records stand one after the other (as in our dumps).

    Holds one record at a time, and what is not complete until the end. A record of which more
    triples come after the next one has begun raises MalformedRecord.
    """
    pending = _Pending()
    done: set[str] = set()
    last = ""
    for triple in triples:
        subject = text_of(triple.subject)
        if subject != last and not pending.has(subject) and _names_a_record(subject):
            if subject in done:
                raise MalformedRecord(subject, "stands in two places in the file")
            if last and (record := pending.take_complete()):
                done.add(record.iri)
                yield record
        last = subject
        pending.add(triple)
    yield from pending.drain()


def _names_a_record(iri: str) -> bool:
    """True for the IRI spaces whose resources are always primary."""
    return iri.startswith(_PRIMARY_SPACES)


class _Pending:
    """Triples that wait for their record, by subject."""

    def __init__(self) -> None:
        self._by_subject: dict[str, list[Triple]] = {}
        self._newest = ""

    def has(self, subject: str) -> bool:
        return subject in self._by_subject

    def add(self, triple: Triple) -> None:
        subject = text_of(triple.subject)
        group = self._by_subject.get(subject)
        if group is None:
            group = self._by_subject[subject] = []
            if _names_a_record(subject):
                self._newest = subject
        group.append(triple)

    def take_complete(self) -> Record | None:
        """The newest record, when all parts that it links to are here."""
        subjects = self._claim(self._newest) + self._members() if self._newest else []
        if not subjects or not all(subject in self._by_subject for subject in subjects):
            return None
        return self._take(self._newest, subjects)

    def drain(self) -> Iterator[Record]:
        """All records, in the order in which they began; parts that are left over raise."""
        concepts: dict[str, list[str]] = {}
        owners = []
        for iri, group in self._by_subject.items():
            schemes = [text_of(t.object) for t in group if t.predicate in _MEMBER_OF]
            for scheme in schemes[:1]:
                concepts.setdefault(scheme, []).append(iri)
            if not schemes and not is_part_iri(iri):
                owners.append(iri)
        for owner in owners:
            subjects = self._claim(owner) + concepts.pop(owner, [])
            yield self._take(owner, [s for s in subjects if s in self._by_subject])
        if self._by_subject:
            raise MalformedRecord(min(self._by_subject), "is a part that no record has a claim on")

    def _claim(self, owner: str) -> list[str]:
        """The owner and the parts that hang on it, whether they are here or not."""
        seen = {owner: None}
        ahead = [owner]
        while ahead:
            for triple in self._by_subject.get(ahead.pop(), ()):
                target = triple.object.value if isinstance(triple.object, NamedNode) else ""
                if target not in seen and is_part_iri(target):
                    seen[target] = None
                    ahead.append(target)
        return list(seen)

    def _members(self) -> list[str]:
        """The concepts of the newest record, when it is a scheme; they stand after it."""
        if not self._newest.startswith(CONCEPT_SCHEME):
            return []
        scheme = NamedNode(self._newest)
        return [
            iri
            for iri, group in self._by_subject.items()
            if any(t.predicate in _MEMBER_OF and t.object == scheme for t in group)
        ]

    def _take(self, owner: str, subjects: Iterable[str]) -> Record:
        return Record.of(owner, [t for iri in subjects for t in self._by_subject.pop(iri)])


def _check_literal(literal: Literal, record: str) -> None:
    found = _FORBIDDEN.search(literal.value)
    if found:
        raise MalformedRecord(
            record, f"has the forbidden character U+{ord(found[0]):04X} in {literal.value[:40]!r}"
        )
    if len(literal.value) > MAX_LITERAL:
        raise MalformedRecord(record, f"has a literal of more than {MAX_LITERAL} characters")
    if literal.datatype.value == f"{XSD.iri}decimal":
        raise MalformedRecord(record, "has an xsd:decimal, which does not survive a round trip")
