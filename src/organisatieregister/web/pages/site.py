"""The pages of the site, each a method that returns HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pyoxigraph import Triple

from organisatieregister.dumps import DumpIndex
from organisatieregister.facets import life
from organisatieregister.identifiers import ONTOLOGY
from organisatieregister.lineage import Lineage
from organisatieregister.publication import LICENCE
from organisatieregister.records import Record
from organisatieregister.validity import is_change_event, is_organisation
from organisatieregister.views.search import Counts, Latest, ListResult
from organisatieregister.vocabulary import DCT, M8G, PERSON, SKOS
from organisatieregister.web.pages import home, lists, results
from organisatieregister.web.pages.about import Representation, about, choices
from organisatieregister.web.pages.facts import all_statements, facts_of
from organisatieregister.web.pages.lineage import lineage_page, lineage_representations
from organisatieregister.web.pages.links import Link, Links, last_part, with_parameters
from organisatieregister.web.pages.organisation import Organisation, read_organisation
from organisatieregister.web.pages.resources import concepts_of, event_of, terms_of
from organisatieregister.web.pages.schema_org import schema_org
from organisatieregister.web.pages.statements import Statements, Text
from organisatieregister.web.pages.theme import Theme
from organisatieregister.web.pages.wording import Wording
from organisatieregister.web.routing import document_path
from organisatieregister.web.sparql_examples import Example
from organisatieregister.web.sparql_results import Table

_TITLE_LENGTH = 120  # characters

Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Frame:
    """What goes around the content: the head, and the switch to the other language."""

    title: str
    switch: str
    section: str = ""
    description: str = ""
    iri: str = ""
    representations: tuple[Representation, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a page is made: the language, and where links lead in it."""

    say: Wording
    statements: Statements
    links: Links

    @classmethod
    def of(cls, language: str, triples: frozenset[Triple] = frozenset()) -> Reader:
        """A reader of a document, or of a page without one."""
        say = Wording.of(language)
        statements = Statements(triples, say.language)
        return cls(say, statements, Links(statements))

    def switch(self, path: str, *parameters: tuple[str, str]) -> str:
        """The same page in the other language; an empty path is the page itself."""
        return with_parameters(path, [*parameters, ("taal", self.say.other_language)])


