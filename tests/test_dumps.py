"""Dumps: the published graph of a day, in files that load again and never stand there half."""

from __future__ import annotations

import csv
import errno
import gzip
import hashlib
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, Triple, parse

from organisatieregister import facets, places
from organisatieregister.dumps import Dumper, DumpIndex
from organisatieregister.errors import DataDirectoryBusy, DataDirectoryFull
from organisatieregister.identifiers import OvoCode, concept_iri
from organisatieregister.journal.lock import DataDirectoryLock
from organisatieregister.periods import Period
from organisatieregister.records import Record, gather_in_order
from organisatieregister.sources.rdf import read_records, stored
from organisatieregister.views import Change
from organisatieregister.vocabulary import DCT
from tests.examples import KBO, a_merger, an_organisation, kbo_number, organisations
from tests.web.register import a_concept_scheme

DAY = date(2026, 11, 23)
MOMENT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
PARENT = an_organisation("OVO000001", "Vlaamse overheid")
CHILD = an_organisation(
    "OVO000002", "=Dienst; met \"aanhaling\"", parent="OVO000001",
    life=Period(None, date(2024, 12, 31)),
    more=[
        *facets.identifier(OvoCode("OVO000002").iri, KBO, kbo_number(2074514)),
        *facets.classification(OvoCode("OVO000002").iri, "Categorie",
                               concept_iri("Benamingtype", "voorkeursnaam")),
        *places.site(OvoCode("OVO000002").iri, "hoofdvestiging",
                     places.Address("Dorp 1", municipality="Gent", postcode="9000")),
    ],
)  # fmt: skip
MERGER = a_merger("2025-01-01", ["OVO000002", "OVO000003"], "OVO000001")
SAME_AGAIN = a_merger("2025-03-01", ["OVO000002", "OVO000003"], "OVO000001", "Nog eens")
SCHEME = a_concept_scheme()
ALL = (SCHEME, PARENT, CHILD, MERGER, SAME_AGAIN)


def changes(records: Iterable[Record]) -> Iterator[Change]:
    for version, record in enumerate(records, 1):
        yield Change(record.iri, record, version, MOMENT, DAY)


def published(records: Iterable[Record]) -> frozenset[Triple]:
    return frozenset().union(*(change.published or () for change in changes(records)))


def dumper(directory: Path, records: Iterable[Record] = ALL, **known: Any) -> Dumper:
    return Dumper(lambda: changes(records), directory, **known)


def content(index: DumpIndex, form: str) -> bytes:
    assert index.latest
    (name,) = [file.name for file in index.latest.files if file.form == form]
    found = index.find(name)
    assert found
    file, path = found
    packed = path.read_bytes()
    assert (len(packed), hashlib.sha256(packed).hexdigest()) == (file.size, file.sha256)
    return gzip.decompress(packed) if form.endswith(".gz") else packed


def triples(data: bytes, form: RdfFormat) -> list[Triple]:
    return [quad.triple for quad in parse(data, format=form)]


@pytest.fixture
def index(tmp_path: Path) -> DumpIndex:
    return dumper(tmp_path).write(DAY, 12)


def test_turtle_and_n_triples_hold_the_published_graph(index: DumpIndex) -> None:
    turtle = triples(content(index, "ttl.gz"), RdfFormat.TURTLE)
    n_triples = triples(content(index, "nt.gz"), RdfFormat.N_TRIPLES)
    assert frozenset(turtle) == frozenset(n_triples) == published(ALL)


def test_its_count_is_that_of_the_graph_even_when_two_events_say_the_same(index: DumpIndex) -> None:
    assert any(
        t.predicate == DCT.isReplacedBy for t in published([MERGER]) & published([SAME_AGAIN])
    )
    assert index.triples == len(published(ALL))
    assert len(triples(content(index, "nt.gz"), RdfFormat.N_TRIPLES)) == index.triples
    assert index.organisations == 2


def test_records_stand_one_after_the_other_each_with_its_own_resource_first(
    index: DumpIndex,
) -> None:
    text = content(index, "ttl.gz").decode()
    assert text.count("@prefix org:") == 1
    header, *blocks = text.split("\n\n")
    assert header.startswith("@prefix")
    assert len(blocks) == len(ALL)
    assert blocks[1].startswith("organisatie:OVO000001 ")
    assert "Dienst" in blocks[2]


@pytest.mark.parametrize(("form", "kind"), [("ttl.gz", "ttl"), ("nt.gz", "nt")])
def test_a_dump_loads_again_into_the_same_records(index: DumpIndex, form: str, kind: str) -> None:
    data = content(index, form)
    again = {record.iri: record.canonical for record in read_records(data, "dump", kind)}
    assert again == {record.iri: record.canonical for record in ALL}
    kinds = {"ttl": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES}
    streamed = gather_in_order(stored(parse(data, format=kinds[kind]), "dump"))
    assert {record.iri: record.canonical for record in streamed} == again


