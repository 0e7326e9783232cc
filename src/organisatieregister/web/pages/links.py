"""Where a link on a page leads: a path on this host, a page elsewhere, or nowhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from organisatieregister.identifiers import ONTOLOGY, PART_KINDS, canonical_iri
from organisatieregister.vocabulary import shorten
from organisatieregister.web.pages.statements import Statements, Text
from organisatieregister.web.routing import FOREIGN, document_path

LABEL_LENGTH = 200  # characters of a name in a link

_OWN = re.compile(r"https://data\.vlaanderen\.be/(?:id|doc)/(([\w-]+)/[^\s\"'<>]+)")
_WITH_A_DOCUMENT = frozenset(
    "organisatie veranderingsgebeurtenis conceptscheme persoon wettelijk-kader "
    "voorbeeldvragen".split()
)
_LEADS_TO_A_DOCUMENT = PART_KINDS | {"concept", "voorbeeldvraag", "prefix"}
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)
_NUMBER = re.compile(r"[0-9]+")
_TELEPHONE = re.compile(r"\+[0-9]{6,15}")


@dataclass(frozen=True, slots=True)
class Link:
    """A text that may lead somewhere; ``code`` is the OVO code of an organisation."""

    text: Text
    href: str = ""
    external: bool = False
    code: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)


class Links:
    """Makes the links of one page; those to other pages here keep the reader's language."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements
        self._language = statements.language

    def to(self, iri: str) -> Link:
        """A link to a resource under its label.

        Without a label the register does not have it: one of our own then is text, as its page
        would be 404.
        """
        iri = canonical_iri(iri)
        label = self._statements.label(iri)
        own = _OWN.fullmatch(iri)
        code = own[1].partition("/")[2] if own and own[2] == "organisatie" else ""
        text = (label or Text(code or last_part(iri))).cut(LABEL_LENGTH)
        path = resource_path(iri)
        if path and label:
            return Link(text, self.here(path), code=code)
        if path:
            return Link(text, code=code)
        if label and not own:
            return Link(text, self.here(f"{FOREIGN}?iri={quote(iri, safe='')}"))
        return external(iri, text)

    def source(self, iri: str) -> Link:
        """A link to where a fact comes from: a concept that says so, or a place on the web."""
        return self.to(iri) if self._statements.label(iri) else external(iri)

    def all(self, iris: Iterable[str]) -> tuple[Link, ...]:
        """Links to many, sorted as people sort names."""
        return tuple(sorted(map(self.to, iris), key=lambda link: sort_key(link.text.value)))

    def here_about(self, iri: str) -> str:
        """The path of the document about a resource that the register has."""
        return self.here(document_path(canonical_iri(iri)))

    def here(self, path: str, *parameters: tuple[str, str]) -> str:
        """A path on this host with parameters, in the reader's language."""
        chosen = [*parameters, ("taal", "en")] if self._language == "en" else list(parameters)
        return with_parameters(path, chosen)


def with_parameters(path: str, parameters: Iterable[tuple[str, str]]) -> str:
    """The path with query parameters, put before its fragment; empty values are left out."""
    path, hash_sign, fragment = path.partition("#")
    query = urlencode([(name, value) for name, value in parameters if value])
    if query:
        path += ("&" if "?" in path else "?") + query
    return path + hash_sign + fragment


def resource_path(iri: str) -> str:
    """The path on this host of a resource of ours, its document if it has one; else empty."""
    if iri == ONTOLOGY or iri.startswith(f"{ONTOLOGY}#"):
        return "/doc/ns/organisatieregister" + iri[len(ONTOLOGY) :]
    own = _OWN.fullmatch(iri)
    if own and own[2] in _WITH_A_DOCUMENT:
        return document_path(iri)
    if own and own[2] in _LEADS_TO_A_DOCUMENT:
        return quote(f"/id/{own[1]}", safe="/:%#")
    return ""


def external(iri: str, text: Text | None = None) -> Link:
    """A link to another site when the IRI is http(s), else only its text."""
    shown = text or Text(bare(iri)).cut(LABEL_LENGTH)
    if iri.startswith(("http://", "https://")):
        return Link(shown, iri, external=True)
    return Link(shown)


def email(address: str) -> Link:
    """A link that opens a letter, when the address is one."""
    if len(address) <= 254 and _EMAIL.fullmatch(address):
        return Link(Text(address), f"mailto:{address}")
    return Link(Text(address).cut(LABEL_LENGTH))


def call(number: str, shown: str) -> Link:
    """A link that calls a number in E.164, under the way people write it."""
    if _TELEPHONE.fullmatch(number):
        return Link(Text(shown), f"tel:{number}")
    return Link(Text(shown).cut(LABEL_LENGTH))


def on_the_map(address: str) -> str:
    """Where OpenStreetMap looks for an address."""
    return "https://www.openstreetmap.org/search?" + urlencode({"query": address})


def anchor(iri: str) -> str:
    """The id of a concept or term within the page of its scheme or ontology."""
    return re.sub(r"[^\w.-]", "-", last_part(iri), flags=re.ASCII) or "x"


def last_part(iri: str) -> str:
    """What follows the last ``#`` or ``/``, or a short form of the IRI."""
    return re.split(r"[#/]", iri.rstrip("#/"))[-1] or shorten(iri)


def bare(iri: str) -> str:
    """A web address as people write it: ``www.nazareth.be``."""
    return re.sub(r"^https?://", "", iri).rstrip("/")


def sort_key(name: str) -> tuple[str, str]:
    """Names as people order them: capitals and accents do not count, 2 comes before 10."""
    letters = "".join(
        c
        for c in unicodedata.normalize("NFKD", name[:LABEL_LENGTH])
        if not unicodedata.combining(c)
    )
    return (_NUMBER.sub(lambda digits: digits[0].zfill(9), letters.casefold()), name)
