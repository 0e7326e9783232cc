"""The write API, ``/beheer/``: each operation as a resource, for clients with a bearer token."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute

from organisatieregister import policy, register
from organisatieregister.changes import Outcome
from organisatieregister.errors import InvalidRecord, RegisterError, UnreadableSource
from organisatieregister.policy import Client
from organisatieregister.register import Command, Desk, Done, Lifecycle, commands
from organisatieregister.representations import JSON, TURTLE, negotiate
from organisatieregister.sources.rdf import read_records
from organisatieregister.web import edit_forms as forms
from organisatieregister.web.edit_answers import answer_of, entity_tag, report_in_turtle, state_of
from organisatieregister.web.idempotency import Answers, Given
from organisatieregister.web.operations import Positions
from organisatieregister.web.problems import PROBLEM_JSON
from organisatieregister.web.tokens import Tokens
from organisatieregister.web.waiting import wait_for_views

MAX_BODY = 1 << 20  # bytes
_RDF = {"application/ld+json": ".jsonld", "text/turtle": ".ttl", "application/n-triples": ".nt"}

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]


def edit_routes(
    lifecycle: Lifecycle, tokens: Tokens, answers: Answers, positions: Positions,
    today: Callable[[], date],
) -> list[BaseRoute]:  # fmt: skip
    """All routes of the write API."""
    desk = _Counter(lifecycle, answers, positions, today)
    router = APIRouter(prefix="/beheer", tags=["beheer"], route_class=_guarded_by(tokens))
    _add_organisation_routes(router, desk)

    @router.post("/organisaties", status_code=201, summary="Registreer een organisatie")
    async def registration(request: Request, form: forms.Registration) -> Response:
        return await desk.do(request, form.command(), form)

    @router.post("/fusies", summary="Voeg organisaties samen")
    async def merger(request: Request, form: forms.Merger) -> Response:
        return await desk.do(request, form.command(), form)

    @router.get("/organisaties/{code}", summary="De feiten met hun versie, om te wijzigen")
    async def state(code: str) -> Response:
        iri = forms.iri_of(code)
        return await run_in_threadpool(state_of, lifecycle, iri)

    @router.put("/organisaties/{code}", summary="Verbeter het hele record (JSON-LD, Turtle)")
    async def correction(request: Request, code: str, reden: str = "", bron: str = "") -> Response:
        command = await _correction(request, forms.iri_of(code))
        return await desk.do(request, command, forms.Why(reden=reden, bron=bron), code)

    return list(router.routes)


def _add_organisation_routes(router: APIRouter, desk: _Counter) -> None:
    for path, form, summary in (
        ("naamswijzigingen", forms.Renaming, "Geef een andere naam"),
        ("verhuizingen", forms.Move, "Zet onder een andere organisatie"),
        ("feiten", forms.NewFact, "Voeg een feit toe"),
        ("feiten/wijzigingen", forms.ChangedFact, "Vervang een feit vanaf een dag"),
        ("feiten/eindes", forms.EndedFact, "Beëindig een feit"),
        ("herdateringen", forms.Redating, "Verbeter een periode"),
        ("splitsingen", forms.Split, "Splits in twee of meer"),
        ("vervangingen", forms.Replacement, "Vervang door een andere"),
        ("ontbindingen", forms.Dissolution, "Ontbind, zonder opvolger"),
        ("stopzettingen", forms.Termination, "Zet stop"),
        ("heropeningen", forms.Reopening, "Heropen"),
        ("kbo-koppelingen", forms.Coupling, "Koppel aan de KBO"),
        ("kbo-ontkoppelingen", forms.Uncoupling, "Ontkoppel van de KBO"),
    ):
        router.post(f"/organisaties/{{code}}/{path}", summary=summary)(_operation(form, desk))


def _operation(kind: type[Any], desk: _Counter) -> Callable[..., Coroutine[Any, Any, Response]]:
    async def operation(request: Request, code: str, form: Any) -> Response:
        return await desk.do(request, form.command(forms.iri_of(code)), form, code)

    operation.__annotations__["form"] = kind  # FastAPI reads the body's shape here
    return operation


def _guarded_by(tokens: Tokens) -> type[APIRoute]:
    """Routes that look at the token and the size before they read the body."""

    class Guarded(APIRoute):
        def get_route_handler(self) -> Endpoint:
            rest = super().get_route_handler()

            async def guarded(request: Request) -> Response:
                request.state.client = tokens.client(request.headers.get("authorization", ""))
                length = request.headers.get("content-length", "")
                if request.method != "GET" and not length.isdecimal():
                    raise HTTPException(411, "Content-Length")
                if length and int(length) > MAX_BODY:
                    raise HTTPException(413, f"more than {MAX_BODY} bytes")
                return await rest(request)

            return guarded

    return Guarded


@dataclass(frozen=True)
class _Counter:
    """Where requests come in: the terms are read, the command is carried out, the answer made."""

    lifecycle: Lifecycle
    answers: Answers
    positions: Positions
    today: Callable[[], date]

    async def do(
        self, request: Request, command: Command, why: forms.Why, code: str = ""
    ) -> Response:
        """The answer to a request for a change."""
        asked = self._asked(request, why, code)
        key = request.headers.get("idempotency-key", "")
        if asked.dry_run or not key:
            given = await self._carried_out(request, command, asked)
        else:
            given = await self._once(request, command, asked, key)
        response = Response(given.body, given.status, given.headers)
        seconds = await wait_for_views(request, self.positions, given)
        if seconds:
            response.headers["preference-applied"] = f"wait={seconds}"
        return response

    async def _once(
        self, request: Request, command: Command, asked: register.Request, key: str
    ) -> Given:
        digest = hashlib.sha256(
            f"{request.method} {request.url.path}?{request.url.query}\n".encode()
            + await request.body()
        ).hexdigest()
        earlier = await run_in_threadpool(self.answers.begin, asked.agent, key, digest)
        if earlier:
            return earlier
        try:
            given = await self._carried_out(request, command, asked)
        except (RegisterError, HTTPException):
            # nothing was written; of any other end we cannot be sure, and keep the key
            await run_in_threadpool(self.answers.forget, asked.agent, key)
            raise
        await run_in_threadpool(self.answers.finish, asked.agent, key, given)
        return given

    async def _carried_out(
        self, request: Request, command: Command, asked: register.Request
    ) -> Given:
        accept = request.headers.get("accept", "")
        form = negotiate(accept, (JSON, PROBLEM_JSON, TURTLE)) or JSON
        try:
            done: Done = await run_in_threadpool(self.lifecycle.do, command, asked)
        except InvalidRecord as error:
            if form == TURTLE:
                return report_in_turtle(error.report, 422)
            raise
        if asked.dry_run and form == TURTLE:
            return report_in_turtle(done.report, 200)
        return answer_of(done, asked.expected)

    def _asked(self, request: Request, why: forms.Why, code: str) -> register.Request:
        client: Client = request.state.client
        today = self.today()

        def permit(outcome: Outcome, desk: Desk) -> None:
            policy.check(client, outcome, desk.find, today)

        return register.Request(
            agent=" ".join((client.name, *sorted(iri.rpartition("/")[2] for iri in client.own))),
            reason=why.reden,
            source=why.bron,
            dry_run=request.query_params.get("proef", "") not in {"", "0"},
            expected=_expected(request, code),
            permit=permit,
        )


def _expected(request: Request, code: str) -> dict[str, int]:
    """The version that ``If-Match`` names, of the organisation in the path."""
    tag = request.headers.get("if-match", "").strip()
    if not tag or tag == "*" or not code:
        return {}
    version = entity_tag(tag)
    if version is None:
        raise HTTPException(412, f"If-Match: {tag[:100]}")
    return {forms.iri_of(code): version}


async def _correction(request: Request, iri: str) -> Command:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in _RDF:
        raise HTTPException(415, ", ".join(_RDF))
    body = await request.body()
    records = await run_in_threadpool(lambda: list(read_records(body, "verzoek", _RDF[media_type])))
    if [record.iri for record in records] != [iri]:
        raise UnreadableSource("verzoek", f"must hold the record of <{iri}> and nothing else")
    return commands.correct(records[0])
