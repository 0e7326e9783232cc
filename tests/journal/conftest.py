"""The implementations of the journal that the contract is tried on; PostgreSQL joins here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from organisatieregister.journal import Journal
from organisatieregister.journal.sqlite import SqliteJournal


@dataclass
class Store:
    """Somewhere that keeps one journal; each ``open`` is as from a fresh process."""

    path: Path
    opened: list[Journal] = field(default_factory=list)

    def open(self, *, readonly: bool = False) -> Journal:
        journal = SqliteJournal.open(self.path, readonly=readonly)
        self.opened.append(journal)
        return journal

    def close(self) -> None:
        while self.opened:
            self.opened.pop().close()


@pytest.fixture(params=["sqlite"])
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "journal.sqlite")
    yield store
    store.close()


@pytest.fixture
def journal(store: Store) -> Journal:
    return store.open()