def test_the_sheet_has_a_row_for_each_organisation_that_computes_nothing(index: DumpIndex) -> None:
    data = content(index, "csv")
    assert data.startswith(b"\xef\xbb\xbfOVO-code;Naam;Korte naam;Status;")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [row["OVO-code"] for row in rows] == ["OVO000001", "OVO000002"]
    assert rows[1] == {
        "OVO-code": "OVO000002", "Naam": "'=Dienst; met \"aanhaling\"", "Korte naam": "",
        "Status": "niet actief", "Begindatum": "", "Einddatum": "2024-12-31",
        "KBO-nummer": "0207.451.425", "Classificatie": "Voorkeursnaam", "Gemeente": "Gent",
        "OVO-code moederorganisatie": "", "Moederorganisatie": "",
        "IRI": "https://data.vlaanderen.be/id/organisatie/OVO000002",
    }  # fmt: skip


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    first = dumper(tmp_path / "a").write(DAY, 12)
    second = dumper(tmp_path / "b").write(DAY, 12)
    assert first.latest and second.latest
    assert first.latest.files == second.latest.files
    (packed,) = (tmp_path / "a" / first.latest.folder).glob("*.ttl.gz")
    assert packed.read_bytes()[:8] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00", "no name, no time"


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(organisations(), max_size=4, unique_by=lambda record: record.iri))
def test_whatever_the_records_all_forms_tell_the_same(
    tmp_path_factory: pytest.TempPathFactory, records: list[Record]
) -> None:
    index = dumper(tmp_path_factory.mktemp("dumps"), records).write(DAY, 1)
    turtle = triples(content(index, "ttl.gz"), RdfFormat.TURTLE)
    assert len(turtle) == index.triples == len(published(records))
    assert frozenset(turtle) == published(records)
    text = content(index, "csv").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert len(rows) == index.organisations + 1 == len(records) + 1
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


# --- the index -------------------------------------------------------------------------------


def test_the_newest_dumps_are_kept_and_one_of_a_day(tmp_path: Path) -> None:
    for day in (20, 22, 21, 23):
        dumper(tmp_path, keep=3).write(date(2026, 11, day), day)
    again = dumper(tmp_path, [PARENT], keep=3).write(date(2026, 11, 22), 99)
    assert [(dump.day, dump.position) for dump in again.dumps] == [
        ("2026-11-23", 23), ("2026-11-22", 99), ("2026-11-21", 21),
    ]  # fmt: skip
    assert DumpIndex.read(tmp_path) == again
    folders = {path.name for path in tmp_path.iterdir() if path.is_dir()}
    assert folders == {dump.folder for dump in again.dumps}


def test_a_dump_is_due_once_a_day_when_there_is_something(tmp_path: Path) -> None:
    writing = dumper(tmp_path)
    assert not writing.write_if_due(DAY, 0)
    assert writing.write_if_due(DAY, 5)
    assert not writing.write_if_due(DAY, 6)
    assert writing.write_if_due(date(2026, 11, 24), 6)
    with DataDirectoryLock(tmp_path):
        assert not writing.write_if_due(date(2026, 11, 25), 6)
        with pytest.raises(DataDirectoryBusy):
            writing.write(date(2026, 11, 25), 6)


def test_only_names_in_the_index_lead_to_a_file(index: DumpIndex) -> None:
    assert index.find("organisaties-2026-11-23.csv")
    for name in ("index.json", "../index.json", "", "organisaties-2026-11-22.csv", "/etc/passwd"):
        assert index.find(name) is None


def test_an_index_that_is_not_there_or_damaged_is_empty(tmp_path: Path) -> None:
    assert DumpIndex.read(tmp_path / "nowhere").latest is None
    (tmp_path / "index.json").write_text('{"dumps": [{"day"')
    empty = DumpIndex.read(tmp_path)
    assert (empty.latest, empty.triples, empty.organisations) == (None, 0, 0)
    assert dumper(tmp_path).write(DAY, 1).triples > 0


# --- what goes wrong -------------------------------------------------------------------------


class Stopped(Exception):
    """What breaks a dump off in the tests."""


def failing(records: Iterable[Record], error: BaseException) -> Iterator[Change]:
    yield from changes(records)
    raise error


@pytest.mark.parametrize(
    ("error", "raised"),
    [(Stopped(), Stopped), (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), DataDirectoryFull)],
)
def test_a_dump_that_breaks_off_leaves_the_older_one_and_nothing_else(
    tmp_path: Path, error: BaseException, raised: type[BaseException]
) -> None:
    before = dumper(tmp_path).write(DAY, 1)
    with pytest.raises(raised):
        Dumper(lambda: failing(ALL, error), tmp_path).write(DAY, 2)
    assert DumpIndex.read(tmp_path) == before
    assert content(before, "ttl.gz")
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 1


def test_a_killed_dump_leaves_the_older_one_and_the_next_clears_up(tmp_path: Path) -> None:
    before = dumper(tmp_path).write(DAY, 1)
    script = f"""
import os, signal
from tests.test_dumps import *
def deadly():
    yield from changes(ALL)
    os.kill(os.getpid(), signal.SIGKILL)
Dumper(deadly, Path({str(tmp_path)!r})).write(DAY, 2)
"""
    ended = subprocess.run([sys.executable, "-c", script], check=False, timeout=30)
    assert ended.returncode == -signal.SIGKILL
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 2
    assert DumpIndex.read(tmp_path) == before
    after = dumper(tmp_path).write(DAY, 2)
    assert after.latest and after.latest.position == 2
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 1
