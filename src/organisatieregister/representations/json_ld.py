"""JSON-LD as a programmer likes it: one tree under our own names, its context in the same file.

The primary resource is the root; what it links to and the document tells about stands inside the
first link to it, and is referred to by its IRI elsewhere. The document itself hangs under
``document``. What cannot be reached from the root comes in ``@included``.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import orjson
from pyoxigraph import Literal, NamedNode, Triple

from organisatieregister.records import text_of
from organisatieregister.representations.arrangement import Grouped, Statement, grouped
from organisatieregister.vocabulary import FOAF, PREFIXES, RDF, XSD, json_ld_context, shorten

_DOCUMENT = "document"
_TOPIC = FOAF.primaryTopic.value
_TYPE = RDF.type.value
_STRING = XSD.string.value
_NAMED = {"id": "@id", "type": "@type"}

Node = dict[str, Any]


def json_ld(triples: Iterable[Triple], about: str) -> bytes:
    """The triples as compact JSON-LD 1.1 (UTF-8); the same triples give the same bytes."""
    tree = _Tree(grouped(triples))
    root = tree.grow(about)
    others = [tree.grow(iri) for iri in sorted(tree.groups) if iri not in tree.nodes]
    whole = {"@context": tree.context(), **root}
    if others:
        whole["@included"] = others
    return orjson.dumps(whole, option=orjson.OPT_APPEND_NEWLINE)


@lru_cache(maxsize=1)
def _terms() -> dict[str, tuple[str, dict[str, str]]]:
    """Predicate → the context's name for it and how its values are read."""
    return {
        reading["@id"]: (name, reading)
        for name, reading in json_ld_context().items()
        if isinstance(reading, dict) and "@id" in reading
    }


_short = lru_cache(maxsize=4096)(shorten)  # predicates, classes and datatypes recur


class _Tree:
    """The JSON objects of the subjects, and the names that they use."""

    def __init__(self, groups: Grouped) -> None:
        self.groups = groups
        self.nodes: dict[str, Node] = {}
        self._used: dict[str, Any] = {}

    def grow(self, root: str) -> Node:
        """The object of this subject, with all that it links to inside, level by level."""
        node = self.nodes[root] = {"id": root}
        level = [root]
        for subject in level:  # grows while we go
            level += self._fill(self.nodes[subject], subject)
            if subject == root:
                level += self._hang_document(node, root)
        return node

    def context(self) -> dict[str, Any]:
        """The part of our context that the objects use."""
        return {"@version": 1.1, **_NAMED, **dict(sorted(self._used.items()))}

    def _fill(self, node: Node, subject: str) -> list[str]:
        """Write the subject's statements into its object; the subjects that came to hang on it."""
        nested = []
        for predicate, target, _ in self.groups.get(subject, ()):
            if predicate == _TYPE:
                node.setdefault("type", []).append(self._compact(text_of(target)))
            elif predicate == _TOPIC and _DOCUMENT in self.nodes.get(text_of(target), ()):
                continue  # said by the place in the tree
            else:
                nested += self._add(node, predicate, target)
        return nested

    def _add(self, node: Node, predicate: str, target: Any) -> list[str]:
        name, reading = self._term(predicate)
        nested = []
        value: Any
        if isinstance(target, NamedNode):
            iri = target.value
            if iri in self.groups and iri not in self.nodes:
                value = self.nodes[iri] = {"id": iri}
                nested = [iri]
            else:
                value = iri if reading.get("@type") == "@id" else {"id": iri}
        else:
            value = self._literal(target, reading)
        _put(node, name, value, several=reading.get("@container") == "@set")
        return nested

    def _hang_document(self, node: Node, about: str) -> list[str]:
        """Put the document under its topic, read backwards."""
        documents = [
            iri
            for iri, group in self.groups.items()
            if iri not in self.nodes and any(_is_about(statement, about) for statement in group)
        ]
        if len(documents) != 1:
            return []
        self._used[_DOCUMENT] = {"@reverse": _TOPIC}
        node[_DOCUMENT] = self.nodes[documents[0]] = {"id": documents[0]}
        return documents

    def _literal(self, literal: Literal, reading: dict[str, str]) -> str | dict[str, str]:
        """The bare text where the context says the rest, else a value object."""
        text, language, datatype = literal.value, literal.language, literal.datatype.value
        if language:
            bare = reading.get("@language") == language
            return text if bare else {"@value": text, "@language": language}
        if datatype == _STRING:
            bare = "@language" not in reading and "@type" not in reading
            return text if bare else {"@value": text}
        bare = reading.get("@type") == datatype
        return text if bare else {"@value": text, "@type": self._compact(datatype)}

    def _term(self, predicate: str) -> tuple[str, dict[str, str]]:
        known = _terms().get(predicate)
        if known:
            self._used[known[0]] = known[1]
            return known
        return self._compact(predicate), {}

    def _compact(self, iri: str) -> str:
        short = _short(iri)
        if short != iri:
            prefix = short.partition(":")[0]
            self._used[prefix] = PREFIXES[prefix]
        return short


def _is_about(statement: Statement, about: str) -> bool:
    predicate, target, _ = statement
    return predicate == _TOPIC and text_of(target) == about


def _put(node: Node, name: str, value: Any, *, several: bool) -> None:
    """Add a value: always to a list where the context says set, else only from the second on."""
    if name not in node:
        node[name] = [value] if several else value
    elif isinstance(node[name], list):
        node[name].append(value)
    else:
        node[name] = [node[name], value]
