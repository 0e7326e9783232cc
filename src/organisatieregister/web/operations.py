"""For operators and machines: health, metrics, robots, and what each kind of problem means.

The metrics are written by hand: two families and a few gauges in a format of three kinds of lines
do not need a library, and a library's registry would be a global.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import orjson
from starlette.requests import Request
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from organisatieregister.errors import UnknownResource
from organisatieregister.representations import HTML, JSON, negotiate
from organisatieregister.web.observation import Meter
from organisatieregister.web.problem_table import PROBLEMS_PATH, Problem, problem_by_slug
from organisatieregister.web.problems import LANGUAGES, Asked, ProblemPages
from organisatieregister.web.responses import CORS, Response, text_headers

Position = Callable[[], int]
_MEANING = (
    "Programma’s krijgen bij dit probleem status {status}, en in het antwoord wat er misging.",
    "With this problem programs get status {status}, and in the answer what went wrong.",
)
_ROBOTS = b"""User-agent: *
Disallow: /sparql
Disallow: /health/
Disallow: /metrics
"""


@dataclass(frozen=True, slots=True)
class Positions:
    """How far the journal is, how far each view has come, and how far behind is too far."""

    journal: Position
    views: Mapping[str, Position]
    tolerance: int = 1000

    def behind(self) -> dict[str, int]:
        """By how many positions each view is behind the journal."""
        head = self.journal()
        return {name: max(0, head - position()) for name, position in self.views.items()}


class Operations:
    """Answers the questions of operators; each method is an endpoint."""

    def __init__(self, positions: Positions, meter: Meter, pages: ProblemPages) -> None:
        self._positions = positions
        self._meter = meter
        self._pages = pages

    def routes(self) -> list[BaseRoute]:
        """All routes of this room."""
        return [
            Route("/health/live", self.live),
            Route("/health/ready", self.ready),
            Route("/metrics", self.metrics),
            Route("/robots.txt", self.robots),
            Route(PROBLEMS_PATH + "{slug}", self.problem),
        ]

    async def live(self, _request: Request) -> ASGIApp:
        """The process answers."""
        return _json(200, {"status": "live"})

    async def ready(self, _request: Request) -> ASGIApp:
        """200 when every view is near enough to the journal, else 503."""
        behind = self._positions.behind()
        ready = all(lag <= self._positions.tolerance for lag in behind.values())
        content = {
            "status": "ready" if ready else "behind",
            "journal": self._positions.journal(),
            "behind": behind,
            "tolerance": self._positions.tolerance,
        }
        return _json(200 if ready else 503, content)

    async def metrics(self, _request: Request) -> ASGIApp:
        """Prometheus' text format."""
        lines = [
            "# HELP ovo_worker_info The web worker that answered.",
            "# TYPE ovo_worker_info gauge",
            f'ovo_worker_info{{process="{os.getpid()}"}} 1',
            "# HELP ovo_journal_position The last position of the journal.",
            "# TYPE ovo_journal_position gauge",
            f"ovo_journal_position {self._positions.journal()}",
            "# HELP ovo_view_behind By how many positions a view is behind the journal.",
            "# TYPE ovo_view_behind gauge",
            *(
                f'ovo_view_behind{{view="{name}"}} {lag}'
                for name, lag in sorted(self._positions.behind().items())
            ),
            *self._meter.exposition(),
        ]
        return _text("text/plain; version=0.0.4; charset=utf-8", "\n".join(lines) + "\n")

    async def robots(self, _request: Request) -> ASGIApp:
        """What crawlers had better leave alone."""
        return _text("text/plain; charset=utf-8", _ROBOTS.decode(), max_age=86_400)

    async def problem(self, request: Request) -> ASGIApp:
        """What a kind of problem means: where the ``type`` of a problem leads to."""
        problem = problem_by_slug(request.path_params["slug"])
        if problem is None:
            raise UnknownResource(request.url.path)
        asked = Asked.of(request.scope)
        language = asked.chosen_language
        if negotiate(asked.accept, (JSON, HTML)) == HTML:
            index = LANGUAGES.index(language)
            detail = _MEANING[index].format(status=problem.status)
            page = self._pages.problem(problem.status, problem.title[index], detail, language)
            return _text("text/html; charset=utf-8", page, max_age=3600)
        return _json(200, _explained(problem))


def _explained(problem: Problem) -> dict[str, object]:
    return {
        "type": problem.type,
        "status": problem.status,
        "titles": dict(zip(LANGUAGES, problem.title, strict=True)),
    }


def _json(status: int, content: object) -> Response:
    body = orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE)
    fields = (
        ("content-type", "application/json"),
        ("content-length", str(len(body))),
        ("cache-control", "no-store"),
    )
    return Response(status, (*text_headers(fields), *CORS), body)


def _text(content_type: str, text: str, max_age: int = 0) -> Response:
    body = text.encode()
    fields = (
        ("content-type", content_type),
        ("content-length", str(len(body))),
        ("cache-control", f"public, max-age={max_age}" if max_age else "no-store"),
    )
    return Response(200, (*text_headers(fields), *CORS), body)
