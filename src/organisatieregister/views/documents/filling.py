"""Filling an empty view: first what every record brings, then every document, once.

In the first round the content of each document goes to a file beside the tables, so that the
second round, when all statements and labels are known, need not look at the records again.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from organisatieregister.compression import Compression, specimen
from organisatieregister.errors import StorageError
from organisatieregister.views import Change
from organisatieregister.views.documents.composition import Content, finished
from organisatieregister.views.documents.projection import latest, replace
from organisatieregister.views.documents.shelf import Shelf
from organisatieregister.views.documents.tables import Tables

_BATCH = 200  # records a transaction
_HEAD = struct.Struct(">QQHI")  # number, version, length of the IRI, length of the packed N-Triples


def fill_tables(shelf: Shelf, contents: Path, changes: Iterable[Change], position: int) -> None:
    """Fill an environment that nobody reads yet; ``contents`` is a file to work with."""
    try:
        with contents.open("w+b") as file:
            contents.unlink()
            day, modified = _take_all(shelf, _Spool(file), changes)
            if day and modified:
                file.seek(0)
                _finish_all(shelf, _Spool(file), modified)
    except OSError as error:
        raise StorageError.of(contents, error) from error
    shelf.write(lambda tables: tables.reach(position, day))


def _take_all(
    shelf: Shelf, spool: _Spool, changes: Iterable[Change]
) -> tuple[date | None, datetime | None]:
    """The first round; returns the day and the moment that the documents get."""
    day: date | None = None
    modified: datetime | None = None
    remaining = iter(changes)
    while batch := list(islice(remaining, _BATCH)):
        for number, change in zip(shelf.write(partial(_take, batch=batch)), batch, strict=True):
            if number is not None and change.record is not None:
                spool.put(
                    number,
                    Content.of(change.record, change.version, change.modified, change.day),
                )
        day = max(change.day for change in batch)
        moment = latest(batch, None, day)
        modified = max(modified, moment) if modified else moment
    return day, modified


def _take(tables: Tables, batch: Iterable[Change]) -> list[int | None]:
    return [replace(tables, change).number for change in batch]


def _finish_all(shelf: Shelf, spool: _Spool, modified: datetime) -> None:
    """The second round."""
    remaining = iter(spool)
    while batch := list(islice(remaining, _BATCH)):
        shelf.write(partial(_finish, batch=batch, modified=modified))


def _finish(tables: Tables, batch: Iterable[tuple[int, Content]], modified: datetime) -> None:
    for number, content in batch:
        tables.put_document(number, finished(content, tables), modified)


class _Spool:
    """Contents one after the other in a file, in the order of their numbers."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._compression = Compression(specimen())

    def put(self, number: int, content: Content) -> None:
        iri, packed = content.iri.encode(), self._compression.pack(content.n_triples)
        head = _HEAD.pack(number, content.version, len(iri), len(packed))
        self._file.write(head + iri + packed)

    def __iter__(self) -> Iterator[tuple[int, Content]]:
        while head := self._file.read(_HEAD.size):
            number, version, length, size = _HEAD.unpack(head)
            iri = self._file.read(length).decode()
            yield number, Content(iri, version, self._compression.unpack(self._file.read(size)))
