"""Memento (RFC 7089): an organisation at any moment, exactly as the register held it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import httpx
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from rdflib.compare import isomorphic

from organisatieregister import facets, places
from organisatieregister.identifiers import OvoCode
from organisatieregister.journal import Activity, Draft
from organisatieregister.journal.sqlite import SqliteJournal
from organisatieregister.periods import Period
from organisatieregister.projector import change_of
from organisatieregister.records import Record
from organisatieregister.views.documents import DocumentsView
from organisatieregister.web.app import create_app
from organisatieregister.web.conditions import http_date
from organisatieregister.web.held import HeldDocuments
from organisatieregister.web.mementos import memento_routes
from organisatieregister.web.operations import Positions
from organisatieregister.web.pages import Pages, load_theme
from organisatieregister.web.version_address import is_version, moment_of, stamp_of
from tests.examples import an_organisation
from tests.web.register import TODAY, a_concept_scheme

pytestmark = pytest.mark.anyio

CODE, DOC = "OVO000042", "/doc/organisatie/OVO000042"
IRI = OvoCode(CODE).iri
MARCH = datetime(2026, 3, 1, 9, 0, 0, 123_456, tzinfo=UTC)
JUNE = datetime(2026, 6, 1, 9, 0, 0, 654_321, tzinfo=UTC)
GONE = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
FORMATS = {"ttl": "turtle", "nt": "nt", "rdf": "xml", "trig": "trig", "nq": "nquads"}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def named(name: str, *former: tuple[str, str, str]) -> Record:
    more = [
        triple
        for old, start, end in former
        for triple in facets.name(IRI, "voorkeursnaam", old, Period.parse(start, end))
    ]
    past = Period.parse("1990-01-01", "1999-12-31")
    more += places.contact(IRI, email="oud@voorbeeld.example", period=past)
    return an_organisation(CODE, name, parent="OVO000001", more=more)


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    journal = SqliteJournal.open(tmp_path / "journal.sqlite")
    parent = an_organisation("OVO000001", "Moeder in maart")
    renamed = an_organisation("OVO000001", "Moeder in juni")
    for moment, records in (
        (MARCH, [a_concept_scheme(), parent, named("Eerste naam")]),
        (JUNE, [renamed, named("Tweede naam", ("Oudste naam", "1990-01-01", "1999-12-31"))]),
    ):
        journal.append((Draft(r.iri, r.canonical) for r in records), Activity("laden"), moment)
    documents = DocumentsView.open(tmp_path / "documents")
    heads = list(journal.read_heads())
    documents.bulk((change_of(version, TODAY) for version in heads), journal.position)
    pages = Pages(load_theme())
    app = create_app(
        documents=documents,
        pages=pages,
        positions=Positions(lambda: 0, {}),
        today=lambda: TODAY,
        routes=memento_routes(HeldDocuments(journal, documents.owner), pages, lambda: NOW),
        request_log=False,
        time_gate=True,
    )
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url="http://register.example",
        headers={"accept-encoding": "identity"},
    ) as client:
        client.journal = journal  # type: ignore[attr-defined]
        yield client
    documents.close()
    journal.close()


def withdraw(client: httpx.AsyncClient) -> None:
    client.journal.append([Draft(IRI, None)], Activity("intrekken"), GONE)  # type: ignore[attr-defined]


def at(moment: datetime, **more: str) -> dict[str, str]:
    return {"accept-datetime": http_date(moment).decode(), **more}


# --- the gate ---


async def test_the_gate_leads_to_the_version_that_was_held(client: httpx.AsyncClient) -> None:
    for moment, version in (
        (MARCH, MARCH), (JUNE - SECOND, MARCH), (JUNE, JUNE), (NOW, JUNE),
        (datetime(2000, 1, 1, tzinfo=UTC), MARCH),  # before all: the first
        (datetime(2099, 1, 1, tzinfo=UTC), JUNE),
    ):  # fmt: skip
        answer = await client.get(DOC, headers=at(moment))
        assert answer.status_code == 302
        assert answer.headers["location"] == f"{DOC}/{stamp_of(version)}"
        assert "Accept-Datetime" in answer.headers["vary"]
        link = answer.headers["link"]
        assert f'<{DOC}>; rel="original timegate"' in link
        assert 'rel="timemap"; type="application/link-format"' in link
        assert f'rel="memento"; datetime="{http_date(version).decode()}"' in link


async def test_the_gate_keeps_form_and_query(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{DOC}.ttl?op=1995-01-01&historiek=1", headers=at(JUNE))
    expected = f"{DOC}/{stamp_of(JUNE)}.ttl?op=1995-01-01&historiek=1"
    assert answer.headers["location"] == expected


async def test_a_moment_at_which_the_version_read_otherwise_by_itself_asks_for_its_day(
    client: httpx.AsyncClient,
) -> None:
    record = an_organisation(CODE, "Derde naam", life=Period.parse("", "2026-10-31"))
    journal: SqliteJournal = client.journal  # type: ignore[attr-defined]
    journal.append([Draft(IRI, record.canonical)], Activity("einde"), GONE)
    for moment, query in (
        (datetime(2026, 10, 31, 12, tzinfo=UTC), ""),
        (datetime(2026, 10, 31, 23, 30, tzinfo=UTC), "?op=2026-11-01"),  # midnight in Brussels
        (datetime(2026, 11, 20, tzinfo=UTC), "?op=2026-11-20"),
    ):
        answer = await client.get(DOC, headers=at(moment))
        assert answer.headers["location"] == f"{DOC}/{stamp_of(GONE)}{query}"


async def test_without_accept_datetime_the_document_is_that_of_now(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get(DOC)
    assert answer.status_code == 200
    assert "Tweede naam" in answer.text
    assert "Accept-Datetime" in answer.headers["vary"]
    assert 'rel="original timegate"' in answer.headers["link"]
    assert f'</timemap/organisatie/{CODE}>; rel="timemap"' in answer.headers["link"]
    assert "memento-datetime" not in answer.headers


async def test_a_date_that_is_none_is_a_problem_and_so_is_an_unknown_organisation(
    client: httpx.AsyncClient,
) -> None:
    assert (await client.get(DOC, headers={"accept-datetime": "gisteren"})).status_code == 400
    unknown = await client.get("/doc/organisatie/OVO999999", headers=at(NOW))
    assert unknown.status_code == 404
    other = await client.get("/doc/conceptscheme/Benamingtype", headers=at(NOW))
    assert other.status_code == 200  # only organisations have a gate


# --- the versions ---


async def test_a_version_is_the_document_as_it_was(client: httpx.AsyncClient) -> None:
    first = await client.get(f"{DOC}/{stamp_of(MARCH)}.ttl")
    assert "Eerste naam" in first.text
    assert "Tweede naam" not in first.text
    assert "Moeder in maart" in first.text  # labels of others are those of that moment too
    second = await client.get(f"{DOC}/{stamp_of(JUNE)}.ttl")
    assert "Tweede naam" in second.text
    assert "Moeder in juni" in second.text


async def test_a_version_never_changes_and_says_so(client: httpx.AsyncClient) -> None:
    path = f"{DOC}/{stamp_of(MARCH)}"
    before = await client.get(path)
    assert before.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert before.headers["memento-datetime"] == http_date(MARCH).decode()
    assert f'<{DOC}>; rel="original timegate"' in before.headers["link"]
    assert 'rel="memento"' in before.headers["link"]
    withdraw(client)
    after = await client.get(path)
    assert after.content == before.content
    same = await client.get(path, headers={"if-none-match": before.headers["etag"]})
    assert same.status_code == 304


async def test_a_version_knows_the_one_before_it(client: httpx.AsyncClient) -> None:
    link = (await client.get(f"{DOC}/{stamp_of(JUNE)}")).headers["link"]
    assert f'<{DOC}/{stamp_of(MARCH)}>; rel="prev memento predecessor-version"' in link
    assert "prev memento" not in (await client.get(f"{DOC}/{stamp_of(MARCH)}")).headers["link"]


async def test_a_version_has_every_form(client: httpx.AsyncClient) -> None:
    path = f"{DOC}/{stamp_of(JUNE)}"
    graphs = []
    for suffix, form in FORMATS.items():
        answer = await client.get(f"{path}.{suffix}")
        parsed = rdflib.Dataset(default_union=True)
        parsed.parse(data=answer.text, format=form)
        plain = rdflib.Graph()
        for triple in parsed.triples((None, None, None)):
            plain.add(triple)
        graphs.append(plain)
    assert len(graphs[0]) > 20
    assert all(isomorphic(graphs[0], other) for other in graphs)
    page = await client.get(path, headers={"accept": BROWSER, "accept-language": "en"})
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["content-language"] == "en"
    assert "Tweede naam" in page.text
    assert f"{path}.ttl" in page.headers["link"]
    assert (await client.get(path, headers={"accept": "image/png"})).status_code == 406


async def test_day_and_history_combine_with_the_version(client: httpx.AsyncClient) -> None:
    path = f"{DOC}/{stamp_of(JUNE)}.nt"
    then = await client.get(f"{path}?op=1995-01-01")
    pref = "http://www.w3.org/2004/02/skos/core#prefLabel"
    assert f'<{IRI}> <{pref}> "Oudste naam"@nl' in then.text
    assert "oud@voorbeeld.example" in (await client.get(f"{path}?historiek=1")).text
    assert "oud@voorbeeld.example" not in (await client.get(path)).text
    assert (await client.get(f"{path}?op=ooit")).status_code == 400


async def test_an_identifier_of_a_version_leads_to_its_document(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"/id/organisatie/{CODE}/{stamp_of(MARCH)}?taal=en")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{DOC}/{stamp_of(MARCH)}?taal=en"


async def test_any_other_moment_leads_to_the_version_that_was_held(
    client: httpx.AsyncClient,
) -> None:
    for stamp in (stamp_of(JUNE - SECOND), "20260301T090000Z"):
        answer = await client.get(f"{DOC}/{stamp}")
        assert (answer.status_code, answer.headers["location"]) == (302, f"{DOC}/{stamp_of(MARCH)}")


async def test_what_was_not_held_then_is_404(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"{DOC}/{stamp_of(MARCH - SECOND)}")).status_code == 404
    withdraw(client)
    gate = await client.get(DOC, headers=at(NOW))
    assert gate.headers["location"] == f"{DOC}/{stamp_of(GONE)}"
    assert (await client.get(gate.headers["location"])).status_code == 404
    assert (await client.get(f"{DOC}/20261399T000000000000Z")).status_code == 400


# --- the list of versions ---


async def test_the_timemap_lists_the_versions(client: httpx.AsyncClient) -> None:
    links = await client.get(f"/timemap/organisatie/{CODE}")
    assert links.headers["content-type"] == "application/link-format"
    base = "https://data.vlaanderen.be"
    assert f'<{base}{DOC}>; rel="original timegate"' in links.text
    assert f'<{base}{DOC}/{stamp_of(MARCH)}>; rel="first memento"' in links.text
    assert f'<{base}{DOC}/{stamp_of(JUNE)}>; rel="last memento"' in links.text
    answer = await client.get(f"/timemap/organisatie/{CODE}.json")
    listed = answer.json()["mementos"]["list"]
    assert [datetime.fromisoformat(m["datetime"]) for m in listed] == [MARCH, JUNE]
    for memento in listed:
        found = await client.get(memento["uri"].removeprefix(base))
        assert found.status_code == 200
    withdraw(client)
    later = (await client.get(f"/timemap/organisatie/{CODE}.json")).json()
    assert later["mementos"]["list"] == listed


async def test_the_timemap_of_nothing_is_404_and_of_nonsense_400(
    client: httpx.AsyncClient,
) -> None:
    assert (await client.get("/timemap/organisatie/OVO999999")).status_code == 404
    assert (await client.get("/timemap/organisatie/x")).status_code == 400
    moved = await client.get("/timemap/organisatie/ovo000042")
    assert (moved.status_code, moved.headers["location"]) == (308, f"/timemap/organisatie/{CODE}")


# --- stamps ---


@given(
    st.datetimes(
        min_value=datetime(1970, 1, 1), max_value=datetime(2200, 1, 1),
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=2))]),
    )
)  # fmt: skip
def test_a_stamp_is_exact_to_the_microsecond(moment: datetime) -> None:
    assert moment_of(stamp_of(moment)) == moment
    assert is_version(f"{DOC}/{stamp_of(moment)}")


def test_only_versions_look_like_versions() -> None:
    for path in (DOC, f"{DOC}/x", f"{DOC}/{stamp_of(MARCH)}/x", "/id/concept/a/b", "/doc/a/b/c"):
        assert not is_version(path)
