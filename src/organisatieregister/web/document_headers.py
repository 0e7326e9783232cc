"""The header fields of a document: what it is, where its other forms are, how long it holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from organisatieregister.identifiers import BASE, ONTOLOGY, ORGANISATION, document_iri
from organisatieregister.publication import LICENCE
from organisatieregister.representations import HTML, PROFILES, REPRESENTATIONS, Representation
from organisatieregister.web.conditions import http_date
from organisatieregister.web.responses import CORS, PAGE_SECURITY, Header
from organisatieregister.web.routing import document_path, with_query
from organisatieregister.web.version_address import timegate_links

# A minute: long enough to carry a peak, short enough that a correction is soon seen everywhere.
CACHE_CONTROL = (b"cache-control", b"public, max-age=60")
VARY = (b"vary", b"Accept, Accept-Language, Accept-Encoding, Accept-Profile")
_KEPT_IN_304 = frozenset(
    (b"etag", b"last-modified", b"cache-control", b"vary", b"content-location")
    + tuple(name for name, _ in CORS)
)


@dataclass(frozen=True, slots=True)
class Sent:
    """One representation as it is about to be sent."""

    iri: str
    representation: Representation
    language: str
    coding: str
    etag: str
    modified: datetime
    query: bytes
    has_suffix: bool
    types: Iterable[str] = ()
    successors: Iterable[str] = ()


def headers_of(sent: Sent, length: int) -> tuple[Header, ...]:
    """All header fields of a 200 with a body of ``length`` bytes."""
    representation = sent.representation
    path = document_path(sent.iri, representation.suffix)
    headers: list[Header] = [
        (b"content-type", representation.content_type.encode()),
        (b"content-length", str(length).encode()),
        (b"etag", f'"{sent.etag}"'.encode()),
        (b"last-modified", http_date(sent.modified)),
        CACHE_CONTROL,
        _vary(sent),
        (b"link", links(sent).encode("ascii", "replace")),
        (b"content-location", with_query(path, sent.query).encode("ascii", "replace")),
        *CORS,
    ]
    if sent.coding != "identity":
        headers.append((b"content-encoding", sent.coding.encode()))
    if representation.media_type == HTML:
        headers += [(b"content-language", sent.language.encode()), *PAGE_SECURITY]
    return tuple(headers)


def headers_of_not_modified(headers: Iterable[Header]) -> tuple[Header, ...]:
    """Those of a 304, from those of the 200 (RFC 9110, 15.4.5)."""
    return tuple(header for header in headers if header[0] in _KEPT_IN_304)


def links(sent: Sent) -> str:
    """The Link field (RFC 8288): other forms first, then what the resource is and belongs to."""
    about = [
        _link(document_iri(sent.iri), "canonical"),
        _link(sent.iri, "describes"),
        _link(ONTOLOGY, "describedby"),
        _link(PROFILES["oslo"], "profile"),
        _link(LICENCE.value, "license"),
        *(_link(iri, "type") for iri in sent.types),
        *(_link(iri, "successor-version") for iri in sent.successors),
    ]
    if sent.iri.startswith(ORGANISATION):
        about += [_link(f"{BASE}/doc/organisatie", "collection"), timegate_links(sent.iri)]
    return ", ".join([alternates(sent.iri, sent.query), *about])


def alternates(iri: str, query: bytes) -> str:
    """The links to all representations of a document, with the query of the request."""
    return ", ".join(
        f'<{with_query(document_path(iri, r.suffix), query)}>; rel="alternate"; '
        f'type="{r.media_type}"'
        for r in REPRESENTATIONS
        if r.suffix
    )


def _link(iri: str, relation: str) -> str:
    return f'<{iri}>; rel="{relation}"'


def _vary(sent: Sent) -> Header:
    moment = b", Accept-Datetime" if sent.iri.startswith(ORGANISATION) else b""
    if not sent.has_suffix:
        return (VARY[0], VARY[1] + moment)
    language = b"Accept-Language, " if sent.representation.media_type == HTML else b""
    return (b"vary", language + b"Accept-Encoding, Accept-Profile" + moment)
