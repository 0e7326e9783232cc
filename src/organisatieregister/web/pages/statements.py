"""The triples of a document, asked for the way a page needs them: by subject and predicate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pyoxigraph import Literal, NamedNode, Triple

from organisatieregister.records import text_of
from organisatieregister.vocabulary import DCT, FOAF, RDF, RDFS, SKOS

LABELS = (SKOS.prefLabel, FOAF.name, DCT.title, RDFS.label)


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of text and its language tag; no tag when it has none."""

    value: str
    language: str = ""

    def __bool__(self) -> bool:
        return bool(self.value)

    def cut(self, length: int) -> Text:
        """At most ``length`` characters, with an ellipsis where it was cut."""
        if len(self.value) <= length:
            return self
        return Text(self.value[: length - 1].rstrip() + "…", self.language)


class Statements:
    """Triples by subject and predicate; of texts the one in the reader's language comes first."""

    def __init__(self, triples: Iterable[Triple], language: str) -> None:
        self.language = language
        self._objects: dict[tuple[str, NamedNode], list[NamedNode | Literal]] = {}
        for triple in triples:
            if isinstance(triple.object, (NamedNode, Literal)):
                key = text_of(triple.subject), triple.predicate
                self._objects.setdefault(key, []).append(triple.object)
        for values in self._objects.values():
            values.sort(key=str)

    @property
    def subjects(self) -> list[str]:
        """The IRIs about which something is said, sorted."""
        return sorted({subject for subject, _ in self._objects})

    def predicates(self, subject: str) -> list[NamedNode]:
        """What is said about a subject, sorted by IRI."""
        found = [predicate for about, predicate in self._objects if about == subject]
        return sorted(found, key=lambda predicate: predicate.value)

    def objects(self, subject: str, predicate: NamedNode) -> list[NamedNode | Literal]:
        """All objects, sorted."""
        return self._objects.get((subject, predicate), [])

    def iris(self, subject: str, predicate: NamedNode) -> list[str]:
        """The objects that are IRIs, sorted."""
        return [o.value for o in self.objects(subject, predicate) if isinstance(o, NamedNode)]

    def iri(self, subject: str, predicate: NamedNode) -> str:
        """The first object that is an IRI; empty when there is none."""
        return next(iter(self.iris(subject, predicate)), "")

    def texts(self, subject: str, predicate: NamedNode) -> list[Text]:
        """The literals, those in the reader's language first, then Dutch, then the others."""
        found = [
            Text(o.value, o.language or "")
            for o in self.objects(subject, predicate)
            if isinstance(o, Literal)
        ]
        return sorted(found, key=lambda text: self._rank(text.language))

    def text(self, subject: str, predicate: NamedNode) -> Text:
        """The best literal; an empty Text when there is none."""
        return next(iter(self.texts(subject, predicate)), Text(""))

    def day(self, subject: str, predicate: NamedNode) -> date | None:
        """A literal that is a date; None when there is none or it cannot be read."""
        try:
            return date.fromisoformat(self.text(subject, predicate).value[:10])
        except ValueError:
            return None

    def label(self, iri: str) -> Text:
        """By what name people know a resource; an empty Text when the document does not say."""
        for predicate in LABELS:
            if found := self.text(iri, predicate):
                return found
        return Text("")

    def is_a(self, iri: str, kind: NamedNode) -> bool:
        """True when the resource has this class."""
        return kind in self.objects(iri, RDF.type)

    def with_type(self, kind: NamedNode) -> list[str]:
        """The subjects of a class, sorted."""
        return sorted(
            subject
            for (subject, predicate), objects in self._objects.items()
            if predicate == RDF.type and kind in objects
        )

    def _rank(self, language: str) -> int:
        primary = language.partition("-")[0]
        if primary == self.language:
            return 0
        return 1 if primary == "nl" else 2
