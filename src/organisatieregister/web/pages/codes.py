"""The identifiers of an organisation, as people write them."""

from __future__ import annotations

from dataclasses import dataclass

from organisatieregister.errors import MalformedIdentifier
from organisatieregister.identifiers import KboNumber
from organisatieregister.vocabulary import ADMS, DCT, SKOS
from organisatieregister.web.pages.links import Link, Links, last_part
from organisatieregister.web.pages.statements import Statements, Text

_LENGTH = 80  # characters of a code or the name of who issues it
_ORDER = ("OVO", "KBO", "NIS")


@dataclass(frozen=True, slots=True)
class Code:
    """An identifier, as people write it, and who issues it."""

    kind: Text
    shown: str
    agency: Link


def codes_of(iri: str, statements: Statements, links: Links) -> tuple[Code, ...]:
    """The identifiers in force, first those that everybody uses."""
    found = [
        (last_part(statements.iri(node, DCT.type)), node)
        for node in statements.iris(iri, ADMS.identifier)
    ]
    found.sort(key=lambda pair: (_place(pair[0]), pair))
    return tuple(_code(kind, node, statements, links) for kind, node in found)


def code_as_written(kind: str, code: str) -> str:
    """A KBO number with its dots, other codes as they are."""
    if kind != "KBO":
        return code
    try:
        return KboNumber(code).dotted
    except MalformedIdentifier:
        return code


def _code(kind: str, node: str, statements: Statements, links: Links) -> Code:
    agency = statements.text(node, ADMS.schemaAgency)
    issuer = statements.iri(node, DCT.creator)
    link = links.to(issuer) if issuer else Link(Text(""))
    return Code(
        kind=statements.label(statements.iri(node, DCT.type)) or Text(kind),
        shown=code_as_written(kind, statements.text(node, SKOS.notation).cut(_LENGTH).value),
        agency=Link((agency or link.text).cut(_LENGTH), link.href, link.external, link.code),
    )


def _place(kind: str) -> int:
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)
