"""The endpoint: a query in, an answer out, and no worker that is left running behind."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from copy import copy
from pathlib import Path

from pyoxigraph import NamedNode

from organisatieregister.endpoint.evaluation import Evaluation, GenerationGone, Unacceptable
from organisatieregister.endpoint.formats import GRAPHS, RESULTS, Choice, choose
from organisatieregister.endpoint.kept import KeptAnswers
from organisatieregister.endpoint.lexer import examine, is_changing
from organisatieregister.endpoint.pool import Pool
from organisatieregister.endpoint.queries import Answer, Limits, Query
from organisatieregister.errors import NoDataYet, NotAcceptable, QueryFailed, QueryRefused

_ATTEMPTS = 3  # to open a generation before it is removed
_NOT_YET = 5  # seconds after which there may be a first generation


class Endpoint:
    """Answers queries on the newest generation.

    ``generation`` says which that is (None: there is none yet) and is asked before every query.
    ``prefixes`` need no declaration in queries. ``sandbox_required``: do not start on a machine
    without seccomp.
    """

    def __init__(
        self,
        generation: Callable[[], Path | None],
        workers: int,
        limits: Limits,
        prefixes: Mapping[str, str],
        *,
        sandbox_required: bool = True,
    ) -> None:
        self._generation = generation
        self._limits = limits
        self._kept = KeptAnswers(limits.kept, limits.kept_each)
        self._pool = Pool(workers, limits, prefixes, sandbox_required=sandbox_required)

    @property
    def generation(self) -> str:
        """The name of the generation that is answered on now; empty when there is none."""
        generation = self._generation()
        return generation.name if generation else ""

    def over(self, generation: Callable[[], Path | None]) -> Endpoint:
        """The same workers (and kept answers, which know of what data they are) on other data."""
        other = copy(self)
        other._generation = generation
        return other

    @property
    def pool(self) -> Pool:
        """The workers."""
        return self._pool

    async def start(self) -> None:
        """Start the workers. Raises QueryFailed when they cannot be."""
        await self._pool.start()

    async def stop(self) -> None:
        """End the workers, and with them the queries that run."""
        await self._pool.stop()

    async def answer(self, query: Query, accept: str) -> Answer:
        """Evaluate the query; the body is bytes, or a stream that the caller must close.

        What was answered on this generation is not evaluated again.

        Raises QueryRefused, NotAcceptable, and QueryFailed with its kinds. When the caller is
        cancelled the worker is killed.
        """
        choice = choose(accept)
        kept = self._find(query, choice)
        if kept is not None:
            return kept
        form = examine(query.text, self._limits)
        _check_acceptable(form, choice, accept)
        _check_graphs(query)
        reason = ""
        for _ in range(_ATTEMPTS):
            try:
                return await self._answer(query, choice)
            except GenerationGone as error:
                reason = str(error)
            except Unacceptable as error:
                raise _not_acceptable(str(error), accept) from error
        raise QueryFailed(f"the data cannot be opened: {reason}")

    def _find(self, query: Query, choice: Choice) -> Answer | None:
        generation = self._generation()
        return self._kept.find((generation, query, choice)) if generation else None

    async def _answer(self, query: Query, choice: Choice) -> Answer:
        evaluation = Evaluation(await self._pool.take(), self._pool, self._limits)
        try:
            return await self._evaluated(evaluation, query, choice)
        finally:
            if not evaluation.streaming:
                evaluation.close()

    async def _evaluated(self, evaluation: Evaluation, query: Query, choice: Choice) -> Answer:
        generation = self._generation()
        if generation is None:
            raise NoDataYet(_NOT_YET)
        form = await evaluation.begin(
            {
                "text": query.text,
                "default_graphs": query.default_graphs,
                "named_graphs": query.named_graphs,
                "base": query.base,
                "formats": choice.formats,
            },
            generation,
        )
        content_type = (choice.graph if form == "graph" else choice.results) or ""
        pieces: deque[bytes] = deque()
        size = 0
        while size <= self._limits.buffered:
            piece = await evaluation.read()
            if piece is None:
                answer = Answer(content_type, b"".join(pieces), generation.name)
                if not is_changing(query.text):
                    self._kept.keep((generation, query, choice), answer)
                return answer
            pieces.append(piece)
            size += len(piece)
        return Answer(content_type, evaluation.stream(pieces), generation.name)


def _check_acceptable(form: str | None, choice: Choice, accept: str) -> None:
    """Raise NotAcceptable when it is plain before the evaluation."""
    if form in ("SELECT", "ASK") and choice.results is None:
        raise _not_acceptable("results", accept)
    if form in ("CONSTRUCT", "DESCRIBE") and choice.graph is None:
        raise _not_acceptable("graph", accept)


def _not_acceptable(form: str, accept: str) -> NotAcceptable:
    return NotAcceptable(accept, list(GRAPHS if form == "graph" else RESULTS))


def _check_graphs(query: Query) -> None:
    for iri in (*query.default_graphs, *query.named_graphs, *filter(None, [query.base])):
        try:
            NamedNode(iri)
        except ValueError as error:
            raise QueryRefused(
                f"<{iri[:200]}> is no IRI", nl=f"<{iri[:200]}> is geen IRI"
            ) from error
