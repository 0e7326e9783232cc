"""What a SPARQL request asks: the parameters of the SPARQL 1.1 Protocol, and ``format``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from organisatieregister.endpoint import Query
from organisatieregister.errors import MalformedPeriod, QueryRefused
from organisatieregister.periods import parse_day
from organisatieregister.web.streaming import ClientGone

_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
_LARGEST_BODY = 1 << 20  # bytes; percent-encoding makes three of one
_CHARSETS = ("utf-8", "utf8", "us-ascii", "ascii")  # UTF-8 is the only one that the protocol knows

# Values of ``format``, which goes before the Accept header; media types will do as well.
_FORMATS = {
    "html": "text/html",
    "json": "application/sparql-results+json, application/ld+json",
    "xml": "application/sparql-results+xml, application/rdf+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
    "trig": "application/trig",
    "nq": "application/n-quads",
}


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the request says, wherever it says it."""

    queries: tuple[str, ...]
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format: str
    example: str  # a query to fill in the form with
    base: str  # where relative IRIs in a query are resolved: the service
    on: date | None = None  # the register as valid on that day; None is today

    @property
    def query(self) -> Query:
        """The one query. Raises QueryRefused when there is none, or several."""
        if len(self.queries) != 1:
            found = len(self.queries)
            raise QueryRefused(
                f"there must be one query; the request has {found or 'none'}",
                nl=f"er moet één vraag zijn; het verzoek heeft er {found or 'geen'}",
            )
        return Query(self.queries[0], self.default_graphs, self.named_graphs, self.base)

    @property
    def repeated(self) -> tuple[tuple[str, str], ...]:
        """The parameters that ask the same query again, in whatever format."""
        return (
            *(("query", text) for text in self.queries),
            *(("default-graph-uri", iri) for iri in self.default_graphs),
            *(("named-graph-uri", iri) for iri in self.named_graphs),
            *([("op", self.on.isoformat())] if self.on else []),
        )

    @property
    def accept(self) -> str:
        """The Accept header that ``format`` stands for; empty when it is not given."""
        if not self.format:
            return ""
        # Who forgets to encode the plus of a media type sends a space.
        accept = _FORMATS.get(self.format, self.format.replace(" ", "+"))
        if "/" not in accept:
            known = ", ".join(_FORMATS)
            raise QueryRefused(
                f"format must be a media type or one of {known}",
                nl=f"format moet een mediatype zijn of een van {known}",
            )
        return accept


async def read_parameters(request: Request) -> Parameters:
    """The parameters of the URL and the body. Raises QueryRefused, and ClientGone half-way."""
    pairs = _pairs(request.scope["query_string"])
    if request.method == "POST":
        kind, charset = _content_type(request)
        if kind == _UPDATE:
            raise _update()
        if kind == _FORM:
            pairs += _pairs(await _body(request))
        elif kind == _QUERY:
            pairs.append(("query", _decoded(await _body(request), charset)))
        else:
            raise QueryRefused(
                f"the body must be {_QUERY} or {_FORM}", 415,
                nl=f"de body moet {_QUERY} of {_FORM} zijn",
            )  # fmt: skip
    if any(name == "update" for name, _ in pairs):
        raise _update()

    def values(name: str) -> tuple[str, ...]:
        return tuple(value for key, value in pairs if key == name)

    return Parameters(
        queries=values("query"),
        default_graphs=values("default-graph-uri"),
        named_graphs=values("named-graph-uri"),
        format=(values("format") or values("output") or ("",))[-1],
        example=(values("voorbeeld") or ("",))[-1],
        on=_day(values("op")),
        base=str(request.url.replace(query="", fragment="")),
    )


def _day(given: tuple[str, ...]) -> date | None:
    """The day to ask about; empty, as a form sends it, is today. Raises QueryRefused."""
    try:
        return parse_day(given[-1]) if given else None
    except MalformedPeriod as error:
        raise QueryRefused(f"op: {error}", nl=f"op: {error.reason_nl}") from error


def _update() -> QueryRefused:
    return QueryRefused(
        "this endpoint only answers queries", 403, nl="dit endpoint beantwoordt alleen vragen"
    )


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    try:
        text = encoded.decode("ascii")
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=200)
    except ValueError as error:
        raise QueryRefused(
            "the parameters are not percent-encoded UTF-8",
            nl="de parameters zijn geen procent-gecodeerde UTF-8",
        ) from error


def _content_type(request: Request) -> tuple[str, str]:
    """The media type and the charset of the body."""
    kind, *rest = request.headers.get("content-type", "").split(";")
    given = dict(part.strip().lower().partition("=")[::2] for part in rest)
    return kind.strip().lower(), given.get("charset", "").strip("\"'") or "utf-8"


def _decoded(body: bytes, charset: str) -> str:
    if charset not in _CHARSETS:
        raise QueryRefused(
            f"a query is UTF-8 (SPARQL 1.1 Protocol, 2.1.3), not {charset[:40]!r}", 415,
            nl=f"een vraag is UTF-8 (SPARQL 1.1 Protocol, 2.1.3), niet {charset[:40]!r}",
        )  # fmt: skip
    try:
        return body.decode("utf-8-sig")
    except ValueError as error:
        raise QueryRefused("the body is not UTF-8", nl="de body is geen UTF-8") from error


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > _LARGEST_BODY:
                raise QueryRefused(
                f"the body has more than {_LARGEST_BODY} bytes", 413,
                nl=f"de body telt meer dan {_LARGEST_BODY} bytes",
            )  # fmt: skip
    except ClientDisconnect as error:
        raise ClientGone("the client hung up before its query was complete") from error
    return bytes(body)
