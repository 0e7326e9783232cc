"""Errors as problems: one table, two languages, JSON and pages."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable

import pytest
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from organisatieregister import errors
from organisatieregister.periods import Period, parse_day
from organisatieregister.rules.report import Report, Result, Severity
from organisatieregister.web.document_request import choices_of
from organisatieregister.web.list_request import Listed
from organisatieregister.web.problem_table import HTTP_PROBLEMS, PROBLEMS, problem_by_slug
from organisatieregister.web.problems import Asked, PlainPages, problem_of, problem_response
from organisatieregister.web.responses import Response
from organisatieregister.web.sparql_request import Parameters

BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
EVERY_ERROR = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, errors.RegisterError)
]


REPORT = Report.of(
    [
        Result(
            severity=Severity.VIOLATION,
            record="https://x.example/",
            focus="https://x.example/naam",
            path="http://www.w3.org/2004/02/skos/core#prefLabel",
            value=None,
            shape="https://x.example/shape",
            rule="MinCount",
            message_nl="Een naam ontbreekt",
            message_en="A name is missing",
        )
    ]
)


EXAMPLES: list[tuple[Exception, int]] = [
    (errors.MalformedIdentifier("OVO code", "OVO1", "must be OVO and six digits"), 400),
    (errors.MalformedPeriod("starts on 2020-01-01, after its end on 2019-01-01"), 400),
    (errors.MalformedRecord("https://x.example/", "has a blank node"), 422),
    (errors.UnreadableSource("lijst.csv", "no column named code", 3, 4), 400),
    (errors.QueryRefused("SERVICE never leaves the machine"), 400),
    (errors.QueryRefused("an update", 403), 403),
    (errors.InvalidRecord(REPORT), 422),
    (errors.UnknownResource("https://x.example/"), 404),
    (errors.NotAcceptable("image/png", ["text/turtle"]), 406),
    (errors.VersionConflict("https://x.example/", 1, 2), 409),
    (errors.TreeCycle("kring", "https://x.example/a", ["https://x.example/b"]), 409),
    (errors.FactsOverlap("r", "https://x.example/a", facet="f", period="p", other="o"), 409),
    (errors.CodesExhausted("OVO999999 has been issued"), 503),
    (errors.QueryTimeout(30.0), 504),
    (errors.QueryTooLarge("2 GiB"), 413),
    (errors.EndpointBusy(7), 503),
    (errors.NoDataYet(5), 503),
    (errors.QueryFailed("the worker ended"), 500),
    (errors.DataDirectoryFull("var"), 507),
    (errors.DataDirectoryBusy("var"), 503),
    (errors.DamagedJournal(3, "digest"), 503),
    (errors.InputError("x"), 400),
    (HTTPException(404), 404),
    (HTTPException(405, headers={"Allow": "GET"}), 405),
    (HTTPException(414, detail="8192"), 414),
    (HTTPException(418), 418),
    (RequestValidationError([{"loc": ("query", "op"), "msg": "bad", "type": "x"}]), 400),
    (ZeroDivisionError(), 500),
]


def answer(error: Exception, **asked: str) -> Response:
    return problem_response(error, Asked(**asked), PlainPages())


def raised(call: Callable[[], object]) -> errors.InputError:
    with pytest.raises(errors.InputError) as caught:
        call()
    return caught.value


@pytest.mark.parametrize(
    ("call", "dutch", "english"),
    [
        (lambda: parse_day("x"), "is geen datum", "is no date"),
        (lambda: Period.parse("2020-01-02", "2020-01-01"), "na het einde op", "after its end on"),
        (lambda: choices_of(b"op="), "is geen dag", "is no day"),
        (lambda: choices_of(b"historiek=x"), "1 of 0", "1 or 0"),
        (lambda: Listed.of(b"pagina=x"), "een getal van 1 tot", "a number from 1 to"),
        (lambda: Parameters((), (), (), "", "", "").query, "één vraag", "one query"),
        (lambda: Parameters(("a", "b"), (), (), "", "", "").query, "er 2", "has 2"),
        (lambda: Parameters((), (), (), "x", "", "").accept, "een mediatype zijn", "a media type"),
    ],
)
def test_the_dutch_detail_gives_the_reason_in_dutch(
    call: Callable[[], object], dutch: str, english: str
) -> None:
    details = json.loads(answer(raised(call)).body)["details"]
    assert dutch in details["nl"] and english in details["en"]
    assert english not in details["nl"] and dutch not in details["en"]


def test_a_place_in_a_query_is_told_in_both_languages() -> None:
    error = errors.QueryRefused("expected {", line=3, column=7, nl="verwacht wordt {")
    details = json.loads(answer(error).body)["details"]
    assert details["nl"] == "regel 3, kolom 7: verwacht wordt {"
    assert details["en"] == "line 3, column 7: expected {"


@pytest.mark.parametrize("kind", EVERY_ERROR, ids=lambda kind: kind.__name__)
def test_every_error_of_ours_has_a_problem_of_its_own_or_of_its_parent(
    kind: type[errors.RegisterError],
) -> None:
    found = next(PROBLEMS[k] for k in kind.__mro__ if k in PROBLEMS)
    assert found.slug != "fout" or kind is errors.RegisterError


@pytest.mark.parametrize(("error", "status"), EXAMPLES, ids=lambda e: type(e).__name__)
def test_a_problem_says_in_both_languages_what_went_wrong(error: Exception, status: int) -> None:
    response = answer(error, path="/waar")
    problem = json.loads(response.body)
    assert response.status == problem["status"] == status
    assert response.header(b"content-type") == b"application/problem+json"
    assert problem["type"].startswith("/problemen/")
    assert problem["instance"] == "/waar"
    assert problem["title"] == problem["titles"]["nl"]
    assert problem["detail"] == problem["details"]["nl"]
    assert problem["titles"]["en"]
    assert not re.search(r"[{}]", problem["detail"] + problem["details"]["en"])


def test_the_details_hold_what_is_needed_to_mend_it() -> None:
    problem = json.loads(answer(errors.UnreadableSource("lijst.csv", "geen kolom", 3, 4)).body)
    assert (problem["source"], problem["line"], problem["column"]) == ("lijst.csv", 3, 4)
    assert "regel 3, kolom 4" in problem["detail"]
    report = json.loads(answer(errors.InvalidRecord(REPORT)).body)["report"]
    assert report[0]["message"] == {"nl": "Een naam ontbreekt", "en": "A name is missing"}
    cycle = json.loads(answer(errors.TreeCycle("kring", "x", ["y", "z"])).body)
    assert (cycle["rule"], cycle["path"]) == ("kring", ["y", "z"])
    assert answer(errors.EndpointBusy(7)).header(b"retry-after") == b"7"
    assert answer(HTTPException(405, headers={"Allow": "GET"})).header(b"allow") == b"GET"
    validation = RequestValidationError([{"loc": ("query", "op"), "msg": "bad", "type": "x"}])
    assert json.loads(answer(validation).body)["errors"] == [
        {"parameter": "query.op", "rule": "bad"}
    ]


def test_the_language_is_the_readers() -> None:
    error = errors.UnknownResource("https://x.example/")
    english = answer(error, accept_language="en-GB")
    assert json.loads(english.body)["title"] == "Not found"
    assert english.header(b"content-language") == b"en"
    assert json.loads(answer(error, accept_language="en", language="nl").body)["title"] == (
        "Niet gevonden"
    )


def test_a_browser_gets_a_page_and_everything_in_it_is_escaped() -> None:
    error = errors.MalformedIdentifier("OVO code", "<script>alert(1)</script>", "x")
    response = answer(error, accept=BROWSER)
    assert response.header(b"content-type") == b"text/html; charset=utf-8"
    assert b"<script>" not in response.body
    assert b"frame-ancestors 'none'" in response.header(b"content-security-policy")


@pytest.mark.parametrize(
    "accept", ["", "*/*", "text/turtle", "image/png", "application/problem+json"]
)
def test_everybody_else_gets_json(accept: str) -> None:
    response = answer(errors.UnknownResource("x"), accept=accept)
    assert response.header(b"content-type") == b"application/problem+json"


def test_what_the_client_sent_comes_back_cut_short() -> None:
    response = answer(errors.MalformedIdentifier("OVO code", "x" * 100_000, "y"), path="/" * 9999)
    assert len(response.body) < 3000


def test_a_fault_of_ours_tells_nothing_about_our_insides() -> None:
    response = answer(ValueError("secret of the house"), request_id="abc")
    assert response.status == 500
    assert b"secret" not in response.body
    assert json.loads(response.body)["request_id"] == "abc"


def test_every_type_leads_to_its_explanation_and_no_two_share_one() -> None:
    problems = [*PROBLEMS.values(), *HTTP_PROBLEMS.values()]
    slugs = [problem.slug for problem in problems]
    assert len(slugs) == len(set(slugs))
    assert all(problem_by_slug(problem.slug) is problem for problem in problems)
    assert problem_by_slug("bestaat-niet") is None
    assert problem_of(errors.DataDirectoryBusy("x")).slug == "opslag-niet-beschikbaar"
