"""Settings, read at the doors only: command line, then environment (``OVO_…``), then default.

They say where and how the program runs, nothing about the domain.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from organisatieregister.errors import InputError, StorageError


@dataclass(frozen=True, slots=True)
class Settings:
    """How the program runs; memory in MiB, times in seconds."""

    data_dir: Path = Path("var")
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    sparql_workers: int = 2
    sparql_seconds: float = 30.0
    sparql_memory: int = 2048
    sparql_result: int = 512
    sandbox_required: bool = True
    request_log: bool = False
    # the write API, off without these: a JWKS file, and the issuer and audience of tokens
    write_keys: str = ""
    write_issuer: str = ""
    write_audience: str = ""
    signing_key: str = ""  # a PEM file with the Ed25519 key for the head of the journal

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ, **given: Any) -> Settings:
        """From the options that were given and the environment. Raises InputError."""
        values = {name: value for name, value in given.items() if value is not None}
        for known in fields(cls):
            text = environment.get(f"OVO_{known.name.upper()}")
            if text is not None and known.name not in values:
                values[known.name] = _read(known.name, text, type(known.default))
        return cls(**values)

    @property
    def journal(self) -> Path:
        """The file to back up; everything else can be rebuilt."""
        return self.data_dir / "journal.sqlite"

    @property
    def views(self) -> Path:
        """The directory of the views."""
        return self.data_dir / "views"

    @property
    def dumps(self) -> Path:
        """The directory of the dumps."""
        return self.data_dir / "dumps"


def shipped(directory: str) -> Path:
    """A directory that comes with the program: ``ontology``, ``shapes`` or ``data``.

    Raises StorageError when it is not there: without shapes nothing would be checked.
    """
    installed = Path(sys.prefix) / "share" / "organisatieregister" / directory
    for place in (Path(__file__).parents[2] / directory, installed):
        if any(place.rglob("*.ttl")):
            return place
    raise StorageError(f"the files of {directory}/ are not in {installed}: install the wheel anew")


def _read(name: str, text: str, kind: Callable[[str], Any]) -> Any:
    if kind is bool:
        if text.lower() in {"1", "true", "ja", "yes"}:
            return True
        if text.lower() in {"0", "false", "nee", "no"}:
            return False
        raise InputError(f"OVO_{name.upper()}={text!r}: must be 1 or 0")
    try:
        return Path(text) if kind is type(Path()) else kind(text)
    except ValueError as error:
        raise InputError(f"OVO_{name.upper()}={text!r}: must be a number") from error
