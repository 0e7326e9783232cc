"""Errors → RFC 9457 ``application/problem+json`` in Dutch and English, or a page for a browser.

``problem_table.py`` says which status, type and texts each error has. The type of a problem is the
path of its explanation.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import parse_qsl

import orjson
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import Scope

from organisatieregister import errors
from organisatieregister.representations import HTML, JSON, negotiate, negotiate_language
from organisatieregister.web.problem_table import HTTP_PROBLEMS, PROBLEMS, Problem
from organisatieregister.web.responses import CORS, NO_SNIFFING, PAGE_SECURITY, Header, Response

PROBLEM_JSON = "application/problem+json"
LANGUAGES = ("nl", "en")
_SHOWN = 200  # characters of what the client sent
_QUERY_READ = 2048  # bytes of the query in which the language is looked for


class ProblemPages(Protocol):
    """Who makes the page of a problem (``web/pages``)."""

    def problem(self, status: int, title: str, detail: str, language: str) -> str:
        """The HTML of the page."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the request matters for the answer to an error."""

    path: str = ""
    accept: str = ""
    accept_language: str = ""
    language: str = ""  # of ``?taal=``; goes before the header
    request_id: str = ""

    @classmethod
    def of(cls, scope: Scope) -> Asked:
        """From an ASGI request."""
        fields = {name: value.decode("latin-1") for name, value in scope["headers"]}
        query = dict(parse_qsl(scope["query_string"][:_QUERY_READ].decode("latin-1")))
        return cls(
            path=scope["path"],
            accept=fields.get(b"accept", ""),
            accept_language=fields.get(b"accept-language", ""),
            language=query.get("taal", ""),
            request_id=scope.get("state", {}).get("request_id", ""),
        )

    @property
    def chosen_language(self) -> str:
        """``nl`` or ``en``."""
        if self.language in LANGUAGES:
            return self.language
        return negotiate_language(self.accept_language, LANGUAGES)


def problem_of(error: Exception) -> Problem:
    """The kind of problem that an error is."""
    for kind in type(error).__mro__:
        if kind in PROBLEMS:
            return PROBLEMS[kind]
    if isinstance(error, RequestValidationError):
        return HTTP_PROBLEMS[400]
    status = error.status_code if isinstance(error, HTTPException) else 500
    known = HTTP_PROBLEMS.get(status)
    if known:
        return known
    phrase = HTTPStatus(status).phrase
    return Problem(status, f"http-{status}", (phrase, phrase), ("{message}", "{message}"))


def problem_response(
    error: Exception, asked: Asked, pages: ProblemPages, *more: Header
) -> Response:
    """The answer to a request that ended in this error; ``more`` are header fields to add."""
    problem = problem_of(error)
    status = error.status if isinstance(error, errors.QueryRefused) else problem.status
    fields = _fields(error)
    details = tuple(text.format_map(fields) for text in problem.detail)
    language = asked.chosen_language
    index = LANGUAGES.index(language)
    form = negotiate(asked.accept, (PROBLEM_JSON, JSON, HTML)) or PROBLEM_JSON
    if form == HTML:
        body = pages.problem(status, problem.title[index], details[index], language).encode()
        content_type = b"text/html; charset=utf-8"
    else:
        body = _json(problem, status, error, asked, details)
        content_type = form.encode()
    return Response(
        status,
        (
            (b"content-type", content_type),
            (b"content-length", str(len(body)).encode()),
            (b"content-language", language.encode()),
            (b"cache-control", b"no-cache"),
            (b"vary", b"Accept, Accept-Language"),
            *(PAGE_SECURITY if form == HTML else NO_SNIFFING),
            *CORS,
            *_headers_of(error),
            *more,
        ),
        body,
    )


class PlainPages:
    """Problem pages without any style: for when there are no others."""

    def problem(self, status: int, title: str, detail: str, language: str) -> str:
        """A page that a browser can show."""
        return (
            f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
            f"<title>{status} {escape(title)}</title>"
            f"<h1>{escape(title)}</h1><p>{escape(detail)}</p></html>\n"
        )


def _json(
    problem: Problem, status: int, error: Exception, asked: Asked, details: tuple[str, ...]
) -> bytes:
    index = LANGUAGES.index(asked.chosen_language)
    content: dict[str, Any] = {
        "type": problem.type,
        "title": problem.title[index],
        "status": status,
        "detail": details[index],
        "instance": asked.path[:_SHOWN],
        "titles": dict(zip(LANGUAGES, problem.title, strict=True)),
        "details": dict(zip(LANGUAGES, details, strict=True)),
    }
    if asked.request_id:
        content["request_id"] = asked.request_id
    content |= _extensions(error)
    return orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE)


def _extensions(error: Exception) -> dict[str, Any]:
    """What a kind of problem tells programs beyond its texts."""
    if isinstance(error, errors.NotAcceptable):
        return {"alternates": list(error.alternates)}
    if isinstance(error, errors.InvalidRecord):
        return {"report": error.report.to_problem()}
    if isinstance(error, errors.ChangeRefused):
        return {name: value for name, value in vars(error).items() if value}
    if isinstance(error, errors.QueryRefused | errors.UnreadableSource):
        place = {name: vars(error).get(name) for name in ("source", "line", "column")}
        return {name: value for name, value in place.items() if value}
    if isinstance(error, RequestValidationError):
        return {
            "errors": [
                {"parameter": ".".join(map(str, e["loc"])), "rule": e["msg"]}
                for e in error.errors()
            ]
        }
    return {}


def _headers_of(error: Exception) -> tuple[Header, ...]:
    if isinstance(error, errors.EndpointBusy):
        return ((b"retry-after", str(error.retry_after).encode()),)
    if isinstance(error, errors.NotAuthenticated):
        # RFC 6750, 3: the error is named only to who came with a token.
        challenge = b'Bearer realm="beheer"' + (b', error="invalid_token"' if error.given else b"")
        return ((b"www-authenticate", challenge),)
    if isinstance(error, HTTPException) and error.headers:
        return tuple((k.lower().encode(), v.encode("latin-1")) for k, v in error.headers.items())
    return ()


def _fields(error: Exception) -> dict[str, str]:
    """The fields of the error as text for its details, what the client sent cut short."""
    fields = {name: _shown(value) for name, value in vars(error).items()}
    fields["message"] = _shown(error)
    if isinstance(error, HTTPException):
        fields["message"] = _shown(error.detail)
        fields["allow"] = _shown((error.headers or {}).get("Allow", ""))
    if isinstance(error, RequestValidationError):
        fields["message"] = _shown("; ".join(e["msg"] for e in error.errors()))
    if isinstance(error, errors.NotAcceptable):
        fields["choices"] = ", ".join(error.alternates)
    return fields


def _shown(value: object) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
