"""Representations: media types, negotiation, and triples → bytes.

All but HTML are made here, purely; HTML is made from the same triples by ``web/pages.py``.
"""

from organisatieregister.representations.media import (
    BY_MEDIA_TYPE,
    BY_SUFFIX,
    HTML,
    JSON,
    JSON_LD,
    MEDIA_TYPES,
    N_QUADS,
    N_TRIPLES,
    PLAIN,
    PROFILES,
    RDF_XML,
    REPRESENTATIONS,
    TRIG,
    TURTLE,
    Representation,
)
from organisatieregister.representations.negotiation import (
    negotiate,
    negotiate_coding,
    negotiate_language,
    negotiate_profile,
)
from organisatieregister.representations.serialisation import serialise

__all__ = [
    "BY_MEDIA_TYPE",
    "BY_SUFFIX",
    "HTML",
    "JSON",
    "JSON_LD",
    "MEDIA_TYPES",
    "N_QUADS",
    "N_TRIPLES",
    "PLAIN",
    "PROFILES",
    "RDF_XML",
    "REPRESENTATIONS",
    "TRIG",
    "TURTLE",
    "Representation",
    "negotiate",
    "negotiate_coding",
    "negotiate_language",
    "negotiate_profile",
    "serialise",
]
