"""The addresses of versions of an organisation, and of their list (RFC 7089); pure.

``/id/organisatie/{code}/{stamp}`` is a version, ``/doc/…`` its document; a stamp is the time at
which the register came to hold it, in UTC: ``20261123T083000123456Z``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from organisatieregister.errors import InputError
from organisatieregister.identifiers import ORGANISATION, OvoCode
from organisatieregister.web.conditions import http_date
from organisatieregister.web.routing import document_path

TIMEMAP = "/timemap/organisatie/"
LINK_FORMAT = "application/link-format"

_VERSION = re.compile(
    r"/(id|doc)/organisatie/([^/]+)/([0-9]{8}T[0-9]{6}(?:[0-9]{6})?Z)(?:\.([a-z]+))?", re.ASCII
)
_SHORT = len("20261123T083000Z")


@dataclass(frozen=True, slots=True)
class VersionAddress:
    """What a path asks for: the organisation as it was held at a moment, or the document of it.

    ``canonical`` is False for another spelling of the code or the stamp.
    """

    code: OvoCode
    at: datetime
    is_document: bool
    suffix: str
    canonical: bool


def is_version(path: str) -> bool:
    """True for the paths of versions; cheap for all others."""
    return path.count("/") == 4 and _VERSION.fullmatch(path) is not None


def version_address(path: str) -> VersionAddress:
    """Read a path for which ``is_version`` holds. Raises MalformedIdentifier and InputError."""
    match = _VERSION.fullmatch(path)
    if match is None:
        raise InputError(f"{path[:80]!r} is no version", nl=f"{path[:80]!r} is geen versie")
    root, key, stamp, suffix = match.groups()
    code, at = OvoCode.parse(key), moment_of(stamp)
    canonical = (key, stamp) == (code.value, stamp_of(at))
    return VersionAddress(code, at, root == "doc", suffix or "", canonical)


def stamp_of(moment: datetime) -> str:
    """The stamp of a moment, exact to the microsecond."""
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%S%fZ").rjust(_SHORT + 6, "0")


def moment_of(stamp: str) -> datetime:
    """The inverse of ``stamp_of``; without microseconds it is the whole second. Raises InputError.

    Of a whole second the last microsecond counts, as it does for ``Accept-Datetime``.
    """
    exact = stamp if len(stamp) > _SHORT else f"{stamp[:-1]}999999Z"
    try:
        return datetime.strptime(exact, "%Y%m%dT%H%M%S%fZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise InputError(f"{stamp!r} is no moment", nl=f"{stamp!r} is geen tijdstip") from error


def version_iri(iri: str, time: datetime) -> str:
    """The IRI of the version of an organisation that the register holds since a time."""
    return f"{iri}/{stamp_of(time)}"


def timemap_path(iri: str) -> str:
    """The path of the list of versions of an organisation."""
    return TIMEMAP + iri.removeprefix(ORGANISATION)


def memento_link(iri: str, time: datetime, relation: str = "memento") -> str:
    """The link to the document of a version."""
    path, moment = document_path(version_iri(iri, time)), http_date(time).decode()
    return f'<{path}>; rel="{relation}"; datetime="{moment}"'


def timegate_links(iri: str) -> str:
    """The links of an organisation's document, or of a version, to original, gate and list."""
    original = iri.removeprefix(ORGANISATION).partition("/")[0]
    path = document_path(ORGANISATION + original)
    return (
        f'<{path}>; rel="original timegate", '
        f'<{TIMEMAP}{original}>; rel="timemap"; type="{LINK_FORMAT}"'
    )
