"""The index of the dumps: which there are, of what day, with their sizes and checksums."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import orjson

# Suffix of a file → media type; of what is inside, for those that are packed.
FORMS = MappingProxyType(
    {"ttl.gz": "text/turtle", "nt.gz": "application/n-triples", "csv": "text/csv"}
)
_INDEX = "index.json"


@dataclass(frozen=True, slots=True)
class DumpFile:
    """A file of a dump: ``form`` is its suffix, ``size`` in bytes, ``sha256`` in hex."""

    name: str
    form: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Dump:
    """The register on a day (ISO date), at a position of the journal."""

    day: str
    position: int
    organisations: int
    triples: int
    folder: str
    files: tuple[DumpFile, ...]


@dataclass(frozen=True, slots=True)
class DumpIndex:
    """The dumps in a directory, the newest first."""

    directory: Path
    dumps: tuple[Dump, ...]

    @classmethod
    def read(cls, directory: Path) -> DumpIndex:
        """The index of a directory; empty when there is none, or none that can be read."""
        try:
            content = orjson.loads((directory / _INDEX).read_bytes())
            return cls(directory, tuple(_dump(fields) for fields in content["dumps"]))
        except (FileNotFoundError, orjson.JSONDecodeError, TypeError, KeyError):
            return cls(directory, ())

    def write(self) -> None:
        """Put this index in the place of the one that is there, durably. Raises OSError."""
        content = {"dumps": [asdict(dump) for dump in self.dumps]}
        new = self.directory / f"{_INDEX}.new"
        with new.open("wb") as file:
            file.write(orjson.dumps(content, option=orjson.OPT_INDENT_2))
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.directory / _INDEX)
        sync_directory(self.directory)

    @property
    def latest(self) -> Dump | None:
        """The newest dump."""
        return self.dumps[0] if self.dumps else None

    @property
    def triples(self) -> int:
        """How many triples the newest dump holds."""
        return self.latest.triples if self.latest else 0

    @property
    def organisations(self) -> int:
        """How many organisations the newest dump holds."""
        return self.latest.organisations if self.latest else 0

    def find(self, name: str) -> tuple[DumpFile, Path] | None:
        """A file by its name, and where it is; None for every other name."""
        for dump in self.dumps:
            for file in dump.files:
                if file.name == name:
                    return file, self.directory / dump.folder / name
        return None


def sync_directory(directory: Path) -> None:
    """Make new and renamed files in the directory survive a power cut."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _dump(fields: dict[str, Any]) -> Dump:
    files = tuple(DumpFile(**file) for file in fields.pop("files"))
    return Dump(**fields, files=files)
