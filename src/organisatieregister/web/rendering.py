"""A stored document → an answer in the form that was asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from typing import Protocol

from pyoxigraph import RdfFormat, Triple, parse

from organisatieregister.errors import NotAcceptable, UnknownResource
from organisatieregister.records import Record
from organisatieregister.representations import (
    BY_MEDIA_TYPE,
    BY_SUFFIX,
    HTML,
    REPRESENTATIONS,
    TRIG,
    TURTLE,
    Representation,
    serialise,
)
from organisatieregister.web.compression import CODINGS, WORTHWHILE, compress
from organisatieregister.web.document_headers import Sent, headers_of
from organisatieregister.web.document_request import Choices, Wishes
from organisatieregister.web.problems import ProblemPages
from organisatieregister.web.responses import Response
from organisatieregister.web.routing import Address


class StoredDocument(Protocol):
    """A finished document, as of today, in the documents view."""

    @property
    def turtle(self) -> bytes:
        """The document in Turtle, as ``representations.serialise`` writes it."""
        ...

    @property
    def etag(self) -> str:
        """Another one whenever the bytes are other ones; letters and digits."""
        ...

    @property
    def modified(self) -> datetime:
        """When the bytes last changed."""
        ...

    @property
    def types(self) -> tuple[str, ...]:
        """The classes of the primary resource."""
        ...

    @property
    def successors(self) -> tuple[str, ...]:
        """What the resource is replaced by (``dct:isReplacedBy``)."""
        ...


class Documents(Protocol):
    """The documents view as this room reads it."""

    @property
    def position(self) -> int:
        """The position in the journal that the view has reached."""
        ...

    @property
    def state(self) -> object:
        """Another value whenever anything in the view may read otherwise; cheap to ask for."""
        ...

    def get(self, iri: str) -> StoredDocument | None:
        """The document about a primary resource; None when the register does not have it."""
        ...

    def owner(self, part_iri: str) -> str | None:
        """The primary resource that a part (or concept) belongs to."""
        ...

    def document(self, iri: str, on: date, historic: bool = False) -> frozenset[Triple] | None:
        """The document about a resource as valid on a day."""
        ...

    def record(self, iri: str) -> Record | None:
        """The current record."""
        ...


class DocumentPages(ProblemPages, Protocol):
    """Who makes the HTML of a document (``web/pages``)."""

    @property
    def version(self) -> str:
        """Another one whenever the same triples give another page."""
        ...

    def document(
        self,
        iri: str,
        record: Record | None,
        triples: frozenset[Triple],
        *,
        on: date,
        modified: datetime,
        language: str,
        dated: bool,
        historic: bool,
    ) -> str:
        """The page about a resource; ``dated`` when the reader asked for the day."""
        ...


class Renderer:
    """Makes answers from documents."""

    def __init__(
        self, documents: Documents, pages: DocumentPages, today: Callable[[], date]
    ) -> None:
        self._documents = documents
        self._pages = pages
        self._today = today

    def render(
        self, stored: StoredDocument, address: Address, choices: Choices, wishes: Wishes
    ) -> Response:
        """The answer 200 with all its header fields.

        Raises NotAcceptable when no representation or content coding fits.
        """
        representation = representation_of(address.suffix, wishes)
        language = choices.language or wishes.language
        body = self._body(stored, address.iri, representation, choices, language)
        coding = _coding(wishes, len(body))
        sent = Sent(
            iri=address.iri,
            representation=representation,
            language=language,
            coding=coding,
            etag=self._etag(stored, body, representation, choices, language)
            + ("" if coding == "identity" else f"-{coding}"),
            modified=stored.modified,
            query=choices.query,
            has_suffix=bool(address.suffix),
            types=stored.types,
            successors=stored.successors,
        )
        packed = compress(body, coding)
        return Response(200, headers_of(sent, len(packed)), packed)

    def _body(
        self,
        stored: StoredDocument,
        iri: str,
        representation: Representation,
        choices: Choices,
        language: str,
    ) -> bytes:
        media_type = representation.media_type
        if media_type in (TURTLE, TRIG) and not choices.dated:
            return stored.turtle
        triples = self._triples(stored, iri, choices)
        if media_type != HTML:
            return serialise(triples, media_type, iri)
        return self._pages.document(
            iri,
            self._documents.record(iri),
            triples,
            on=choices.on or self._today(),
            modified=stored.modified,
            language=language,
            dated=choices.on is not None,
            historic=choices.historic,
        ).encode()

    def _triples(self, stored: StoredDocument, iri: str, choices: Choices) -> frozenset[Triple]:
        if not choices.dated:
            return frozenset(q.triple for q in parse(stored.turtle, format=RdfFormat.TURTLE))
        on = choices.on or self._today()
        triples = self._documents.document(iri, on, choices.historic)
        if triples is None:
            raise UnknownResource(iri)
        return triples

    def _etag(
        self,
        stored: StoredDocument,
        body: bytes,
        representation: Representation,
        choices: Choices,
        language: str,
    ) -> str:
        """Another one for every other sequence of bytes; without the content coding."""
        if choices.dated:
            # The document of another day may change when the one of today does not.
            return hashlib.blake2b(body, digest_size=16).hexdigest()
        if representation.media_type == HTML:
            return f"{stored.etag}-html-{language}-{self._pages.version}"
        return f"{stored.etag}-{representation.suffix or 'txt'}"


def representation_of(suffix: str, wishes: Wishes) -> Representation:
    """The representation that the suffix names, or the negotiation. Raises NotAcceptable."""
    if suffix:
        return BY_SUFFIX[suffix]
    if wishes.media_type is None:
        raise NotAcceptable("Accept", [r.media_type for r in REPRESENTATIONS])
    return BY_MEDIA_TYPE[wishes.media_type]


def _coding(wishes: Wishes, length: int) -> str:
    """The content coding to use: what is small goes as it is, where that is allowed."""
    if wishes.coding is None:
        raise NotAcceptable("Accept-Encoding", [*CODINGS, "identity"])
    if length < WORTHWHILE and wishes.plain_allowed:
        return "identity"
    return wishes.coding