class Pages:
    """Makes every page; may be shared by threads."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme

    @property
    def version(self) -> str:
        """Another one whenever the same content gives another page."""
        return self._theme.version

    def document(
        self,
        iri: str,
        record: Record | None,
        triples: frozenset[Triple],
        *,
        on: date,
        modified: datetime,
        language: str,
        dated: bool = False,
        historic: bool = False,
    ) -> str:
        """The page about a resource, from its document (``publication.document``).

        ``record`` is None for what is no record, such as the ontology; ``dated`` when the reader
        asked for the day, ``historic`` for all facts.
        """
        reader = Reader.of(language, triples)
        parameters = choices(on, dated=dated, historic=historic)
        if record is None or not is_organisation(record):
            return self._other(iri, record, reader, modified, parameters)
        org = read_organisation(record, reader.statements, reader.links, reader.say, on)
        title = f"{org.name.cut(_TITLE_LENGTH).value} ({org.code})"
        content = _content_of_organisation(org, record, reader, on, historic=historic)
        content |= {"dated": dated, "historic": historic}
        return self._about(
            "organisation.html", reader, iri, org.name, title, modified, parameters, content
        )

    def ontology(self, triples: frozenset[Triple], *, modified: datetime, language: str) -> str:
        """The page about our own terms."""
        return self._other(ONTOLOGY, None, Reader.of(language, triples), modified, ())

    def home(self, *, language: str, counts: Counts, latest: Sequence[Latest]) -> str:
        """The home page; ``latest`` as many changes as should be shown."""
        reader = Reader.of(language)
        content: Content = {
            "figures": home.figures(counts, reader.links),
            "kinds": home.kinds(counts, reader.links),
            "latest": home.news(latest, reader.links, reader.say),
            "examples": home.examples(reader.links),
        }
        frame = Frame("", reader.switch("/"), description=reader.say("home.lead"))
        return self._render("home.html", reader, frame, content)

    def list(self, result: ListResult, language: str) -> str:
        """A page of the list of organisations."""
        reader = Reader.of(language)
        query = result.query
        asked = (*lists.parameters_of(query), ("pagina", str(query.page) if query.page > 1 else ""))
        title = reader.say("list.title")
        if query.text:
            title = reader.say("list.title_for", q=Text(query.text).cut(_TITLE_LENGTH).value)
        frame = Frame(
            title,
            reader.switch(lists.LIST, *asked),
            section="organisations",
            representations=lists.list_representations(query),
        )
        page = lists.list_page(result, reader.links, reader.say)
        return self._render("list.html", reader, frame, {"list": page})

    def lineage(self, name: str, lineage: Lineage, on: date | None, language: str) -> str:
        """The page of ``opvolgers`` or ``voorgangers``; ``on`` is the day that was asked for."""
        reader = Reader.of(language)
        page = lineage_page(lineage, reader.links, reader.say)
        shown = page.organisation.text.cut(_TITLE_LENGTH).value
        frame = Frame(
            reader.say(f"lineage.{name}", name=f"{shown} ({page.organisation.code})"),
            reader.switch(
                f"/{name}/{page.organisation.code}", ("op", on.isoformat() if on else "")
            ),
            section="organisations",
            representations=tuple(lineage_representations(name, lineage, on)),
        )
        return self._render("lineage.html", reader, frame, {"page": page, "name": name})

    def dumps(self, index: DumpIndex, language: str) -> str:
        """The page about the dumps, the newest first."""
        reader = Reader.of(language)
        frame = Frame(reader.say("dumps.title"), reader.switch("/dumps/"), section="dumps")
        content: Content = {
            "dumps": [
                {"day": reader.say.day(date.fromisoformat(dump.day)), "dump": dump}
                for dump in index.dumps
            ]
        }
        return self._render("dumps.html", reader, frame, content)

    def sparql(
        self,
        *,
        language: str,
        query: str = "",
        error: str | None = None,
        place: tuple[int, int] = (0, 0),
        examples: Sequence[Example] = (),
        table: Table | None = None,
        parameters: Sequence[tuple[str, str]] = (),
    ) -> str:
        """The form for queries, with the result or the error of one.

        ``place`` is the line and column of the error, from 1; ``parameters`` are those of the
        request that gave the ``table``.
        """
        reader = Reader.of(language)
        frame = Frame(
            reader.say("sparql.title"),
            reader.switch(results.PATH, *parameters),
            section="sparql",
        )
        content: Content = {
            "query": query or (examples[0].query if examples else ""),
            "error": error,
            "place": place,
            "faulty": results.faulty_line(query, *place),
            "examples": list(results.offered(examples, reader.links, reader.say)),
            "result": results.result_of(table, parameters, reader.links) if table else None,
            "result_formats": (
                ("", reader.say("sparql.automatic")),
                *results.TABLE_FORMATS,
                *results.GRAPH_FORMATS,
            ),
        }
        return self._render("sparql.html", reader, frame, content)

    def problem(
        self,
        status: int,
        title: str,
        detail: str,
        language: str,
        alternates: Sequence[tuple[str, str]] = (),
    ) -> str:
        """The page of something that went wrong; ``alternates`` are texts and paths."""
        reader = Reader.of(language)
        content: Content = {
            "status": status,
            "title": title,
            "detail": detail,
            "alternates": [Link(Text(text), href) for text, href in alternates],
        }
        return self._render("problem.html", reader, Frame(title, reader.switch("")), content)

    def _other(
        self,
        iri: str,
        record: Record | None,
        reader: Reader,
        modified: datetime,
        parameters: tuple[tuple[str, str], ...],
    ) -> str:
        """The page of a record that is no organisation, or of the ontology."""
        name = reader.statements.label(iri) or Text(last_part(iri))
        template, content = _content_of(iri, record, reader)
        if template == "event.html" and not reader.statements.label(iri):
            name = Text(content["kind"])
        content["name"] = name
        title = name.cut(_TITLE_LENGTH).value
        return self._about(template, reader, iri, name, title, modified, parameters, content)

    def _about(
        self,
        template: str,
        reader: Reader,
        iri: str,
        name: Text,
        title: str,
        modified: datetime,
        parameters: tuple[tuple[str, str], ...],
        content: Content,
    ) -> str:
        """A page about a resource, with what its document says of itself."""
        itself = about(iri, name, modified, parameters, reader.say)
        frame = Frame(
            title,
            reader.switch(document_path(iri), *parameters),
            section="ontology" if iri == ONTOLOGY else "",
            iri=iri,
            representations=itself.representations,
        )
        return self._render(template, reader, frame, content | {"about": itself})

    def _render(self, template: str, reader: Reader, frame: Frame, content: Content) -> str:
        return self._theme.templates.get_template(template).render(
            say=reader.say,
            other=Wording.of(reader.say.other_language),
            here=reader.links.here,
            frame=frame,
            licence=LICENCE.value,
            **content,
        )


def _content_of_organisation(
    org: Organisation, record: Record, reader: Reader, on: date, *, historic: bool
) -> Content:
    """What the page of an organisation shows; the table of facts only when asked for."""
    say, statements, links = reader.say, reader.statements, reader.links
    path = document_path(org.iri)
    last_day = org.standing.day if org.standing.stage == "ended" else None
    return {
        "org": org,
        "headline_kinds": org.classified[:2],
        "facts": facts_of(record, statements, links, say, on) if historic else (),
        "life": say.period(life(record)),
        "schema": schema_org(record, statements),
        "on": on,
        "path": path,
        "today_href": links.here(path, *choices(on, dated=False, historic=historic)),
        "last_day_href": links.here(path, ("op", last_day.isoformat())) if last_day else "",
    }


def _content_of(iri: str, record: Record | None, reader: Reader) -> tuple[str, Content]:
    """The template of a resource that is no organisation, and what it shows."""
    say, statements, links = reader.say, reader.statements, reader.links
    if iri == ONTOLOGY:
        return "ontology.html", {
            "kind": say("ontology.title"),
            "groups": terms_of(statements),
        }
    if record is not None and is_change_event(record):
        event = event_of(iri, statements, links)
        return "event.html", {"kind": say(f"event.{event.kind}"), "event": event}
    if statements.is_a(iri, SKOS.ConceptScheme):
        concepts = concepts_of(iri, statements, links)
        return "scheme.html", {"kind": say("scheme.kind"), "concepts": concepts}
    if statements.is_a(iri, PERSON.Person):
        return "person.html", {"kind": say("person.kind")}
    if statements.is_a(iri, M8G.ReferenceFramework):
        reference = statements.text(iri, DCT.identifier)
        return "framework.html", {"kind": say("framework.kind"), "reference": reference}
    shown = all_statements(iri, statements, links)
    return "record.html", {"kind": say("record.kind"), "statements": shown}
