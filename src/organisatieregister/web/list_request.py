"""What a request for a list asks for, and the addresses of its pages and forms; pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from starlette.exceptions import HTTPException

from organisatieregister.errors import InputError, MalformedIdentifier
from organisatieregister.identifiers import OvoCode, canonical_iri, concept_iri
from organisatieregister.views.search import MAX_PAGE, MAX_TEXT, ListQuery
from organisatieregister.web.document_request import MAX_QUERY

COLLECTION = "/doc/organisatie"

_ORDERS = {"": "", "naam": "naam", "code": "code", "relevantie": "relevance"}
_LONGEST = 1_000  # characters of a filter


@dataclass(frozen=True, slots=True)
class Listed:
    """A list that is asked for: its query, and the parameters that stand for it.

    ``paged`` when the page was asked for, ``language`` is empty when it was left open.
    """

    query: ListQuery
    parameters: tuple[tuple[str, str], ...]
    paged: bool
    language: str = ""

    @classmethod
    def of(cls, query: bytes) -> Listed:
        """Read the query of a request; parameters that we do not know are left alone.

        Raises InputError, MalformedIdentifier and HTTPException 414.
        """
        if len(query) > MAX_QUERY:
            raise HTTPException(414, detail=str(MAX_QUERY))
        asked = dict(reversed(parse_qsl(query.decode("latin-1"))))  # the first of several counts
        if "op" in asked:
            raise InputError(
                "op: lists show the register as it is today",
                nl="op: lijsten tonen het register van vandaag",
            )
        parameters = {
            "q": _text("q", asked.get("q", "").strip(), MAX_TEXT),
            "classificatie": _text("classificatie", asked.get("classificatie", ""), _LONGEST),
            "ouder": _organisation(asked.get("ouder", "")),
            "status": _status(_text("status", asked.get("status", ""), _LONGEST)),
            "gemeente": _text("gemeente", asked.get("gemeente", ""), _LONGEST),
            "volgorde": asked.get("volgorde", ""),
        }
        if parameters["volgorde"] not in _ORDERS:
            raise InputError(
                "volgorde: naam, code or relevantie", nl="volgorde: naam, code of relevantie"
            )
        return cls(
            ListQuery(
                text=parameters["q"],
                classification=parameters["classificatie"],
                parent=parameters["ouder"],
                status=parameters["status"],
                municipality=parameters["gemeente"],
                page=_page(asked.get("pagina", "1")),
                sort=_ORDERS[parameters["volgorde"]],
            ),
            tuple((name, value) for name, value in parameters.items() if value),
            paged="pagina" in asked,
            language=asked.get("taal", ""),
        )

    def spoken(self, language: str) -> Listed:
        """The same with labels in a language."""
        return replace(self, query=replace(self.query, language=language))

    def path(self, suffix: str = "", page: int = 1) -> str:
        """The address of a page of the list, in a form."""
        parameters = [*self.parameters, *([("pagina", str(page))] if page > 1 else [])]
        dot = f".{suffix}" if suffix else ""
        return f"{COLLECTION}{dot}{'?' if parameters else ''}{urlencode(parameters)}"


@dataclass(frozen=True, slots=True)
class PageNumbers:
    """Where one can go from a page of a list; 0 is nowhere."""

    last: int
    previous: int
    next: int

    @classmethod
    def of(cls, query: ListQuery, total: int) -> PageNumbers:
        """Of a list with ``total`` organisations."""
        last = max(1, -(-total // query.size))
        return cls(
            last,
            min(query.page - 1, last) if query.page > 1 else 0,
            query.page + 1 if query.page < last else 0,
        )


def _text(name: str, text: str, longest: int) -> str:
    if len(text) > longest:
        raise InputError(
            f"{name}: at most {longest} characters", nl=f"{name}: ten hoogste {longest} tekens"
        )
    return text


def _organisation(text: str) -> str:
    """An IRI, or an OVO code in whatever spelling."""
    if not text:
        return ""
    try:
        return OvoCode.parse(text).iri
    except MalformedIdentifier:
        if text.startswith(("http://", "https://")):
            return canonical_iri(text[:_LONGEST])
        raise


def _status(text: str) -> str:
    """An IRI, or its last part: ``actief``."""
    return text if not text or ":" in text else concept_iri("organisatiestatus", text)


def _page(text: str) -> int:
    number = text.lstrip("0") if text.isascii() and text.isdigit() else ""
    if not number or len(number) > len(str(MAX_PAGE)) or int(number) > MAX_PAGE:
        raise InputError(
            f"pagina: a number from 1 to {MAX_PAGE}", nl=f"pagina: een getal van 1 tot {MAX_PAGE}"
        )
    return int(number)
