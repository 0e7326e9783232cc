"""The profiles in which documents can be had (W3C Content Negotiation by Profile)."""

from __future__ import annotations

import orjson

from organisatieregister.errors import NotAcceptable
from organisatieregister.identifiers import document_iri
from organisatieregister.representations import PROFILES, REPRESENTATIONS
from organisatieregister.web.document_headers import VARY, alternates
from organisatieregister.web.document_request import Choices, Wishes
from organisatieregister.web.responses import CORS, Response
from organisatieregister.web.routing import document_path

_LINK_SET = b"application/linkset+json"  # RFC 9264


def check_profile(choices: Choices, wishes: Wishes) -> None:
    """Raise NotAcceptable when the query or the header asks for a profile that we do not have."""
    known = {*PROFILES, *PROFILES.values()}
    if choices.profile:
        if choices.profile not in known:
            raise NotAcceptable(f"_profile={choices.profile}", [*PROFILES, "alt"])
    elif wishes.profile is None:
        raise NotAcceptable("Accept-Profile", list(PROFILES.values()))


def profiles_response(iri: str) -> Response:
    """The list of profiles and media types of a document (``?_profile=alt``)."""
    content = {
        "linkset": [
            {
                "anchor": document_iri(iri),
                "canonical": [{"href": document_iri(iri), "profile": [PROFILES["oslo"]]}],
                "alternate": [
                    {
                        "href": document_path(iri, representation.suffix),
                        "type": representation.media_type,
                        "profile": [profile],
                        "token": [token],
                    }
                    for token, profile in PROFILES.items()
                    for representation in REPRESENTATIONS
                    if representation.suffix
                ],
            }
        ]
    }
    body = orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE)
    return Response(
        200,
        (
            (b"content-type", _LINK_SET),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"public, max-age=3600"),
            (b"link", alternates(iri, b"").encode()),
            VARY,
            *CORS,
        ),
        body,
    )
