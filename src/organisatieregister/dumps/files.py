"""The files of one dump, written in one pass over the records and with bounded memory."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO

from pyoxigraph import RdfFormat, Triple, serialize

from organisatieregister.dumps.index import FORMS, DumpFile
from organisatieregister.dumps.sheet import Sheet
from organisatieregister.publication import statements_about_others
from organisatieregister.summaries import Summary
from organisatieregister.validity import is_change_event, is_organisation
from organisatieregister.views import Change
from organisatieregister.vocabulary import PREFIXES

_LEVEL = 6  # of gzip
_PREFIXES = dict(PREFIXES)
_HEADER = "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in sorted(PREFIXES)).encode()


class DumpFiles:
    """The three files, open for writing, and how much went into them."""

    def __init__(self, folder: Path, name: str) -> None:
        self.organisations = 0
        self.triples = 0
        self._said_by_events: set[Triple] = set()
        self._opened = ExitStack()
        with ExitStack() as opened:
            self._files = {
                form: opened.enter_context(_HashedFile(folder / f"{name}.{form}", form))
                for form in FORMS
            }
            self._sheet = opened.enter_context(Sheet(self._files["csv"], folder))
            self._opened = opened.pop_all()
        self._files["ttl.gz"].write(_HEADER)

    def take(self, change: Change) -> None:
        """Write what the record of a change publishes to every file."""
        record = change.record
        if record is None:
            return
        published = change.published or frozenset()
        if is_change_event(record):
            # Two events may say the same of two organisations; in the graph it stands once.
            said = statements_about_others(record, change.day)
            published -= self._said_by_events
            self._said_by_events |= said
        lines, triples = _in_order(change.iri, published)
        self._files["nt.gz"].write(b"".join(lines))
        self._files["ttl.gz"].write(_turtle(triples))
        self.triples += len(triples)
        if is_organisation(record):
            self.organisations += 1
            self._sheet.put(Summary.of(record, change.day))
        else:
            self._sheet.label(triples)

    def finish(self) -> tuple[DumpFile, ...]:
        """Complete the files, durably, and describe them."""
        self._sheet.finish()
        self._opened.close()
        return tuple(file.described() for file in self._files.values())

    def __enter__(self) -> DumpFiles:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._opened.close()


class _HashedFile:
    """A file, packed when its form says so, of which the checksum is kept while it is written."""

    def __init__(self, path: Path, form: str) -> None:
        self._path = path
        self._form = form
        self._sha256 = hashlib.sha256()
        self._size = 0
        self._file: IO[bytes] = path.open("wb")
        # A gzip header without name and time: the same content gives the same bytes.
        self._packer = zlib.compressobj(_LEVEL, wbits=31) if form.endswith(".gz") else None

    def write(self, content: bytes) -> None:
        """Add to the content of the file."""
        self._keep(self._packer.compress(content) if self._packer else content)

    def described(self) -> DumpFile:
        """The file, complete."""
        return DumpFile(self._path.name, self._form, self._size, self._sha256.hexdigest())

    def _keep(self, packed: bytes) -> None:
        self._sha256.update(packed)
        self._size += len(packed)
        self._file.write(packed)

    def __enter__(self) -> _HashedFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        with self._file:
            if kind is None:
                if self._packer:
                    self._keep(self._packer.flush())
                self._file.flush()
                os.fsync(self._file.fileno())


def _in_order(iri: str, published: Iterable[Triple]) -> tuple[list[bytes], list[Triple]]:
    """The triples and their lines: first those about the record's own resource."""
    triples = list(published)
    lines = (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").splitlines(keepends=True)
    own = f"<{iri}> ".encode()
    order = sorted(range(len(lines)), key=lambda at: (not lines[at].startswith(own), lines[at]))
    return [lines[at] for at in order], [triples[at] for at in order]


def _turtle(triples: Iterable[Triple]) -> bytes:
    """An empty line, and Turtle without the prefixes that it uses."""
    text = serialize(triples, format=RdfFormat.TURTLE, prefixes=_PREFIXES) or b""
    return b"\n" + text.split(b"\n", len(_PREFIXES))[-1]
