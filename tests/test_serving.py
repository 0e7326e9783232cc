"""A running register, from outside: real processes, real data, real kills."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from rdflib import Dataset, Graph
from rdflib.compare import isomorphic

from tests.running import OVO, Served, await_answer, ovo, serving, synthetic

FORMATS = {
    "ttl": "turtle", "nt": "nt", "nq": "nquads", "trig": "trig", "rdf": "xml",
    "jsonld": "json-ld", "json": "json-ld",
}  # fmt: skip
ENDED, SUCCESSOR = "OVO002188", "OVO053388"


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """`ovo serve` on an empty directory: the register of the data that ship."""
    with serving(tmp_path_factory.mktemp("shipped") / "data") as served:
        yield served


def graph(text: str, form: str) -> Graph:
    parsed = Dataset(default_union=True)
    parsed.parse(data=text, format=form)
    plain = Graph()
    for triple in parsed.triples((None, None, None)):
        plain.add(triple)
    return plain


def test_an_identifier_leads_to_its_document(shipped: Served) -> None:
    answer = shipped.client.get("/id/organisatie/OVO002949")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/doc/organisatie/OVO002949"


def test_every_representation_says_the_same(shipped: Served) -> None:
    reference = graph(shipped.client.get(f"/doc/organisatie/{ENDED}.ttl").text, "turtle")
    assert len(reference) > 80
    for suffix, form in FORMATS.items():
        text = shipped.client.get(f"/doc/organisatie/{ENDED}.{suffix}").text
        assert isomorphic(graph(text, form), reference), suffix


def test_an_ended_municipality_says_so_and_leads_to_its_successor(shipped: Served) -> None:
    headers = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "accept-language": "nl"}
    page = shipped.client.get(f"/id/organisatie/{ENDED}", headers=headers, follow_redirects=True)
    assert page.headers["content-type"].startswith("text/html")
    assert "31 december 2024" in page.text
    assert f"/doc/organisatie/{SUCCESSOR}" in page.text
    document = shipped.client.get(f"/doc/organisatie/{ENDED}")
    assert f'{SUCCESSOR}>; rel="successor-version"' in document.headers["link"]


def test_the_day_before_the_merger_it_was_active(shipped: Served) -> None:
    for day, expected in (("2024-12-31", "actief"), ("2025-01-01", "nietactief")):
        text = shipped.client.get(f"/doc/organisatie/{ENDED}.nt?op={day}").text
        status = f"<http://www.w3.org/ns/regorg#orgStatus> <https://data.vlaanderen.be/id/concept/organisatiestatus/{expected}>"
        assert status in text


def test_a_query_about_the_day_before_the_merger_finds_it_active(shipped: Served) -> None:
    status = "<https://data.vlaanderen.be/id/concept/organisatiestatus/actief>"
    query = f"ASK {{ organisatie:{ENDED} rov:orgStatus {status} }}"
    for day, expected in (("2024-12-31", True), ("2025-01-01", False)):
        answer = shipped.client.get("/sparql", params={"query": query, "op": day})
        assert answer.json()["boolean"] is expected


def test_successors_and_versions_are_served(shipped: Served) -> None:
    found = shipped.client.get(f"/opvolgers/{ENDED}").json()["opvolgers"]
    assert [organisation["code"] for organisation in found] == [SUCCESSOR]
    listed = shipped.client.get(f"/timemap/organisatie/{ENDED}.json").json()["mementos"]["list"]
    path = listed[-1]["uri"].removeprefix("https://data.vlaanderen.be")
    version = shipped.client.get(f"{path}.ttl")
    assert "immutable" in version.headers["cache-control"]
    gate = shipped.client.get(
        f"/doc/organisatie/{ENDED}",
        headers={"accept-datetime": version.headers["memento-datetime"]},
    )
    assert (gate.status_code, gate.headers["location"]) == (302, path)


def test_a_property_path_lists_everything_under_a_parent(shipped: Served) -> None:
    query = "SELECT ?o { ?o org:subOrganizationOf+ organisatie:OVO000230 }"
    rows = shipped.client.get(
        "/sparql", params={"query": query}, headers={"accept": "text/csv"}
    ).text.splitlines()
    assert len(rows) > 100


def test_the_dump_holds_as_many_triples_as_the_graph(shipped: Served) -> None:
    await_answer(shipped.client, "/dumps/")
    deadline = time.monotonic() + 60
    while True:
        dumps = shipped.client.get("/dumps/", headers={"accept": "application/json"}).json()
        if dumps["dumps"] or time.monotonic() > deadline:
            break
        time.sleep(0.2)
    counted = shipped.client.get(
        "/sparql",
        params={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"},
        headers={"accept": "application/sparql-results+json"},
    ).json()["results"]["bindings"][0]["n"]["value"]
    assert dumps["dumps"][0]["triples"] == int(counted)


def test_people_find_what_they_look_for(shipped: Served) -> None:
    home = shipped.client.get("/", headers={"accept": "text/html"})
    assert home.status_code == 200
    assert 'name="q"' in home.text
    found = shipped.client.get(
        "/doc/organisatie", params={"q": "nazareth"}, headers={"accept": "text/html"}
    )
    assert SUCCESSOR in found.text


def test_a_second_process_on_the_same_directory_is_told_so(shipped: Served) -> None:
    words = (shipped.process.args)[-1]  # type: ignore[index]
    done = ovo("load", Path(__file__), "--data-dir", str(words), check=False)
    assert done.returncode == 4
    assert str(shipped.process.pid) in done.stderr


def test_a_worker_that_dies_is_replaced(tmp_path: Path) -> None:
    ovo("load", synthetic(tmp_path / "in.nt", 20), "--data-dir", tmp_path / "data", "--no-validate")
    with serving(tmp_path / "data") as served:
        children = Path(f"/proc/{served.process.pid}/task/{served.process.pid}/children")
        for child in children.read_text().split():
            os.kill(int(child), signal.SIGKILL)
        await_answer(served.client, "/health/ready")
        assert served.client.get("/doc/organisatie/OVO100000").status_code == 200


def test_when_the_parent_is_killed_nothing_stays_behind(tmp_path: Path) -> None:
    ovo("load", synthetic(tmp_path / "in.nt", 20), "--data-dir", tmp_path / "data", "--no-validate")
    with serving(tmp_path / "data") as served:
        children = Path(f"/proc/{served.process.pid}/task/{served.process.pid}/children")
        left = [int(child) for child in children.read_text().split()]
        served.process.kill()
        served.process.wait()
        deadline = time.monotonic() + 20
        while any(Path(f"/proc/{pid}").exists() for pid in left):
            assert time.monotonic() < deadline, "a child outlived its parent"
            time.sleep(0.05)
    with serving(tmp_path / "data") as again:
        assert again.client.get("/doc/organisatie/OVO100000").status_code == 200


def test_kill_9_at_any_moment_of_a_load_loses_nothing_acknowledged(tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = synthetic(tmp_path / "first.nt", 40, seed=1)
    second = synthetic(tmp_path / "second.nt", 400, seed=2)
    ovo("load", first, "--data-dir", data, "--no-validate")
    whole = time.monotonic()
    ovo("load", second, "--data-dir", tmp_path / "other", "--no-validate")
    whole = time.monotonic() - whole
    dice = random.Random(1)
    for _ in range(6):
        command = [str(OVO), "load", str(second), "--data-dir", str(data), "--no-validate"]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        time.sleep(dice.uniform(0, whole))
        process.kill()
        process.wait()
        # The next command recovers by itself: the views are brought to where the journal is.
        ovo("load", first, "--data-dir", data, "--no-validate")
        assert "as in the journal" in ovo("verify", "--data-dir", data).stdout
    ovo("load", second, "--data-dir", data, "--no-validate")
    assert "as in the journal" in ovo("verify", "--data-dir", data).stdout


def test_it_stops_when_asked_with_requests_finished(tmp_path: Path) -> None:
    ovo("load", synthetic(tmp_path / "in.nt", 20), "--data-dir", tmp_path / "data", "--no-validate")
    with serving(tmp_path / "data") as served:
        assert served.client.get("/health/live").status_code == 200
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(timeout=20) == 0
        with pytest.raises(httpx.TransportError):
            served.client.get("/health/live")
