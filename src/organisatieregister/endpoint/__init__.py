"""SPARQL without HTTP: a query and an Accept header become an answer, within limits.

Queries are evaluated by worker processes that can be killed (``worker.py``, ``sandbox.py``) and
never by the process that serves. ``Endpoint`` is the door; ``Limits``, ``Query`` and ``Answer`` are
what goes through it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from organisatieregister.endpoint.answering import Endpoint
    from organisatieregister.endpoint.queries import Answer, Limits, Query

__all__ = ["Answer", "Endpoint", "Limits", "Query"]

_HOMES = {"Endpoint": "answering", "Answer": "queries", "Limits": "queries", "Query": "queries"}


def __getattr__(name: str) -> object:
    # Imported when asked for: a worker is a module of this package too, and without asyncio it
    # starts in half the time.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
