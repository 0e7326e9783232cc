"""What of the web is only there when it is configured: the write API and the signed head."""

from __future__ import annotations

from pathlib import Path

from starlette.routing import BaseRoute

from organisatieregister import wiring
from organisatieregister.errors import InputError
from organisatieregister.journal import Journal
from organisatieregister.journal.signature import Signer
from organisatieregister.journal.sqlite import SqliteJournal
from organisatieregister.settings import Settings
from organisatieregister.views.documents import DocumentsView
from organisatieregister.web.head import head_routes
from organisatieregister.web.operations import Positions
from organisatieregister.web.tokens import Tokens

_PATIENCE = 15.0  # seconds to wait for another worker that writes


def check_configuration(settings: Settings) -> None:
    """Raise InputError for a configuration by halves, and for keys that cannot be read."""
    told = (settings.write_keys, settings.write_issuer, settings.write_audience)
    if any(told) and not all(told):
        raise InputError("OVO_WRITE_KEYS, OVO_WRITE_ISSUER, OVO_WRITE_AUDIENCE: all, or none")
    if all(told):
        _tokens(settings)
    if settings.signing_key:
        Signer.read(Path(settings.signing_key))


def configured_routes(
    settings: Settings, journal: Journal, documents: DocumentsView, positions: Positions
) -> list[BaseRoute]:
    """The routes of what is configured. Raises InputError when it is by halves."""
    check_configuration(settings)
    routes: list[BaseRoute] = []
    if settings.signing_key:
        signer = Signer.read(Path(settings.signing_key))
        routes += head_routes(journal, signer, wiring.now)
    if settings.write_keys:
        routes += _edit_routes(settings, documents, positions)
    return routes


def _tokens(settings: Settings) -> Tokens:
    return Tokens.read(
        Path(settings.write_keys), settings.write_issuer, settings.write_audience, wiring.now
    )


def _edit_routes(
    settings: Settings, documents: DocumentsView, positions: Positions
) -> list[BaseRoute]:
    """A journal of our own to write in: SQLite lets the workers in one after the other."""
    # pySHACL and all that goes with it take half a second to load: only where they are needed.
    from organisatieregister.register import Lifecycle, Lookup, Register
    from organisatieregister.web.edit import edit_routes
    from organisatieregister.web.idempotency import Answers

    journal = SqliteJournal.open(settings.journal, timeout=_PATIENCE)
    register = Register(journal, wiring.rulebook(), documents.owner)
    lookup = Lookup(journal)
    lookup.follow()  # now, and not with the first request
    lifecycle = Lifecycle(journal, register, lookup, today=wiring.today, now=wiring.now)
    answers = Answers(settings.data_dir / "answers.sqlite")
    return edit_routes(lifecycle, _tokens(settings), answers, positions, wiring.today)
