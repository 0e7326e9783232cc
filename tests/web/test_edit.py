"""The write API: each operation as a resource, safe to repeat, safe to try."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from organisatieregister.register import Lookup
from organisatieregister.web.edit import MAX_BODY
from organisatieregister.web.idempotency import Answers
from organisatieregister.wiring import rulebook
from tests.web.editing import ADMINISTRATOR, Office, an_office
from tests.web.server import serving

RULES = rulebook()
ONE = "/beheer/organisaties/OVO000004"
RENAMING = {"naam": "Nieuw", "vanaf": "2027-01-01", "reden": "besluit", "bron": "Staatsblad"}


class Caller:
    """An administrator with a client."""

    def __init__(self, office: Office, port: int) -> None:
        self.office = office
        self.url = f"http://127.0.0.1:{port}"
        self.headers = office.issuer.bearer(*ADMINISTRATOR)

    def post(self, path: str, json: Any, **headers: str) -> httpx.Response:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.post(self.url + path, json=json, headers=self.headers | names, timeout=30)

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.url + path, headers=self.headers, timeout=30)


@contextmanager
def calling(path: Path) -> Iterator[Caller]:
    with an_office(path, RULES) as office, serving(office.app) as port:
        yield Caller(office, port)


@pytest.fixture
def caller(tmp_path: Path) -> Iterator[Caller]:
    with calling(tmp_path) as made:
        yield made


def test_a_rename_is_written_with_who_and_why(caller: Caller) -> None:
    answer = caller.post(f"{ONE}/naamswijzigingen", RENAMING)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["operatie"], told["vanaf"], told["proef"]) == (
        "naamswijziging",
        "2027-01-01",
        False,
    )
    version = caller.office.journal.version(told["records"][0]["iri"])
    assert version
    assert version.position == told["positie"] == int(answer.headers["etag"].strip('"'))
    activity = version.activity
    assert (activity.agent, activity.reason, activity.source) == ("proef", "besluit", "Staatsblad")


def test_a_new_organisation_is_told_where_it_is(caller: Caller) -> None:
    new = {
        "naam": "Kind", "moeder": "OVO000001", "vanaf": "2027-01-01", "kbo": "0207.453.801",
        "feiten": [{"soort": "contactpunt", "email": "info@kind.example"}],
    }  # fmt: skip
    answer = caller.post("/beheer/organisaties", new)
    assert answer.status_code == 201, answer.text
    assert answer.json()["codes"] == ["OVO000006"]
    assert answer.headers["location"].endswith("/doc/organisatie/OVO000006")
    kinds = [f["soort"] for f in caller.get("/beheer/organisaties/OVO000006").json()["feiten"]]
    assert sorted(kinds) == [
        "benaming", "contactpunt", "identificator", "identificator", "moederorganisatie",
    ]  # fmt: skip


def test_a_whole_life_over_http(caller: Caller) -> None:
    day = {"vanaf": "2026-01-01"}
    steps: list[tuple[str, dict[str, Any]]] = [
        (f"{ONE}/verhuizingen", {"moeder": "OVO000003", **day}),
        (f"{ONE}/feiten", {"feit": {"soort": "benaming", "type": "korte-naam", "tekst": "L"}}),
        (f"{ONE}/kbo-koppelingen", {"nummer": "0207453801", **day}),
        (f"{ONE}/kbo-ontkoppelingen", {"vanaf": "2026-06-01"}),
        ("/beheer/fusies",
         {"organisaties": ["OVO000002", "OVO000003"], "tot": {"naam": "Samen"}, **day}),
        ("/beheer/organisaties/OVO000006/splitsingen",
         {"in": [{"organisatie": {"naam": "A"}, "kinderen": ["OVO000004"]},
                 {"organisatie": {"naam": "B"}}], "vanaf": "2026-07-01"}),
        ("/beheer/organisaties/OVO000007/vervangingen",
         {"door": {"naam": "C"}, "vanaf": "2026-08-01"}),
        ("/beheer/organisaties/OVO000008/ontbindingen", {"vanaf": "2026-08-01"}),
        (f"{ONE}/stopzettingen", {"vanaf": "2026-09-01"}),
        (f"{ONE}/heropeningen", {}),
        (f"{ONE}/herdateringen", {"van": "1999-01-01"}),
    ]  # fmt: skip
    for path, body in steps:
        answer = caller.post(path, body)
        assert answer.status_code in (200, 201), (path, answer.text)
    facts = caller.get(ONE).json()
    assert facts["leven"] == {"van": "1999-01-01", "tot": None}
    caller.office.journal.verify()


def test_a_dry_run_writes_nothing_and_reports_everything(caller: Caller) -> None:
    before = caller.office.journal.position
    answer = caller.post(f"{ONE}/naamswijzigingen?proef=1", RENAMING | {"naam": "  "})
    assert answer.status_code == 200
    told = answer.json()
    assert (told["proef"], told["conform"], told["positie"]) == (True, False, 0)
    assert told["verslag"][0]["message"]["nl"]
    assert caller.office.journal.position == before


def test_a_broken_rule_is_a_problem_with_its_report_in_json_or_turtle(caller: Caller) -> None:
    before = caller.office.journal.position
    broken = RENAMING | {"naam": "  "}
    answer = caller.post(f"{ONE}/naamswijzigingen", broken)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["report"][0]["severity"] == "violation"
    turtle = caller.post(f"{ONE}/naamswijzigingen", broken, accept="text/turtle")
    assert turtle.status_code == 422
    triples = list(parse(turtle.content, format=RdfFormat.TURTLE))
    assert any("ValidationResult" in str(quad.object) for quad in triples)
    assert caller.office.journal.position == before


def test_a_refusal_names_the_rule(caller: Caller) -> None:
    answer = caller.post(
        "/beheer/organisaties/OVO000002/verhuizingen",
        {"moeder": "OVO000004", "vanaf": "2027-01-01"},
    )
    assert answer.status_code == 409
    assert answer.json()["rule"] == "kring-in-de-boom"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (f"{ONE}/naamswijzigingen", {"naam": "x"}, 400),
        (f"{ONE}/naamswijzigingen", RENAMING | {"nm": "x"}, 400),
        (f"{ONE}/naamswijzigingen", RENAMING | {"vanaf": "gisteren"}, 400),
        ("/beheer/organisaties/OVO12/naamswijzigingen", RENAMING, 400),
        ("/beheer/organisaties/OVO999998/naamswijzigingen", RENAMING, 404),
        (f"{ONE}/kbo-koppelingen", {"nummer": "0207453802", "vanaf": "2027-01-01"}, 400),
        (f"{ONE}/naamswijzigingen", RENAMING | {"naam": "x" * MAX_BODY}, 413),
    ],
)
def test_what_cannot_be_read_is_refused(
    caller: Caller, path: str, body: dict[str, Any], status: int
) -> None:
    before = caller.office.journal.position
    assert caller.post(path, body).status_code == status
    assert caller.office.journal.position == before


def test_if_match_guards_against_a_lost_update(caller: Caller) -> None:
    tag = caller.get(ONE).headers["etag"]
    assert "+" in tag  # the answer was packed; the version is the same
    first = caller.post(f"{ONE}/naamswijzigingen", RENAMING, if_match=tag)
    assert first.status_code == 200
    second = caller.post(f"{ONE}/naamswijzigingen", RENAMING | {"naam": "Ander"}, if_match=tag)
    assert second.status_code == 409
    assert second.json()["type"].endswith("/versieconflict")
    again = caller.post(
        f"{ONE}/naamswijzigingen", RENAMING | {"naam": "Ander"}, if_match=first.headers["etag"]
    )
    assert again.status_code == 200


def test_of_two_with_the_same_version_one_gets_through(caller: Caller) -> None:
    tag = caller.get(ONE).headers["etag"]
    with ThreadPoolExecutor(2) as pool:
        statuses = pool.map(
            lambda name: (
                caller.post(
                    f"{ONE}/naamswijzigingen", RENAMING | {"naam": name}, if_match=tag
                ).status_code
            ),
            ["Een", "Twee"],
        )
    assert sorted(statuses) == [200, 409]


def test_twenty_clients_on_different_organisations_lose_nothing(caller: Caller) -> None:
    new = {"moeder": "OVO000001", "vanaf": "2020-01-01"}

    def work(number: int) -> list[int]:
        made = caller.post("/beheer/organisaties", {"naam": f"N{number}", **new})
        code = made.json()["codes"][0]
        renamed = caller.post(f"/beheer/organisaties/{code}/naamswijzigingen", RENAMING)
        return [made.status_code, renamed.status_code]

    before = caller.office.journal.position
    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(work, range(20))) == [[201, 200]] * 20
    assert caller.office.journal.position == before + 40


def test_a_repeat_with_the_same_key_gets_the_first_answer(caller: Caller) -> None:
    new = {"naam": "Eenmaal", "vanaf": "2027-01-01"}
    first = caller.post("/beheer/organisaties", new, idempotency_key="k1")
    position = caller.office.journal.position
    again = caller.post("/beheer/organisaties", new, idempotency_key="k1")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["location"] == first.headers["location"]
    assert caller.office.journal.position == position
    other = caller.post("/beheer/organisaties", new | {"naam": "x"}, idempotency_key="k1")
    assert other.status_code == 422


def test_a_key_of_a_request_that_failed_can_be_used_again(caller: Caller) -> None:
    path = f"{ONE}/naamswijzigingen"
    assert caller.post(path, RENAMING | {"naam": "  "}, idempotency_key="k").status_code == 422
    assert caller.post(path, RENAMING, idempotency_key="k").status_code == 200


def test_repeats_at_once_do_it_once(caller: Caller) -> None:
    new = {"naam": "Eenmaal", "vanaf": "2027-01-01"}
    before = caller.office.journal.position
    with ThreadPoolExecutor(8) as pool:
        statuses = list(
            pool.map(
                lambda _: caller.post("/beheer/organisaties", new, idempotency_key="k").status_code,
                range(8),
            )
        )
    assert set(statuses) <= {201, 409}
    assert caller.office.journal.position == before + 1


def test_the_answers_survive_a_restart(tmp_path: Path) -> None:
    new = {"naam": "Eenmaal", "vanaf": "2027-01-01"}
    with calling(tmp_path) as caller:
        first = caller.post("/beheer/organisaties", new, idempotency_key="k")
    answers = Answers(tmp_path / "answers.sqlite")
    ((client, key, request),) = answers._run("SELECT client, key, request FROM answer")
    given = answers.begin(client, key, request)
    assert given
    assert given.body == first.content


def test_a_record_can_be_corrected_as_a_whole(caller: Caller) -> None:
    record = caller.office.journal.version("https://data.vlaanderen.be/id/organisatie/OVO000004")
    assert record and record.canonical
    body = record.canonical.replace(b'"Laag"@nl', b'"Juist"@nl')
    answer = httpx.put(
        f"{caller.url}{ONE}?reden=tikfout", content=body, timeout=30,
        headers=caller.headers | {"content-type": "application/n-triples"},
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    assert answer.json()["operatie"] == "verbetering"
    wrong = httpx.put(
        f"{caller.url}/beheer/organisaties/OVO000003", content=body, timeout=30,
        headers=caller.headers | {"content-type": "application/n-triples"},
    )  # fmt: skip
    assert wrong.status_code == 400


def test_an_answer_waits_for_the_views_when_the_client_prefers(caller: Caller) -> None:
    views = caller.office.views
    views["documents"] = 0
    started = time.monotonic()
    late = caller.post(f"{ONE}/naamswijzigingen", RENAMING, prefer="wait=1")
    assert time.monotonic() - started >= 1
    assert "preference-applied" not in late.headers
    views["documents"] = 10**9
    soon = caller.post(f"{ONE}/naamswijzigingen", RENAMING | {"naam": "B"}, prefer="wait=5")
    assert soon.headers["preference-applied"] == "wait=5"


def test_the_description_for_programs_has_every_operation(caller: Caller) -> None:
    paths = httpx.get(caller.url + "/openapi.json").json()["paths"]
    assert len([path for path in paths if path.startswith("/beheer/")]) == 16
    assert "requestBody" in paths["/beheer/organisaties/{code}/naamswijzigingen"]["post"]


def test_reading_goes_on_while_rules_are_checked(caller: Caller) -> None:
    async def both() -> float:
        async with httpx.AsyncClient(base_url=caller.url, timeout=30) as client:
            edits = [
                client.post(
                    "/beheer/organisaties", headers=caller.headers,
                    json={"naam": f"N{number}", "vanaf": "2020-01-01"},
                )
                for number in range(10)
            ]  # fmt: skip
            working = asyncio.gather(*edits)
            waits = []
            while not working.done():
                started = time.monotonic()
                await client.get("/health/live")
                waits.append(time.monotonic() - started)
            assert all(answer.status_code == 201 for answer in await working)
            return max(waits)

    assert asyncio.run(both()) < 2


def test_the_lookup_knows_what_came_after_it(caller: Caller) -> None:
    lookup = Lookup(caller.office.journal)
    lookup.follow()
    caller.post(f"{ONE}/kbo-koppelingen", {"nummer": "0207453801", "vanaf": "2027-01-01"})
    assert not lookup.with_number("0207453801")
    lookup.follow()
    assert len(lookup.with_number("0207453801")) == 1
