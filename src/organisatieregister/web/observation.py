"""What operators see of the traffic: request ids, counts and durations, log lines in JSON.

Each web worker counts for itself; ``/metrics`` says which worker it asked.
"""

from __future__ import annotations

import logging
import os
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import orjson
from starlette.types import Scope

from organisatieregister.web.responses import Header

_BUCKETS = (0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10.0)  # seconds
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,128}")
_log = logging.getLogger("organisatieregister.requests")


def given_request_id(scope: Scope) -> str:
    """The ``X-Request-Id`` that came in; empty when there is none, or one that is not clean."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            return str(value, "ascii")
    return ""


def new_request_id() -> str:
    """A request id that nobody has."""
    return os.urandom(12).hex()


def request_id_header(request_id: str) -> Header:
    """The header field that tells the client the id."""
    return (b"x-request-id", request_id.encode())


def log_request(scope: Scope, status: int, seconds: float, request_id: str) -> None:
    """One line about a request that was answered."""
    _log.info(
        "%s %s %d",
        scope["method"],
        scope["path"],
        status,
        extra={
            "fields": {
                "request_id": request_id,
                "method": scope["method"],
                "path": scope["path"],
                "query": scope["query_string"].decode("latin-1")[:2000],
                "status": status,
                "milliseconds": round(seconds * 1000, 3),
                "client": (scope.get("client") or ("",))[0],
            }
        },
    )


class JsonLines(logging.Formatter):
    """A log record as one line of JSON; ``extra={"fields": {…}}`` adds members."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


class Meter:
    """Counts requests by family and status, and sorts their durations into buckets."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, int]] = Counter()
        self._seconds: Counter[str] = Counter()
        self._buckets: dict[str, list[int]] = {}

    def count(self, family: str, status: int, seconds: float) -> None:
        """One more answer."""
        self._requests[family, status] += 1
        self._seconds[family] += seconds  # type: ignore[assignment]  # a Counter of floats
        buckets = self._buckets.get(family)
        if buckets is None:
            buckets = self._buckets[family] = [0] * (len(_BUCKETS) + 1)
        buckets[bisect_left(_BUCKETS, seconds)] += 1

    def exposition(self) -> Iterator[str]:
        """The lines of Prometheus' text format 0.0.4."""
        yield "# HELP ovo_requests_total Requests that were answered."
        yield "# TYPE ovo_requests_total counter"
        for (family, status), number in sorted(self._requests.items()):
            yield f'ovo_requests_total{{family="{family}",status="{status}"}} {number}'
        yield "# HELP ovo_request_seconds How long answering took."
        yield "# TYPE ovo_request_seconds histogram"
        for family, buckets in sorted(self._buckets.items()):
            total = 0
            for bound, number in zip((*_BUCKETS, "+Inf"), buckets, strict=True):
                total += number
                yield f'ovo_request_seconds_bucket{{family="{family}",le="{bound}"}} {total}'
            yield f'ovo_request_seconds_sum{{family="{family}"}} {self._seconds[family]:.6f}'
            yield f'ovo_request_seconds_count{{family="{family}"}} {total}'
