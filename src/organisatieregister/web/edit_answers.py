"""What the write API answers: what was done, the state of an organisation, a SHACL report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from fastapi import Response

from organisatieregister.changes import Notice
from organisatieregister.facets import Facet, facets, life
from organisatieregister.identifiers import ORGANISATION, document_iri
from organisatieregister.periods import Period
from organisatieregister.records import Record, text_of
from organisatieregister.register import Done, Lifecycle
from organisatieregister.representations import TURTLE, serialise
from organisatieregister.rules import Report
from organisatieregister.web.idempotency import Given

_NOT_KEPT = {"cache-control": "no-store"}


def answer_of(done: Done, expected: Mapping[str, int]) -> Given:
    """What an operation did, or in a dry run would do."""
    outcome = done.outcome
    content: dict[str, Any] = {
        "operatie": outcome.what.value,
        "vanaf": outcome.on,
        "proef": done.position == 0,
        "conform": done.report.conforms,
        "positie": done.position,
        "codes": [code.value for code in done.codes],
        "records": [
            {"iri": record.iri, "versie": done.versions.get(record.iri, 0)}
            for record in outcome.records
        ],
        "gebeurtenis": outcome.event,
        "ingetrokken": list(outcome.withdrawn),
        "gesloten": list(outcome.closed),
        "waarschuwingen": [_notice(notice) for notice in outcome.warnings],
        "verslag": done.report.to_problem(),
    }
    headers = {"content-type": "application/json", **_NOT_KEPT}
    about = next(iter(expected), "") or _only_organisation(outcome.records)
    if about in done.versions:
        headers["etag"] = f'"{done.versions[about]}"'
    status = 200
    if done.codes and done.position:
        status = 201
        headers["location"] = document_iri(done.codes[0].iri)
    return Given(status, headers, orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE))


def report_in_turtle(report: Report, status: int) -> Given:
    """The SHACL report as RDF."""
    body = serialise(report.to_triples(), TURTLE)
    return Given(status, {"content-type": f"{TURTLE}; charset=utf-8", **_NOT_KEPT}, body)


def state_of(lifecycle: Lifecycle, iri: str) -> Response:
    """The facts of an organisation as they are stored, to begin an edit from."""
    record, version = lifecycle.state(iri)
    content = {
        "iri": iri,
        "code": iri.removeprefix(ORGANISATION),
        "versie": version,
        "leven": _period(life(record)),
        "feiten": [_fact(facet, record) for facet in facets(record)],
    }
    body = orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE)
    headers = {"etag": f'"{version}"', **_NOT_KEPT}
    return Response(body, 200, headers, "application/json")


def entity_tag(text: str) -> int | None:
    """The version in an entity tag of ours; weak is as good, for it names the version too."""
    bare = text.removeprefix("W/").strip('"')
    return int(bare) if bare.isdecimal() and len(bare) < 19 else None


def _fact(facet: Facet, record: Record) -> dict[str, Any]:
    own: dict[str, list[str]] = {}
    for triple in sorted(facet.own, key=str):
        own.setdefault(text_of(triple.predicate), []).append(text_of(triple.object))
    return {
        "facet": facet.node.value,
        "soort": facet.kind.value,
        "periode": _period(facet.period),
        "inhoud": own,
        "organisatie": record.iri,
    }


def _period(period: Period) -> dict[str, Any]:
    return {"van": period.start, "tot": period.end}


def _notice(notice: Notice) -> dict[str, Any]:
    return {
        "regel": notice.rule,
        "record": notice.record,
        "facet": notice.facet,
        "periode": _period(notice.period),
    }


def _only_organisation(records: Iterable[Record]) -> str:
    iris = [record.iri for record in records if record.iri.startswith(ORGANISATION)]
    return iris[0] if len(iris) == 1 else ""
