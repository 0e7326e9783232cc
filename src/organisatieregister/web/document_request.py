"""What a request for a document asks for: by its header fields, and by its query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from starlette.exceptions import HTTPException

from organisatieregister.errors import InputError, MalformedPeriod
from organisatieregister.periods import parse_day
from organisatieregister.representations import (
    PROFILES,
    REPRESENTATIONS,
    negotiate,
    negotiate_coding,
    negotiate_language,
    negotiate_profile,
)
from organisatieregister.web.compression import CODINGS
from organisatieregister.web.responses import Header

LANGUAGES = ("nl", "en")
MAX_QUERY = 8 * 1024  # bytes
_LONGEST = 512  # bytes of the negotiating fields together that are worth remembering

_OFFERED = {r.content_type.replace(" ", ""): r.media_type for r in REPRESENTATIONS}
_YES, _NO = frozenset({"1", "true", "ja"}), frozenset({"", "0", "false", "nee"})


@dataclass(frozen=True, eq=False, slots=True)
class Wishes:
    """The outcome of the negotiation; None where nothing fits. Equal outcomes are one object."""

    media_type: str | None
    language: str
    coding: str | None
    plain_allowed: bool
    profile: str | None


@dataclass(frozen=True, slots=True)
class Choices:
    """What the query asks for; ``query`` is what goes into links to the same choices."""

    on: date | None = None
    historic: bool = False
    language: str = ""
    profile: str = ""
    foreign_iri: str = ""
    query: bytes = b""

    @property
    def dated(self) -> bool:
        """True when the answer is not the document as the view holds it."""
        return self.historic or self.on is not None


def wishes_of(accept: bytes, language: bytes, coding: bytes, profile: bytes) -> Wishes:
    """The outcome of the negotiation, remembered for header fields of a usual length."""
    if len(accept) + len(language) + len(coding) + len(profile) > _LONGEST:
        return _negotiated(accept, language, coding, profile)
    return _remembered(accept, language, coding, profile)


def joined(headers: Iterable[Header]) -> dict[bytes, bytes]:
    """The header fields by name; of one that comes several times the values as one list."""
    fields: dict[bytes, bytes] = {}
    for name, value in headers:
        fields[name] = fields[name] + b", " + value if name in fields else value
    return fields


def choices_of(query: bytes) -> Choices:
    """Read the query; parameters that we do not know are left alone.

    Raises HTTPException 414, MalformedPeriod and InputError.
    """
    if not query:
        return _NOTHING_CHOSEN
    if len(query) > MAX_QUERY:
        raise HTTPException(414, detail=str(MAX_QUERY))
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    asked = dict(reversed(pairs))  # the first of several counts
    foreign = asked.get("iri", "")
    rest = urlencode([p for p in pairs if p[0] != "iri"]).encode() if foreign else query
    language = asked.get("taal", "").lower()
    return Choices(
        on=_day(asked["op"]) if "op" in asked else None,
        historic=_yes("historiek", asked.get("historiek", "")),
        language=language if language in LANGUAGES else "",
        profile=asked.get("_profile", ""),
        foreign_iri=foreign,
        query=rest,
    )


_NOTHING_CHOSEN = Choices()


def _negotiated(accept: bytes, language: bytes, coding: bytes, profile: bytes) -> Wishes:
    offer = negotiate(accept.decode("latin-1"), tuple(_OFFERED))
    codings = coding.decode("latin-1")
    return _outcome(
        _OFFERED[offer] if offer else None,
        negotiate_language(language.decode("latin-1"), LANGUAGES),
        negotiate_coding(codings, CODINGS),
        negotiate_coding(codings, ()) is not None,
        negotiate_profile(profile.decode("latin-1"), PROFILES),
    )


_remembered = lru_cache(maxsize=4096)(_negotiated)
_outcome = lru_cache(maxsize=None)(Wishes)  # as many as there are combinations of what we offer


def _day(text: str) -> date:
    day = parse_day(text)
    if day is None:
        raise MalformedPeriod(f"{text!r} is no day", nl=f"{text!r} is geen dag")
    return day


def _yes(name: str, text: str) -> bool:
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise InputError(f"{name}={text[:40]!r}: 1 or 0", nl=f"{name}={text[:40]!r}: 1 of 0")
