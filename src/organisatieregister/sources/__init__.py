"""Foreign data, read without touching the world: proposals, and what was found on the way.

A source yields findings, in the order of its rows. A ``Proposal`` is a record to take in; a
``Refusal`` is a row or a field that was left out, a ``Mending`` one that was changed by a stated
rule, a ``Note`` one that was kept and deserves a look. Each names file, line (from 1; 0 is the
file as a whole), field and reason, so that nothing is lost without a trace.
"""

from __future__ import annotations

from dataclasses import dataclass

from organisatieregister.records import Record


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was refused, mended or noted: a code, and the rule in two languages."""

    code: str
    nl: str
    en: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A record to take in, and where it comes from."""

    record: Record
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row, or one field of it, that was left out; ``detail`` says more than the reason can."""

    file: str
    line: int
    field: str
    value: str
    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Mending:
    """A field that was changed by a stated rule."""

    file: str
    line: int
    field: str
    before: str
    after: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Note:
    """A field that was kept as it is, and deserves a look."""

    file: str
    line: int
    field: str
    value: str
    reason: Reason


Finding = Proposal | Refusal | Mending | Note
