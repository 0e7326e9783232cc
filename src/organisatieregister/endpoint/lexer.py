"""A look at a query before a worker sees it: its form, and what no query may hold.

It knows strings, comments, IRIs and names well enough to tell a keyword from a word in a text; it
does not parse. What slips through meets the worker's limits, and a worker has no network.

The engine recurses on what it joins: it ends by SIGSEGV at some 2,500 ``MINUS {}`` or resources to
describe, 4,000 items of a collection, 6,500 ``- 1`` and 8,000 steps of a path or ``||``. All of
these are *links*, of which a query may have so many. Rows of VALUES and arguments of a function or
of IN make nothing deeper, and are not counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from organisatieregister.endpoint.queries import Limits
from organisatieregister.errors import QueryRefused

QUERY_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
UPDATE_FORMS = frozenset(
    {"INSERT", "DELETE", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}
)

# Every alternative takes what it began with to its end or to the end of the text, so that the time
# is linear in the length of the query.
_TOKEN = re.compile(
    r"""
      \#[^\n\r]*+ | \s++
    | (?P<string>
          \"\"\" (?: [^"\\] | \\. | \"(?!\"\") )*+ (?:\"\"\")?
        | ''' (?: [^'\\] | \\. | '(?!'') )*+ (?:''')?
        | \" (?: [^"\\\n\r] | \\. )*+ \"?
        | ' (?: [^'\\\n\r] | \\. )*+ '? )
    | (?P<iri> < [^<>"{}|^`\\\x00-\x20]*+ > )
    | (?P<tag> @ [\w\-]*+ )
    | (?P<name> [?$] \w*+ | _: [\w.\-]*+ )
    | (?P<word> \w [\w.\-]*+ ) (?P<local> : (?: [\w:.\-] | %[0-9A-Fa-f]{2} | \\. )*+ )?+
    | (?P<unprefixed> : (?: [\w:.\-] | %[0-9A-Fa-f]{2} | \\. )*+ )
    | (?P<open> [{(\[] )
    | (?P<close> [})\]] )
    | (?P<datatype> \^\^ )
    | (?P<operator> \|\| | && | [!<>]= | . )
    """,
    re.VERBOSE | re.DOTALL,
)
_TERMS = frozenset({"string", "iri", "name", "word", "prefix", "unprefixed"})
_CHANGING = ("NOW", "RAND", "UUID", "BNODE")  # STRUUID is in it
_CODEPOINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def examine(text: str, limits: Limits) -> str | None:
    """The form of the query (``SELECT`` …), None when the parser will have to say what is wrong.

    Raises QueryRefused: an update (403), too large (413), nested too deeply, too many links, or
    SERVICE or LOAD.
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > limits.query:
        raise QueryRefused(
            f"the query has {size} bytes; at most {limits.query} are taken", 413,
            nl=f"de vraag telt {size} bytes; ten hoogste {limits.query} worden aanvaard",
        )  # fmt: skip
    form = None
    shape = _Shape(limits)
    declared: set[str] = set()
    for kind, token in _tokens(text):
        shape.take(kind, token)
        if kind not in ("word", "prefix"):
            continue
        if kind == "prefix" and form is None:
            declared.add(token)
        elif (kind == "word" or token not in declared) and "SERVICE" in token.upper():
            raise QueryRefused(
                "SERVICE is not supported: queries do not leave this machine",
                nl="SERVICE wordt niet ondersteund: vragen verlaten deze machine niet",
            )
        elif kind == "word" and form is None and token.upper() not in ("PREFIX", "BASE"):
            form = _checked_form(token.upper())
    return form if form in QUERY_FORMS else None


def is_changing(text: str) -> bool:
    """Whether the query calls a function that gives something else each time."""
    upper = text.upper()
    if "\\" not in text and not any(function in upper for function in _CHANGING):
        return False
    return any(
        any(function in token.upper() for function in _CHANGING)
        for kind, token in _tokens(text)
        if kind == "word"  # which may be ``1-NOW``
    )


class _Shape:
    """Counts what makes a query deep, token after token."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._brackets: list[str] = []
        self._links = 0
        self._after_term = False
        self._values_next = False  # after VALUES, until its brace
        self._values: int | None = None  # the depth outside the braces of VALUES

    def take(self, kind: str, text: str) -> None:
        """Raises QueryRefused at the token that is too much."""
        if self._values is None:
            self._links += self._links_of(kind, text)
        if self._links > self._limits.links:
            raise QueryRefused(
                f"more than {self._limits.links} patterns, terms and operators are joined; "
                "lists of values belong in VALUES or IN",
                nl=f"meer dan {self._limits.links} patronen, termen en operatoren zijn verbonden; "
                "lijsten van waarden horen in VALUES of IN",
            )
        self._after_term = kind in _TERMS
        if kind == "open":
            self._open(text)
        elif kind == "close":
            self._close()
        elif kind != "name":
            self._values_next = (kind, text.upper()) == ("word", "VALUES")

    def _links_of(self, kind: str, text: str) -> int:
        if kind == "operator":
            is_argument = text == "," and self._brackets[-1:] == ["("]
            return 0 if is_argument else 1
        if kind in _TERMS:
            # A minus belongs to the word in ``1-1-1`` and ``true-1``.
            return self._after_term + (text.count("-") if kind in ("word", "prefix") else 0)
        return kind == "open"

    def _open(self, text: str) -> None:
        if self._values_next and text == "{":
            self._values, self._values_next = len(self._brackets), False
        self._brackets.append(text)
        if len(self._brackets) > self._limits.nesting:
            raise QueryRefused(
                f"brackets are nested more than {self._limits.nesting} deep",
                nl=f"haakjes staan meer dan {self._limits.nesting} diep in elkaar",
            )

    def _close(self) -> None:
        if self._brackets:
            self._brackets.pop()
        if self._values is not None and len(self._brackets) <= self._values:
            self._values = None


def _checked_form(keyword: str) -> str:
    if keyword == "LOAD":
        raise QueryRefused(
            "LOAD is not supported: requests do not leave this machine",
            nl="LOAD wordt niet ondersteund: verzoeken verlaten deze machine niet",
        )
    if keyword in UPDATE_FORMS:
        raise QueryRefused(
            f"{keyword} is an update; this endpoint only answers queries", 403,
            nl=f"{keyword} is een wijziging; dit endpoint beantwoordt alleen vragen",
        )  # fmt: skip
    return keyword


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """The kinds and texts of tokens; of a prefixed name the prefix."""
    # SPARQL 1.1, 19.2: \\u0053ERVICE is SERVICE, anywhere.
    for match in _TOKEN.finditer(_CODEPOINT.sub(_character, text)):
        if match["local"]:
            yield "prefix", match["word"]
        elif match.lastgroup is not None and match.lastgroup != "tag":
            yield match.lastgroup, match[0]


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1] or escape[2], 16)
    return chr(code) if code <= 0x10FFFF else escape[0]
