"""Empty views are filled side by side, and the day that they show is kept."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from organisatieregister.filling import fill_empty_views
from organisatieregister.settings import Settings
from organisatieregister.wiring import day_file, open_view, today
from tests.running import ovo, synthetic

OLD = date(2020, 1, 1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    ovo("load", synthetic(tmp_path / "in.nt", 20), "--data-dir", tmp_path, "--no-validate")
    return Settings(data_dir=tmp_path)


def refill(settings: Settings, *names: str) -> None:
    for name in names:
        shutil.rmtree(settings.views / name)
    fill_empty_views(settings, lambda _what, _count: None)


def test_views_that_are_filled_together_are_of_today(settings: Settings) -> None:
    day_file(settings).write(OLD)
    refill(settings, "documents", "graph", "search")
    assert day_file(settings).read() == today()


def test_documents_beside_older_views_make_everything_be_looked_at(settings: Settings) -> None:
    day_file(settings).write(OLD)
    refill(settings, "documents")
    assert day_file(settings).read() is None


def test_another_view_leaves_the_day_as_it_was(settings: Settings) -> None:
    day_file(settings).write(OLD)
    refill(settings, "search")
    assert day_file(settings).read() == OLD


def test_a_graph_that_is_filled_has_something_to_query_at_once(settings: Settings) -> None:
    refill(settings, "graph")
    view = open_view(settings, "graph")
    try:
        assert view.position > 0
        assert (settings.views / "graph" / "current").exists()
    finally:
        view.close()
