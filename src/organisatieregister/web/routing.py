"""What a path of ``/id/``, ``/doc/`` or ``/ns/`` is the address of; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from organisatieregister.errors import MalformedIdentifier, UnknownResource
from organisatieregister.identifiers import BASE, ONTOLOGY, PART_KINDS, OvoCode, document_iri
from organisatieregister.representations import BY_SUFFIX

PREFIXES = ("/doc/", "/id/", "/ns/")
FOREIGN = "/doc/extern"
COLLECTION = "/doc/organisatie"  # the list, which is not of this room

_BY_UUID = PART_KINDS | {"veranderingsgebeurtenis", "persoon", "wettelijk-kader"}
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SAFE = "/:@!$&'()*+,;=~-._"


@dataclass(frozen=True, slots=True)
class Address:
    """What was asked for: the resource or its document; ``suffix`` is empty when left open."""

    iri: str
    is_document: bool
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """Another spelling of a path: the canonical one, percent-encoded."""

    path: str


def address_of(path: str, foreign_iri: str = "") -> Address | Moved:
    """The address at a (decoded) path; ``foreign_iri`` is the ``iri`` in the query.

    Raises MalformedIdentifier (a code or UUID that is none) and UnknownResource.
    """
    if path.startswith("/ns/"):
        return _vocabulary(path)
    is_document = path.startswith("/doc/")
    name, suffix = path, ""
    if is_document:
        name, suffix = _without_suffix(path)
        if name == FOREIGN and foreign_iri:
            return Address(foreign_iri, is_document, suffix)
        if name == "/doc/ns/organisatieregister":
            return Address(ONTOLOGY, is_document, suffix)
    if name.rstrip("/") in ("/id/organisatie", COLLECTION):
        return Moved(COLLECTION)
    _, root, *rest = name.split("/")
    canonical = _canonical("/".join(rest).rstrip("/"))
    tail = f".{suffix}" if suffix else ""
    if f"/{root}/{canonical}" != name:
        return Moved(quote(f"/{root}/{canonical}{tail}", safe=_SAFE))
    return Address(f"{BASE}/id/{canonical}", is_document, suffix)


def document_path(iri: str, suffix: str = "") -> str:
    """The path of a document, percent-encoded; a query only for resources of others."""
    path, question, query = document_iri(iri).removeprefix(BASE).partition("?")
    tail = f".{suffix}" if suffix else ""
    return quote(path, safe=_SAFE + "%") + tail + question + query


def with_query(location: str, query: bytes) -> str:
    """The location with the query of the request after its own."""
    if not query:
        return location
    return f"{location}{'&' if '?' in location else '?'}{query.decode('ascii', 'replace')}"


def _vocabulary(path: str) -> Address | Moved:
    name = path.rstrip("/")
    if name != "/ns/organisatieregister":
        raise UnknownResource(BASE + path)
    return Address(ONTOLOGY, is_document=False) if name == path else Moved(name)


def _without_suffix(path: str) -> tuple[str, str]:
    name, dot, suffix = path.rpartition(".")
    return (name, suffix) if dot and suffix in BY_SUFFIX else (path, "")


def _canonical(name: str) -> str:
    """``organisatie/OVO000001`` for any spelling of it."""
    kind, _, key = name.partition("/")
    if kind == "organisatie":
        return f"organisatie/{_organisation(key)}"
    if kind in _BY_UUID:
        if not _UUID.fullmatch(key.lower()):
            raise MalformedIdentifier("UUID", key, "must be a UUID")
        return f"{kind}/{key.lower()}"
    if not key:
        raise UnknownResource(f"{BASE}/id/{name}")
    return name


def _organisation(key: str) -> str:
    code, dot, suffix = key.partition(".")
    if dot and "/" not in suffix and re.fullmatch(r"OVO[0-9]{6}", code):
        raise UnknownResource(f"{BASE}/doc/organisatie/{key}")  # a suffix that we do not have
    return OvoCode.parse(key).value
