"""The media types, suffixes and profiles in which the register speaks."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

TURTLE = "text/turtle"
HTML = "text/html"
JSON_LD = "application/ld+json"
JSON = "application/json"
N_TRIPLES = "application/n-triples"
N_QUADS = "application/n-quads"
TRIG = "application/trig"
RDF_XML = "application/rdf+xml"
PLAIN = "text/plain"  # N-Triples by its oldest name, which rdflib still asks for


@dataclass(frozen=True, slots=True)
class Representation:
    """One form of a document; ``content_type`` is the media type as it is sent."""

    media_type: str
    suffix: str
    content_type: str


# In our order of preference: what a client gets that likes several equally well.
REPRESENTATIONS = (
    Representation(TURTLE, "ttl", "text/turtle; charset=utf-8"),
    Representation(HTML, "html", "text/html; charset=utf-8"),
    Representation(JSON_LD, "jsonld", JSON_LD),
    Representation(JSON, "json", JSON),
    Representation(N_TRIPLES, "nt", N_TRIPLES),
    Representation(N_QUADS, "nq", N_QUADS),
    Representation(TRIG, "trig", TRIG),
    Representation(RDF_XML, "rdf", RDF_XML),
    Representation(PLAIN, "", "text/plain; charset=utf-8"),
)

BY_MEDIA_TYPE = MappingProxyType({r.media_type: r for r in REPRESENTATIONS})
BY_SUFFIX = MappingProxyType({r.suffix: r for r in REPRESENTATIONS if r.suffix})
MEDIA_TYPES = MappingProxyType({suffix: r.media_type for suffix, r in BY_SUFFIX.items()})

# Token for ``?_profile=`` → IRI of the profile (W3C Content Negotiation by Profile).
PROFILES = MappingProxyType(
    {"oslo": "https://data.vlaanderen.be/doc/applicatieprofiel/organisatie-basis"}
)
