"""A look at a query before a worker sees it: its form, and what no query may hold.

It knows strings, comments, IRIs and names well enough to tell a keyword from a word in a text; it
does not parse. What slips through meets the worker's limits, and a worker has no network.
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
    | [?$@] \w*+
    | _: [\w.\-]*+
    | (?P<word> \w [\w.\-]*+ ) (?P<local> : (?: [\w:.\-] | %[0-9A-Fa-f]{2} | \\. )*+ )?+
    | : (?: [\w:.\-] | %[0-9A-Fa-f]{2} | \\. )*+
    | (?P<open> [{(\[] )
    | (?P<close> [})\]] )
    | .
    """,
    re.VERBOSE | re.DOTALL,
)
_CODEPOINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def examine(text: str, limits: Limits) -> str | None:
    """The form of the query (``SELECT`` …), None when the parser will have to say what is wrong.

    Raises QueryRefused: an update (403), too large (413), nested too deeply, or SERVICE or LOAD.
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > limits.query:
        raise QueryRefused(f"the query has {size} bytes; at most {limits.query} are taken", 413)
    form = None
    depth = 0
    declared: set[str] = set()
    for kind, token in _tokens(text):
        if kind == "open":
            depth += 1
            if depth > limits.nesting:
                raise QueryRefused(f"brackets are nested more than {limits.nesting} deep")
        elif kind == "close":
            depth -= 1
        elif kind == "prefix" and form is None:
            declared.add(token)
        elif (kind == "word" or token not in declared) and "SERVICE" in token.upper():
            raise QueryRefused("SERVICE is not supported: queries do not leave this machine")
        elif kind == "word" and form is None and token.upper() not in ("PREFIX", "BASE"):
            form = _checked_form(token.upper())
    return form if form in QUERY_FORMS else None


def _checked_form(keyword: str) -> str:
    if keyword == "LOAD":
        raise QueryRefused("LOAD is not supported: requests do not leave this machine")
    if keyword in UPDATE_FORMS:
        raise QueryRefused(f"{keyword} is an update; this endpoint only answers queries", 403)
    return keyword


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Brackets, words, and the prefixes of prefixed names."""
    # SPARQL 1.1, 19.2: \\u0053ERVICE is SERVICE, anywhere.
    for match in _TOKEN.finditer(_CODEPOINT.sub(_character, text)):
        if match["local"]:
            yield "prefix", match["word"]
        elif match.lastgroup in ("open", "close", "word"):
            yield match.lastgroup, match[0]


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1] or escape[2], 16)
    return chr(code) if code <= 0x10FFFF else escape[0]
