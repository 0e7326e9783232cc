"""The list of organisations, the home page, the query form and the pages of problems."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from organisatieregister.dumps import Dump, DumpFile, DumpIndex
from organisatieregister.identifiers import OvoCode, concept_iri
from organisatieregister.validity import ACTIVE, BEING_FOUNDED, INACTIVE
from organisatieregister.views.search import Counts, FacetCount, Latest, ListQuery
from organisatieregister.vocabulary import ORG, VLORG
from organisatieregister.web.sparql_examples import Example
from tests.web.pages.examples import KIND, a_hit, a_result, the_pages
from tests.web.pages.reading import Page, read
from tests.web.register import MERGED

LEVEL = concept_iri("Bestuursniveau", "lokaal")


def the_list(*hits: object, language: str = "nl", **known: object) -> Page:
    return read(the_pages().list(a_result(hits, **known), language))  # type: ignore[arg-type]


def query_of(href: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(href).query)


def test_a_row_has_name_code_kind_level_and_place() -> None:
    page = the_list(a_hit())
    assert "Gemeente Nazareth OVO002188 Agentschap Lokaal Nazareth" in page.text
    assert page.link("Gemeente Nazareth") == "/doc/organisatie/OVO002188"
    assert "1 organisatie" in page.headings


def test_a_short_name_is_shown_when_it_tells_more() -> None:
    page = the_list(
        replace(a_hit("Digitaal Vlaanderen"), short_name="DV"),
        replace(a_hit("Gemeente Puurs"), short_name="Puurs"),
    )
    assert "Digitaal Vlaanderen DV OVO002188" in page.text
    assert "Gemeente Puurs OVO002188" in page.text


def test_a_row_says_when_its_organisation_ended_begins_or_is_inactive() -> None:
    page = the_list(
        replace(a_hit(status=INACTIVE.value), end="2024-12-31"),
        a_hit(status=INACTIVE.value),
        replace(a_hit(status=BEING_FOUNDED.value), start="2027-01-01"),
    )
    assert "Gemeente Nazareth Beëindigd" in page.text
    assert "tot en met 31 december 2024" in page.text
    assert "Gemeente Nazareth Niet actief" in page.text
    assert "vanaf 1 januari 2027" in page.text


def test_a_row_found_by_a_former_name_says_so() -> None:
    assert "Vroegere naam: Nazaret" in the_list(replace(a_hit(), former_name="Nazaret")).text


def test_facets_separate_kinds_from_levels_and_keep_the_rest_of_the_question() -> None:
    page = the_list(a_hit(), query=ListQuery(text="nazareth", status=ACTIVE.value, page=3))
    assert page.headings.index("Soort") < page.headings.index("Bestuursniveau")
    asked = query_of(page.link("Lokaal"))
    assert asked == {"q": ["nazareth"], "status": ["actief"], "classificatie": [LEVEL]}
    assert "Beleidsdomein" not in page.headings, "a facet without values is not shown"


def test_long_facets_fold() -> None:
    page = the_list(a_hit())
    assert "Toon meer: Gemeente" in [" ".join(tag.text.split()) for tag in page.all("summary")]
    assert page.link("Dorp 1").endswith("gemeente=Dorp+1")


def test_a_chosen_filter_can_be_taken_away() -> None:
    query = ListQuery(text="x", classification=KIND, municipality="Gent")
    page = the_list(a_hit(), query=query)
    remove = page.one("a", **{"aria-label": "Verwijder filter: Gent"})
    assert query_of(remove["href"]) == {"q": ["x"], "classificatie": [KIND]}
    assert query_of(page.link("Alles wissen")) == {"q": ["x"]}
    assert page.one("strong").text == "Agentschap", "the chosen value is no link"


def test_pages_lead_on_and_back_and_keep_the_question() -> None:
    page = the_list(a_hit(), total=120, query=ListQuery(text="x", page=2))
    assert "Pagina 2 van 3" in page.text
    assert query_of(page.one("a", rel="prev")["href"]) == {"q": ["x"]}
    assert query_of(page.one("a", rel="next")["href"]) == {"q": ["x"], "pagina": ["3"]}
    assert page.one("ol", **{"class": "rows"})["start"] == "51"
    last = the_list(a_hit(), total=120, query=ListQuery(page=3))
    assert not last.all("a", rel="next")


def test_the_order_can_be_chosen_and_is_kept() -> None:
    page = the_list(a_hit(), total=120, query=ListQuery(text="x", sort="code"))
    assert query_of(page.link("Naam")) == {"q": ["x"], "volgorde": ["naam"]}
    assert query_of(page.link("Relevantie")) == {"q": ["x"]}
    assert page.one("a", **{"aria-current": "true"}).text == "OVO-code"
    assert query_of(page.one("a", rel="next")["href"])["volgorde"] == ["code"]
    assert "Relevantie" not in the_list(a_hit(), total=120).text


def test_a_page_beyond_the_last_leads_back() -> None:
    page = the_list(total=3, query=ListQuery(text="x", page=9))
    assert query_of(page.link("Naar de eerste pagina")) == {"q": ["x"]}


def test_organisations_and_statuses_are_asked_by_their_short_names() -> None:
    parent = OvoCode("OVO000001").iri
    result = a_result([a_hit()], query=ListQuery(parent=parent))
    facets = {"ouder": (FacetCount(parent, "Vlaamse overheid", 3),)}
    page = read(the_pages().list(replace(result, facets=facets), "nl"))
    assert "Onderdeel van: Vlaamse overheid" in page.text
    assert query_of(page.link("English")) == {"ouder": ["OVO000001"], "taal": ["en"]}


def test_an_empty_list_helps_on() -> None:
    page = the_list(query=ListQuery(text="xyz", status=BEING_FOUNDED.value))
    assert "Geen organisatie gevonden" in page.headings
    assert "Status: In oprichting" in page.text
    assert "Controleer de spelling" in page.text


def test_the_same_list_is_there_as_data() -> None:
    page = the_list(a_hit(), query=ListQuery(text="gent"), language="en")
    assert page.link("CSV") == "/doc/organisatie.csv?q=gent"
    assert page.link("Turtle") == "/doc/organisatie.ttl?q=gent"


def test_the_language_switch_keeps_question_and_page() -> None:
    page = the_list(a_hit(), total=120, query=ListQuery(text="gent", page=2))
    assert query_of(page.link("English")) == {"q": ["gent"], "pagina": ["2"], "taal": ["en"]}
    english = the_list(a_hit(), language="en")
    assert "1 organisation" in english.headings
    assert english.link("Gemeente Nazareth") == "/doc/organisatie/OVO002188?taal=en"


def test_home_has_search_figures_entries_and_news() -> None:
    counts = Counts(
        3974,
        25,
        (FacetCount(ACTIVE.value, "Actief", 3375), FacetCount(INACTIVE.value, "Niet actief", 599)),
        (FacetCount(KIND, "Agentschap", 31), FacetCount(LEVEL, "Lokaal", 1253)),
    )
    latest = [
        Latest(MERGED, "", VLORG.Fusie.value, "2026-11-23T08:00:00+00:00", "2025-01-01"),
        Latest(OvoCode("OVO000001").iri, "Dienst", ORG.Organization.value, "2026-11-22T08:00:00Z"),
    ]
    page = read(the_pages().home(language="nl", counts=counts, latest=latest))
    assert page.one("form", role="search")["action"] == "/doc/organisatie"
    assert "3.375 actieve organisaties" in page.text
    assert "Per soort" in page.headings
    assert "Per bestuursniveau" in page.headings
    assert "1 januari 2025 · Fusie Fusie" in page.text
    assert "22 november 2026 · Organisatie Dienst" in page.text
    assert "/doc/organisatie?q=Nazareth" in page.hrefs

    english = read(the_pages().home(language="en", counts=counts, latest=()))
    assert "3,375 active organisations" in english.text
    assert "There are no changes yet." in english.text


def test_the_dumps_are_listed_with_size_and_checksum_the_newest_first() -> None:
    files = (
        DumpFile("organisaties-2026-11-23.ttl.gz", "ttl.gz", 1_234_567, "ab" * 32),
        DumpFile("organisaties-2026-11-23.csv", "csv", 999, "cd" * 32),
    )
    dumps = (
        Dump("2026-11-23", 9, 3974, 412_000, "x", files),
        Dump("2026-11-22", 8, 3973, 411_000, "y", files[:1]),
    )
    page = read(the_pages().dumps(DumpIndex(Path(), dumps), "nl"))
    assert "3.974 organisaties, 412.000 triples" in page.text
    assert "1,2 MB" in page.text
    assert "999 B" in page.text
    assert "ab" * 32 in page.text
    assert "/dumps/organisaties-2026-11-23.csv" in page.hrefs
    assert "/dumps/latest.ttl.gz" in page.hrefs
    assert "Toestand van 22 november 2026" in page.one("summary").text
    none = read(the_pages().dumps(DumpIndex(Path(), ()), "en"))
    assert "There is no file yet." in none.text


def test_the_query_form_works_without_a_script() -> None:
    examples = [
        Example("urn:a", "SELECT * WHERE { ?s ?p ?o }", {"nl": "Alles"}, {"nl": "Elke uitspraak."}),
        Example("urn:b", "ASK { ?s a <x:y> }", {"nl": "Iets", "en": "Something"}),
    ]
    page = read(the_pages().sparql(language="nl", examples=examples))
    form = page.one("form", action="/sparql")
    assert form["method"] == "get"
    assert page.one("textarea", name="query").text == examples[0].query
    assert "Elke uitspraak." in page.text
    assert "text/csv" in [option["value"] for option in page.all("option")]
    href = page.link("Gebruik dit voorbeeld: Iets")
    assert query_of(href) == {"voorbeeld": [examples[1].query]}
    english = read(the_pages().sparql(language="en", examples=examples))
    assert "Use this example: Something" in english.text


def test_a_query_that_failed_stays_in_the_form_with_the_reason() -> None:
    page = read(the_pages().sparql(language="en", query="SELEC </textarea>", error="line 1: <x>"))
    assert page.one("textarea").text == "SELEC </textarea>"
    assert "The query was not run" in page.text
    assert "line 1: <x>" in page.text


def test_a_problem_says_what_is_wrong_and_helps_on() -> None:
    html = the_pages().problem(
        406, "Niet aanvaardbaar", "Niets past.", "nl", [("text/turtle", "/doc/organisatie/X.ttl")]
    )
    page = read(html)
    assert page.headings[0] == "Niet aanvaardbaar"
    assert "Foutcode 406" in page.text
    assert page.link("text/turtle") == "/doc/organisatie/X.ttl"
    assert page.link("English") == "?taal=en"
    assert page.all("form", role="search")
