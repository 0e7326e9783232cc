"""Operations on the command line: what they print, and how they end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.running import ovo

DAY = ("--on", "2020-01-01")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register with two organisations, the second under the first."""
    path = tmp_path_factory.mktemp("lifecycle") / "var"
    ovo("register", "Boven", *DAY, "--data-dir", path)
    ovo("register", "Onder", "--parent", "ovo-000001", *DAY, "--data-dir", path)
    return path


def position(data: Path) -> str:
    return ovo("verify", "--data-dir", data).stdout.split(" versions")[0]


def test_a_dry_run_says_what_would_happen_and_writes_nothing(data: Path) -> None:
    before = position(data)
    told = ovo("rename", "OVO000002", "Anders", *DAY, "--dry-run", "--data-dir", data).stdout
    assert told.splitlines() == ["OVO000002", "naamswijziging: nothing was written"]
    assert position(data) == before


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("move", "OVO000001", "OVO000002", *DAY), 1),  # a ring
        (("rename", "OVO000002", "   ", *DAY), 1),  # a shape
        (("rename", "OVO000002", "   ", *DAY, "--dry-run"), 1),
        (("terminate", "OVO999999", *DAY), 5),
        (("couple", "OVO000002", "0207453802", *DAY), 3),
        (("terminate", "OVO000002", "--on", "gisteren"), 3),
        (("merge", "OVO000002", *DAY), 2),
    ],
)
def test_what_cannot_be_done_ends_with_its_code(
    data: Path, words: tuple[str, ...], code: int
) -> None:
    done = ovo(*words, "--data-dir", data, check=False)
    assert done.returncode == code, done.stderr
    assert done.stderr


def test_what_was_done_is_seen_at_once(data: Path) -> None:
    told = ovo("couple", "OVO000002", "0207.453.801", *DAY, "--data-dir", data).stdout
    assert "kbo-koppeling: journal at position" in told
    assert '"0207453801"' in ovo("show", "OVO000002", "--data-dir", data).stdout
