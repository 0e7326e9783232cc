"""The house stands as it was drawn: rings, homes, purity and sizes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "organisatieregister"

RINGS = (
    ("vocabulary", "errors", "identifiers"),
    (
        "periods", "records", "facets", "places", "validity", "publication", "changes", "rules",
        "summaries", "lineage", "representations", "sources", "turtle", "compression",
    ),
    ("journal", "views"),
    (
        "register", "policy", "projector", "verification", "retrospect", "intake", "endpoint",
        "stream", "dumps", "catalogue", "shipment", "generate",
    ),
    # The doors: settings and wiring join the rooms up; web and cli let people in.
    ("settings",),
    ("wiring",),
    ("filling",),
    ("web",),
    ("serving",),
    ("cli",),
)  # fmt: skip
RING_OF = {room: number for number, rooms in enumerate(RINGS) for room in rooms}

# Inside the pure ring some rooms stand on others; each of these may use those before it.
PURE_ORDER = ("periods", "records", "facets", "places", "validity", "publication", "summaries")
# Rooms of one ring that may know each other, with the reason.
ALLOWED = {
    ("identifiers", "errors"),
    ("verification", "projector"),  # both tell views what a version says
    ("retrospect", "projector"),  # reads for which day the views were made
}
IMPURE = {"os", "time", "random", "threading", "logging", "socket", "subprocess", "sqlite3"}
FORBIDDEN_NAMES = {"util", "helper", "common", "core", "service", "manager", "base"}


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def rooms_imported(path: Path) -> set[str]:
    return {
        name.split(".")[1]
        for name in imports(path)
        if name.startswith("organisatieregister.") and name.split(".")[1] != "__init__"
    }


def may_import(room: str, other: str) -> bool:
    if room == other or (room, other) in ALLOWED or RING_OF[other] < RING_OF[room]:
        return True
    if room in PURE_ORDER and other in PURE_ORDER:
        return PURE_ORDER.index(other) < PURE_ORDER.index(room)
    return RING_OF[room] == RING_OF[other] == 1 and other in PURE_ORDER


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_imports_point_down(path: Path) -> None:
    room = room_of(path)
    if room == "__init__":
        assert not rooms_imported(path)
        return
    assert room in RING_OF, f"{room} is no room of the house: add it to a ring"
    wrong = {other for other in rooms_imported(path) if not may_import(room, other)}
    assert not wrong, f"{room} may not import {sorted(wrong)}"


def test_a_room_that_points_up_would_be_found() -> None:
    assert not may_import("records", "journal")
    assert not may_import("records", "facets")
    assert not may_import("rules", "sources")
    assert may_import("web", "endpoint")


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_pure_rooms_touch_no_world(path: Path) -> None:
    if RING_OF.get(room_of(path), 9) > 1:
        return
    used = {name.split(".")[0] for name in imports(path)}
    # These keep a lock around what is not thread-safe: pySHACL, and zstd's contexts.
    allowed = {"threading"} if room_of(path) in {"rules", "compression"} else set()
    assert not (used & IMPURE) - allowed


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_engines_have_one_home(path: Path) -> None:
    used = set(imports(path))
    where = path.relative_to(SOURCE).as_posix()
    if any(name.startswith("pyoxigraph") and name.endswith(".Store") for name in used):
        assert where.startswith(("views/graph", "endpoint")), "the store's home is views/graph"
    if any(name.split(".")[0] in {"pyshacl", "shacl"} for name in used):
        assert where.startswith("rules"), "a SHACL engine's home is rules"
    if any(name.split(".")[0] == "lmdb" for name in used):
        assert where.startswith("views/")
    if any(name.split(".")[0] == "tantivy" for name in used):
        assert where.startswith("views/search")
    if any(name.split(".")[0] in {"fastapi", "starlette", "uvicorn"} for name in used):
        assert where.startswith("web/"), "HTTP lives in web"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_nothing_is_caught_without_a_name(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else ""
            assert caught not in {"", "Exception", "BaseException"}, f"{path}:{node.lineno}"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_modules_and_functions_stay_small_and_well_named(path: Path) -> None:
    words = {word.removesuffix("s") for word in path.stem.split("_")}
    assert not words & FORBIDDEN_NAMES, "a name that says nothing"
    text = path.read_text()
    assert len(text.splitlines()) <= 330, f"{path} is too long"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert not node.name.startswith(("process_", "handle_")), f"{path}: {node.name}"
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= 60, f"{path}: {node.name} has {length} lines"
