"""A page of a list as JSON and as RDF (Hydra), and a list as lines of CSV; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from pyoxigraph import Literal, NamedNode, Triple

from organisatieregister.identifiers import BASE
from organisatieregister.publication import LICENCE
from organisatieregister.summaries import BYTE_ORDER_MARK, COLUMNS, Hit, cells, csv_line
from organisatieregister.views.search import ListResult
from organisatieregister.vocabulary import DCT, HYDRA, ORG, RDF, REG, ROV, SCHEMA, SKOS, XSD
from organisatieregister.web.list_request import Listed, PageNumbers
from organisatieregister.web.routing import document_path

_AT_ONCE = 200  # lines of CSV


def list_json(result: ListResult, listed: Listed) -> bytes:
    """The page with its facets, and the addresses of the pages beside it."""
    query = result.query
    pages = PageNumbers.of(query, result.total)
    content = {
        "totaal": result.total,
        "pagina": query.page,
        "paginas": pages.last,
        "perPagina": query.size,
        "vorige": listed.path("json", pages.previous) if pages.previous else None,
        "volgende": listed.path("json", pages.next) if pages.next else None,
        "resultaten": [hit_json(hit) for hit in result.hits],
        "facetten": {
            name: [{"waarde": v.value, "naam": v.label, "aantal": v.count} for v in values]
            for name, values in result.facets.items()
        },
    }
    return orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE)


def hit_json(hit: Hit) -> dict[str, Any]:
    """An organisation by the names of our JSON-LD context; null is unknown."""
    return {
        "id": hit.iri,
        "code": hit.code,
        "naam": hit.name,
        "korteNaam": hit.short_name or None,
        "vroegereNaam": hit.former_name or None,
        "status": hit.status,
        "kbo": hit.kbo or None,
        "gemeente": hit.municipality or None,
        "classificatie": [{"id": iri, "naam": label} for iri, label in hit.classification],
        "moederorganisatie": {"id": hit.parent_iri, "naam": hit.parent_name}
        if hit.parent_iri
        else None,
        "van": hit.start,
        "tot": hit.end,
        "href": document_path(hit.iri),
    }


def list_csv(hits: Iterable[Hit]) -> Iterator[bytes]:
    """The lines, some at once."""
    lines = [BYTE_ORDER_MARK + csv_line(COLUMNS)]
    for hit in hits:
        lines.append(csv_line(cells(hit)))
        if len(lines) >= _AT_ONCE:
            yield "".join(lines).encode()
            lines.clear()
    if lines:
        yield "".join(lines).encode()


def list_triples(result: ListResult, listed: Listed) -> tuple[str, frozenset[Triple]]:
    """The IRI of the collection, and the page as ``hydra:PartialCollectionView``.

    Of each member its name, code, status, classification and parent, and the labels of these.
    """
    collection = NamedNode(BASE + listed.path())
    view = NamedNode(_view(listed, result.query.page))
    pages = PageNumbers.of(result.query, result.total)
    triples = {
        Triple(collection, RDF.type, HYDRA.Collection),
        Triple(collection, HYDRA.totalItems, Literal(result.total)),
        Triple(collection, HYDRA.view, view),
        Triple(collection, DCT.license, LICENCE),
        Triple(view, RDF.type, HYDRA.PartialCollectionView),
    }
    for link, page in (
        (HYDRA.first, 1),
        (HYDRA.previous, pages.previous),
        (HYDRA.next, pages.next),
        (HYDRA.last, pages.last),
    ):
        if page:
            triples.add(Triple(view, link, NamedNode(_view(listed, page))))
    for hit in result.hits:
        triples.add(Triple(collection, HYDRA.member, NamedNode(hit.iri)))
        triples.update(_member(hit, result.query.language))
    return collection.value, frozenset(triples)


def _view(listed: Listed, page: int) -> str:
    """The first page has a number too, so that it is not the collection itself."""
    path = listed.path(page=page)
    if page > 1:
        return BASE + path
    return f"{BASE}{path}{'&' if '?' in path else '?'}pagina=1"


def _member(hit: Hit, language: str) -> Iterator[Triple]:
    about = NamedNode(hit.iri)
    yield Triple(about, RDF.type, ORG.Organization)
    yield Triple(about, DCT.identifier, Literal(hit.code))
    yield Triple(about, SKOS.prefLabel, Literal(hit.name, language="nl"))
    yield Triple(about, ROV.orgStatus, NamedNode(hit.status))
    if hit.short_name:
        yield Triple(about, REG.korteNaam, Literal(hit.short_name, language="nl"))
    for concept, label in hit.classification:
        yield Triple(about, ORG.classification, NamedNode(concept))
        yield from _label(concept, label, language)
    if hit.parent_iri:
        yield Triple(about, ORG.subOrganizationOf, NamedNode(hit.parent_iri))
        yield from _label(hit.parent_iri, hit.parent_name, "nl")
    for predicate, day in ((SCHEMA.startDate, hit.start), (SCHEMA.endDate, hit.end)):
        if day:
            yield Triple(about, predicate, Literal(day, datatype=XSD.date))


def _label(iri: str, label: str, language: str) -> Iterator[Triple]:
    """The label, but not the end of the IRI that a list shows when there is none."""
    if not iri.endswith(f"/{label}"):
        yield Triple(NamedNode(iri), SKOS.prefLabel, Literal(label, language=language))
