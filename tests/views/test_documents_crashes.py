"""The documents view with real processes: killed writers, readers that follow."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from organisatieregister.identifiers import OvoCode
from organisatieregister.views import Change
from organisatieregister.views.documents import DocumentsView
from tests.examples import an_organisation

DAY = date(2026, 11, 23)
MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
PARENT = OvoCode("OVO000001").iri
CHILDREN = [f"OVO{n:06d}" for n in range(2, 8)]

_FORK = multiprocessing.get_context("fork")


def renamed(position: int) -> Change:
    """The parent as it is called at a position."""
    record = an_organisation("OVO000001", f"Naam {position}")
    return Change(PARENT, record, position, MORNING + timedelta(seconds=position), DAY)


def children() -> Iterator[Change]:
    for code in CHILDREN:
        record = an_organisation(code, "Kind", parent="OVO000001")
        yield Change(record.iri, record, 1, MORNING, DAY)


def in_child(work: Callable[[], None]) -> int:
    """Run in a fork, which never comes back into the test; the child's process id."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(1)
    return child


def rename_for_ever(path: Path, acknowledged: int) -> None:
    view = DocumentsView.open(path)
    if view.position == 0:
        view.apply([renamed(1), *children()], 1)
    for position in range(view.position + 1, 1_000_000):
        view.apply([renamed(position)], position)
        os.write(acknowledged, position.to_bytes(8, "big"))


def test_a_killed_writer_leaves_position_and_documents_of_one_moment(tmp_path: Path) -> None:
    path = tmp_path / "documents"
    chance = random.Random(2026)
    positions = []
    for _ in range(15):
        hear, say = os.pipe()
        child = in_child(lambda say=say: rename_for_ever(path, say))  # type: ignore[misc]
        os.close(say)
        told = os.read(hear, 8)
        time.sleep(chance.uniform(0, 0.03))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        while more := os.read(hear, 8):
            told = more
        os.close(hear)
        view = DocumentsView.open(path)
        assert view.position >= int.from_bytes(told, "big")
        name = f'"Naam {view.position}"@nl'.encode()
        for code in ("OVO000001", *CHILDREN):
            document = view.get(OvoCode(code).iri)
            assert document
            assert name in document.turtle
        positions.append(view.position)
        view.close()
    assert positions == sorted(set(positions))


def fill_slowly(path: Path, started: int) -> None:
    def changes() -> Iterator[Change]:
        for number in range(1, 100_000):
            if number == 500:
                os.write(started, b"x")
            code = f"OVO{number:06d}"
            yield Change(OvoCode(code).iri, an_organisation(code), number, MORNING, DAY)

    DocumentsView.open(path).bulk(changes(), 100_000)


def test_a_killed_filling_leaves_the_view_empty(tmp_path: Path) -> None:
    path = tmp_path / "documents"
    hear, say = os.pipe()
    child = in_child(lambda: fill_slowly(path, say))
    os.read(hear, 1)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    view = DocumentsView.open(path)
    assert (view.position, list(view.iris())) == (0, [])
    view.bulk([renamed(1)], 1)
    assert view.position == 1
    view.close()
    left = list((path / "generations").iterdir())
    assert sum(file.stat().st_size for place in left for file in place.iterdir()) < 50_000_000


def read_on_request(path: Path, ask: Connection) -> None:
    view = DocumentsView.open(path, readonly=True)
    while ask.recv():
        document = view.get(PARENT)
        ask.send((view.position, document.turtle if document else b"", view.state))


def test_readers_see_each_commit_each_growth_and_each_new_generation(tmp_path: Path) -> None:
    path = tmp_path / "documents"
    path.mkdir()
    asking, answering = _FORK.Pipe()
    reader = _FORK.Process(target=read_on_request, args=(path, answering), daemon=True)
    reader.start()

    def seen() -> tuple[int, bytes, object]:
        asking.send(True)
        position, turtle, state = asking.recv()
        return position, turtle, state

    assert seen() == (0, b"", None)
    view = DocumentsView.open(path, map_size=1 << 18)
    view.apply([renamed(1)], 1)
    time.sleep(0.3)  # a reader looks for a new generation now and then
    first = seen()
    assert first[0] == 1
    view.apply([renamed(2)], 2)
    second = seen()
    assert second[0] == 2
    assert b"Naam 2" in second[1]
    assert first[2] != second[2] == seen()[2]
    many = [
        Change(OvoCode.of(n).iri, an_organisation(f"OVO{n:06d}", "A" * 400), 3, MORNING, DAY)
        for n in range(100, 500)
    ]
    view.apply([renamed(3), *many], 3)
    assert seen()[0] == 3
    view.close()
    (path / "current").unlink()
    again = DocumentsView.open(path)
    again.bulk([renamed(9)], 9)
    time.sleep(0.3)
    assert seen()[0] == 9
    assert b"Naam 9" in seen()[1]
    again.close()
    asking.send(False)
    reader.join(5)
    assert reader.exitcode == 0
