"""Triples → bytes, in every RDF format.

Everything stands in the default graph, in TriG and N-Quads too: the published graph is one graph,
and a client that loads a document in whatever format gets the same triples in the same place.
The bytes depend on the triples alone, so that they can carry a strong ETag.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from organisatieregister.errors import NotAcceptable
from organisatieregister.records import canonical_n_triples, text_of
from organisatieregister.representations.arrangement import arranged, topic
from organisatieregister.representations.json_ld import json_ld
from organisatieregister.representations.media import (
    JSON,
    JSON_LD,
    N_QUADS,
    N_TRIPLES,
    PLAIN,
    RDF_XML,
    REPRESENTATIONS,
    TRIG,
    TURTLE,
)
from organisatieregister.representations.turtle import rows, turtle
from organisatieregister.vocabulary import PREFIXES, RDF

# The end of an IRI that can stand as an element's name in XML.
_XML_NAME = re.compile(r"[^\W\d][\w.\-]*\Z")


def serialise(triples: Collection[Triple], media_type: str, about: str = "") -> bytes:
    """The triples in this media type; ``about`` is the primary subject, else the document's topic.

    Raises NotAcceptable for HTML and unknown types, and when RDF/XML cannot write a predicate.
    """
    if media_type in (N_TRIPLES, N_QUADS, PLAIN):
        return canonical_n_triples(triples)
    about = about or topic(triples)
    if media_type in (JSON_LD, JSON):
        return json_ld(triples, about)
    if media_type in (TURTLE, TRIG):
        n_triples = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
        return turtle(rows(n_triples), about)
    if media_type == RDF_XML:
        return _rdf_xml(arranged(triples, about))
    raise NotAcceptable(media_type, [r.media_type for r in REPRESENTATIONS])


def _rdf_xml(triples: list[Triple]) -> bytes:
    for triple in triples:
        if not _XML_NAME.search(triple.predicate.value):
            raise NotAcceptable(
                f"{RDF_XML} (<{triple.predicate.value}> cannot be an element's name)",
                [r.media_type for r in REPRESENTATIONS if r.media_type != RDF_XML],
            )
    if any(_is_odd_type(triple) for triple in triples):
        # A first rdf:type becomes the element's name; not being first it stays a property.
        triples = sorted(triples, key=lambda t: (str(t.subject), t.predicate == RDF.type))
    names = {t.predicate.value for t in triples} | {
        text_of(t.object) for t in triples if t.predicate == RDF.type
    }
    spaces = {iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in names}
    prefixes = {prefix: iri for prefix, iri in PREFIXES.items() if iri in spaces}
    return serialize(triples, format=RdfFormat.RDF_XML, prefixes=prefixes) or b""


def _is_odd_type(triple: Triple) -> bool:
    return (
        triple.predicate == RDF.type
        and isinstance(triple.object, NamedNode)
        and not _XML_NAME.search(triple.object.value)
    )
