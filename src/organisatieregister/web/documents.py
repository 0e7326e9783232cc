"""Documents over HTTP: ``/id/…`` → 303 → ``/doc/…`` in every representation.

A plain ASGI application, because it carries most of the traffic. What is finished is kept by path,
query and the outcome of the negotiation, with the version that it was made from. A request that
finds it there costs a question to the documents view: has anything changed? If so, a look: is that
still the version?
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from organisatieregister.errors import NotAcceptable, RegisterError, UnknownResource
from organisatieregister.identifiers import DATASET
from organisatieregister.web.cache import RecentlyUsed
from organisatieregister.web.conditions import not_modified
from organisatieregister.web.document_headers import alternates, headers_of_not_modified
from organisatieregister.web.document_request import Choices, Wishes, choices_of, joined, wishes_of
from organisatieregister.web.problems import Asked, problem_response
from organisatieregister.web.profiles import check_profile, profiles_response
from organisatieregister.web.rendering import DocumentPages, Documents, Renderer
from organisatieregister.web.responses import CORS, Header, Response, options
from organisatieregister.web.routing import (
    COLLECTION,
    Address,
    Moved,
    address_of,
    document_path,
    with_query,
)

ALLOW = "GET, HEAD, OPTIONS"
_HEADERS_SIZE = 5120  # bytes that the head of a kept answer takes, about


@dataclass(slots=True)
class Kept:
    """A finished answer, the document that it is about and the version that it was made from.

    ``state`` is the state of the view in which that was last found to be the version.
    """

    iri: str
    version: str
    dated: bool
    response: Response
    state: object


class DocumentsApp:
    """Answers every path under ``/id/``, ``/doc/`` and ``/ns/``."""

    def __init__(
        self,
        documents: Documents,
        pages: DocumentPages,
        *,
        today: Callable[[], date],
        cache_bytes: int = 32 << 20,
        time_gate: bool = False,
    ) -> None:
        self._time_gate = time_gate
        self._documents = documents
        self._pages = pages
        self._today = today
        self._renderer = Renderer(documents, pages, today)
        self._kept: RecentlyUsed[tuple[str, bytes, Wishes], Kept] = RecentlyUsed(cache_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI interface."""
        response = self.answer(scope) or self._problem(HTTPException(500), scope)
        await response(scope, receive, send)

    def answer(self, scope: Scope) -> Response | None:
        """The answer to a request, problems included; with its body also for HEAD.

        None when there is a ``time_gate`` and the request is for that.
        """
        method = scope["method"]
        if method not in ("GET", "HEAD"):
            return self._other_method(scope)
        headers = scope["headers"]
        sent = dict(headers)
        if len(sent) < len(headers):
            sent = joined(headers)
        if b"accept-datetime" in sent and self._is_for_gate(scope["path"]):
            return None
        wishes = wishes_of(
            sent.get(b"accept", b""),
            sent.get(b"accept-language", b""),
            sent.get(b"accept-encoding", b""),
            sent.get(b"accept-profile", b""),
        )
        key = (scope["path"], scope["query_string"], wishes)
        kept = self._kept.get(key)
        try:
            if kept is not None and self._still_holds(kept):
                response = kept.response
            else:
                response = self._compose(*key)
        except (RegisterError, HTTPException) as error:
            return self._problem(error, scope)
        if b"if-none-match" in sent or b"if-modified-since" in sent:
            return _conditional(response, sent)
        return response

    def _is_for_gate(self, path: str) -> bool:
        return self._time_gate and path.startswith(f"{COLLECTION}/")

    def _still_holds(self, kept: Kept) -> bool:
        """True when a kept answer is what would be made now."""
        state = self._documents.state
        if kept.state == state and not kept.dated:
            return True
        if kept.version != self._version(kept.iri, kept.dated):
            return False
        kept.state = state
        return True

    def _version(self, iri: str, dated: bool) -> str:
        """The version from which a kept answer must have been made to be right."""
        if dated:
            return f"{self._documents.position}/{self._today()}"
        document = self._documents.get(iri)
        return "" if document is None else document.etag

    def _compose(self, path: str, query: bytes, wishes: Wishes) -> Response:
        state = self._documents.state  # before anything is read: what comes later shows next time
        choices = choices_of(query)
        address = address_of(path, choices.foreign_iri)
        if isinstance(address, Moved):
            return _redirect(308, with_query(address.path, choices.query), age=86_400)
        stored = self._documents.get(address.iri)
        if stored is None:
            return self._of_part(address, choices)
        if not address.is_document:
            response, dated = _see_document(address.iri, "", choices), False
        elif choices.profile == "alt":
            return profiles_response(address.iri)
        else:
            check_profile(choices, wishes)
            response = self._renderer.render(stored, address, choices, wishes)
            dated = choices.dated
        version = self._version(address.iri, dated=True) if dated else stored.etag
        kept = Kept(address.iri, version, dated, response, state)
        self._kept.put((path, query, wishes), kept, len(response.body) + _HEADERS_SIZE)
        return response

    def _of_part(self, address: Address, choices: Choices) -> Response:
        """Parts and concepts stand in the document of what they belong to."""
        # Some code lists of the government have IRIs with http; on the wire the path is the same.
        for iri in (address.iri, address.iri.replace("https://", "http://", 1)):
            owner = self._documents.owner(iri)
            if owner is None and iri != address.iri and self._documents.get(iri) is not None:
                owner = iri
            if owner is not None:
                return _see_document(owner, address.suffix, choices)
        if address.iri == DATASET:
            return _redirect(303, "/dumps/", 3600)
        raise UnknownResource(address.iri)

    def _other_method(self, scope: Scope) -> Response:
        if scope["method"] == "OPTIONS":
            return options(ALLOW)
        return self._problem(HTTPException(405, headers={"Allow": ALLOW}), scope)

    def _problem(self, error: Exception, scope: Scope) -> Response:
        if isinstance(error, NotAcceptable):
            return self._not_acceptable(error, scope)
        return problem_response(error, Asked.of(scope), self._pages)

    def _not_acceptable(self, error: NotAcceptable, scope: Scope) -> Response:
        """406, with what the client asked for and where the forms are that we do have."""
        value = joined(scope["headers"]).get(error.accept.lower().encode(), b"").decode("latin-1")
        named = NotAcceptable(
            f"{error.accept}: {value}" if value else error.accept, error.alternates
        )
        address = address_of(scope["path"], choices_of(scope["query_string"]).foreign_iri)
        iri = "" if isinstance(address, Moved) else address.iri
        link = (b"link", alternates(iri, b"").encode("ascii", "replace"))
        return problem_response(named, Asked.of(scope), self._pages, link)


def _conditional(response: Response, sent: Mapping[bytes, bytes]) -> Response:
    """304 instead of the 200 when the client has it already."""
    etag = response.header(b"etag")
    if etag and not_modified(
        etag,
        response.header(b"last-modified"),
        sent.get(b"if-none-match", b""),
        sent.get(b"if-modified-since", b""),
    ):
        return Response(304, headers_of_not_modified(response.headers))
    return response


def _see_document(iri: str, suffix: str, choices: Choices) -> Response:
    described = f'<{document_path(iri)}>; rel="describedby"'.encode("ascii", "replace")
    location = with_query(document_path(iri, suffix), choices.query)
    return _redirect(303, location, 3600, (b"link", described))


def _redirect(status: int, location: str, age: int, *more: Header) -> Response:
    return Response(
        status,
        (
            (b"location", location.encode("ascii", "replace")),
            (b"content-length", b"0"),
            (b"cache-control", f"public, max-age={age}".encode()),
            *CORS,
            *more,
        ),
    )
