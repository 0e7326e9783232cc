"""Texts as sources write them, made clean by stated rules; what is done is written down."""

from __future__ import annotations

import html
from collections.abc import Callable

from pyoxigraph import NamedNode

from organisatieregister.sources import Finding, Mending, Note, Reason, Refusal, reasons
from organisatieregister.sources.csv import Row

_NULLS = frozenset({"null", "n/a", "nan", "none", "undefined", "-", "?"})


class Desk:
    """One row on the desk: gives its cleaned fields, and gathers what is said about it."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.findings: list[Finding] = []

    def refuse(self, field: str, value: str, reason: Reason, detail: str = "") -> None:
        """Write down that a value was left out."""
        self.findings.append(Refusal(self.row.file, self.row.line, field, value, reason, detail))

    def mend(self, field: str, before: str, after: str, reason: Reason) -> None:
        """Write down that a value was changed."""
        self.findings.append(Mending(self.row.file, self.row.line, field, before, after, reason))

    def note(self, field: str, value: str, reason: Reason) -> None:
        """Write down that a value deserves a look."""
        self.findings.append(Note(self.row.file, self.row.line, field, value, reason))

    def text(self, field: str) -> str:
        """The field, with entities unescaped, NULL texts emptied and white space collapsed."""
        text = self.row[field]
        for rule, reason in _CLEANING:
            cleaned = rule(text)
            if cleaned != text:
                self.mend(field, text, cleaned, reason)
                text = cleaned
        return text

    def web_address(self, field: str) -> str:
        """The field as an IRI with http or https, or empty."""
        text = self.text(field)
        if text and "://" not in text:
            self.mend(field, text, f"https://{text}", reasons.NO_SCHEME)
            text = f"https://{text}"
        if text and not is_web_address(text):
            self.refuse(field, text, reasons.BAD_WEBSITE)
            return ""
        return text


def is_web_address(text: str) -> bool:
    """True for an IRI with http or https and a host with a dot."""
    scheme, _, rest = text.partition("://")
    host = rest.split("/", 1)[0].split("?", 1)[0]
    if scheme not in {"http", "https"} or "." not in host.strip(".") or "@" in host:
        return False
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def _collapse(text: str) -> str:
    return " ".join(text.split())


def _without_null(text: str) -> str:
    return "" if text.lower() in _NULLS else text


_CLEANING: tuple[tuple[Callable[[str], str], Reason], ...] = (
    (html.unescape, reasons.ENTITIES),
    (_collapse, reasons.WHITE_SPACE),
    (_without_null, reasons.NULL_TEXT),
)
