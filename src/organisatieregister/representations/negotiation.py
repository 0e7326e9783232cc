"""Content negotiation by RFC 9110, section 12.5, and by profile (W3C connegp).

A header that is absent or empty is the empty string. Parts that break the grammar are ignored;
a header of which nothing is left counts as absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

_PART = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*+"?)++')
_PARAMETER = re.compile(r'(?:[^;"]|"(?:[^"\\]|\\.)*+"?)++')
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_QUALITY = re.compile(r"0(\.\d*)?|\.\d+|1(\.0*)?", re.ASCII)
_PROFILE = re.compile(r"<([^<>]*)>")


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One part of an Accept header; ``parameters`` without the quality."""

    kind: str
    subtype: str
    parameters: frozenset[tuple[str, str]]
    quality: float

    def matches(self, offer: MediaRange) -> bool:
        """True when the offered media type lies in this range."""
        return (
            self.kind in ("*", offer.kind)
            and self.subtype in ("*", offer.subtype)
            and self.parameters <= offer.parameters
        )

    @property
    def specificity(self) -> tuple[bool, bool, int]:
        """Sort key: of two ranges that match, the one with the greater key decides."""
        return (self.kind != "*", self.subtype != "*", len(self.parameters))


def negotiate(accept: str, offered: Sequence[str]) -> str | None:
    """The offered media type that the Accept header likes best, or None.

    ``offered`` are content types as they are sent, parameters included; of several that are liked
    equally the first is taken. A header that fits nothing only for the parameters of its ranges
    (``text/turtle;version=1.2``) is read once more without these, rather than refused.
    """
    ranges = list(media_ranges(accept))
    if not ranges:
        return offered[0] if offered else None
    offers = [(offer, _offer(offer)) for offer in offered]
    bare = [MediaRange(r.kind, r.subtype, frozenset(), r.quality) for r in ranges]
    for reading in (ranges, bare):
        qualities = [(_quality(offer, reading), text) for text, offer in offers]
        best = max((quality for quality, _ in qualities), default=0)
        if best > 0:
            return next(text for quality, text in qualities if quality == best)
    return None


def media_ranges(accept: str) -> Iterator[MediaRange]:
    """The ranges of an Accept header that keep to the grammar."""
    for name, pairs in _parts(accept):
        kind, slash, subtype = name.partition("/")
        if not slash or not _TOKEN.fullmatch(kind) or not _TOKEN.fullmatch(subtype):
            continue
        if kind == "*" and subtype != "*":
            continue
        quality = next((value for key, value in pairs if key == "q"), "1")
        if _QUALITY.fullmatch(quality):
            own = frozenset((key, value) for key, value in pairs if key and key != "q")
            yield MediaRange(kind, subtype, own, float(quality))


def negotiate_language(accept_language: str, offered: Sequence[str]) -> str:
    """The best offered language by lookup (``nl-BE`` finds ``nl``); the first when none fits."""
    wishes = dict(_weighted(accept_language))

    def quality(language: str) -> float:
        fitting = [
            (len(wish), weight)
            for wish, weight in wishes.items()
            if wish == language or wish.startswith(f"{language}-")
        ]
        # Any wish for a variety of the language will do; its plain name, when given, decides.
        return wishes.get(language, max((w for _, w in fitting), default=wishes.get("*", 0.0)))

    best = max(offered, key=quality)
    return best if quality(best) > 0 else offered[0]


def negotiate_coding(accept_encoding: str, offered: Sequence[str]) -> str | None:
    """The best content coding, ``identity`` when none is liked better; None when none may be used.

    Of several codings liked equally the first offered is taken, before ``identity``.
    """
    wishes = dict(_weighted(accept_encoding))
    if "x-gzip" in wishes:
        wishes.setdefault("gzip", wishes["x-gzip"])
    anything = wishes.get("*", 0.0)
    best = max(offered, key=lambda coding: wishes.get(coding, anything), default="")
    liked = wishes.get(best, anything) if best else 0.0
    # Not being named does not exclude identity, "identity;q=0" and "*;q=0" do (12.5.3).
    plain = wishes.get("identity", wishes.get("*"))
    if liked > 0 and liked >= (plain or 0.0):
        return best
    return None if plain == 0 else "identity"


def negotiate_profile(accept_profile: str, profiles: Mapping[str, str]) -> str | None:
    """The token of the profile that is liked best; the first by default; None when none fits.

    The header lists IRIs in angle brackets, or our tokens, with qualities.
    """
    tokens = list(profiles)
    by_name = {iri: token for token, iri in profiles.items()} | {token: token for token in tokens}
    wishes: dict[str, float] = {}
    for name, quality in _weighted(accept_profile):
        bracketed = _PROFILE.fullmatch(name)
        wishes.setdefault((bracketed[1] if bracketed else name).rstrip("/"), quality)
    if not wishes:
        return tokens[0]
    known = {by_name[name]: q for name, q in wishes.items() if name in by_name and q > 0}
    if not known:
        return tokens[0] if wishes.get("*", 0.0) > 0 else None
    return max(known, key=lambda token: (known[token], -tokens.index(token)))


def _weighted(header: str) -> Iterator[tuple[str, float]]:
    """The names of a simple list (languages, codings, profiles) with their qualities."""
    for name, pairs in _parts(header):
        quality = next((value for key, value in pairs if key == "q"), "1")
        if _QUALITY.fullmatch(quality):
            yield name, float(quality)


def _parts(header: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The parts of a list: the name in lower case, and its parameters."""
    for part in _PART.findall(header):
        pieces = _PARAMETER.findall(part)
        name = pieces[0].strip().lower() if pieces else ""
        if name:
            yield name, [_pair(piece.strip()) for piece in pieces[1:]]


def _pair(parameter: str) -> tuple[str, str]:
    """Name and value of a parameter; names and values without case, values without quotes."""
    key, _, value = parameter.partition("=")
    value = value.strip()
    if value.startswith('"'):
        value = re.sub(r"\\(.)", r"\1", value.strip('"'))
    return key.strip().lower(), value.lower()


@lru_cache(maxsize=64)
def _offer(content_type: str) -> MediaRange:
    return next(media_ranges(content_type))


def _quality(offer: MediaRange, ranges: Sequence[MediaRange]) -> float:
    """The quality of the most specific range that the offer lies in; 0 when there is none."""
    fitting = [(r.specificity, r.quality) for r in ranges if r.matches(offer)]
    return max(fitting)[1] if fitting else 0.0
