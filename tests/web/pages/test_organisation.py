"""The page of an organisation answers at a glance."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

import pytest

from organisatieregister import facets, places
from organisatieregister.identifiers import KboNumber, OvoCode, concept_iri
from organisatieregister.periods import Period
from tests.examples import an_organisation, kbo_number
from tests.web.pages.examples import AGENCY, KIND, PEETERS, a_full_register, page_of
from tests.web.register import MERGED, NAZARETH, TODAY, DocumentsInMemory


def iri(code: str) -> str:
    return OvoCode(code).iri


def test_it_shows_name_codes_contact_place_and_leadership() -> None:
    page = page_of(a_full_register(), AGENCY)

    assert page.one("h1").text == "Agentschap Digitaal Vlaanderen"
    assert page.one("title").text.startswith("Agentschap Digitaal Vlaanderen (OVO002949)")
    for shown in (
        "Actief",
        "DV",
        "OVO002949",
        KboNumber(kbo_number(3163808)).dotted,
        "Kruispuntbank van Ondernemingen",
        "Havenlaan 88 bus 2",
        "1000 Brussel",
        "Maakt digitaal.",
        "Bestaat sinds 1 januari 2016.",
    ):
        assert shown in page.text, shown
    assert page.link("Vlaamse overheid") == "/doc/organisatie/OVO000001"
    assert page.link("An Peeters") == PEETERS.replace("https://data.vlaanderen.be/id", "/doc")
    assert page.link("+32 2 553 17 00") == "tel:+3225531700"
    assert page.link("info@vlaanderen.example") == "mailto:info@vlaanderen.example"
    assert (
        page.link("www.vlaanderen.example/digitaal") == "https://www.vlaanderen.example/digitaal/"
    )


def test_a_former_name_comes_with_its_period() -> None:
    page = page_of(a_full_register(), AGENCY)
    assert "Informatie Vlaanderen 1 januari 2016 – 31 december 2020" in page.text


def test_its_kind_leads_to_the_list_of_that_kind() -> None:
    page = page_of(a_full_register(), AGENCY)
    assert page.link("Agentschap") == f"/doc/organisatie?classificatie={quote(KIND, safe='')}"


def test_one_that_ended_says_so_first_and_leads_to_its_successor() -> None:
    page = page_of(a_full_register(), NAZARETH)
    start = page.text.index("Deze organisatie bestaat niet meer. Ze eindigde op 31 december 2024.")
    assert start < page.text.index("Beëindigd") < page.text.rindex("Gemeente Nazareth")
    assert page.link("Gemeente Nazareth-De Pinte") == "/doc/organisatie/OVO053388"
    assert page.link("Bekijk haar op de laatste dag") == "/doc/organisatie/OVO002188?op=2024-12-31"


def test_one_that_came_from_a_merger_names_its_predecessors_and_the_event() -> None:
    page = page_of(a_full_register(), MERGED)
    assert page.link("Gemeente Nazareth") == "/doc/organisatie/OVO002188"
    assert page.link("Gemeente De Pinte") == "/doc/organisatie/OVO002144"
    assert page.link("Fusie van gemeenten").startswith("/doc/veranderingsgebeurtenis/")


@pytest.mark.parametrize(
    ("life", "more", "said"),
    [
        (
            Period.parse("2027-01-01", ""),
            [],
            "Deze organisatie is in oprichting. Ze begint op 1 januari 2027.",
        ),
        (Period.parse("", "2027-06-30"), [], "Deze organisatie eindigt op 30 juni 2027."),
        (
            Period(),
            facets.stated_status(iri("OVO000009"), "nietactief"),
            "Deze organisatie is niet actief. De einddatum is onbekend.",
        ),
    ],
)
def test_it_says_where_in_its_life_it_is(life: Period, more: list[object], said: str) -> None:
    record = an_organisation("OVO000009", "Dienst", life=life, more=more)  # type: ignore[arg-type]
    assert said in page_of(DocumentsInMemory([record]), record.iri).text


def test_one_with_nothing_but_a_code_has_a_page() -> None:
    record = an_organisation("OVO000009", "")
    page = page_of(DocumentsInMemory([record]), record.iri)
    assert page.one("h1").text == "OVO000009"
    assert "Het register kent geen adres of contactgegevens" in page.text
    assert "Begindatum onbekend" in page.text


def test_a_parent_that_the_register_does_not_have_is_no_link() -> None:
    record = an_organisation("OVO000009", "Dienst", parent="OVO000404")
    page = page_of(DocumentsInMemory([record]), record.iri)
    assert "OVO000404 (niet in dit register)" in page.text
    assert not [href for href in page.hrefs if "OVO000404" in href]


def test_five_hundred_children_fold_sort_as_people_do_and_fit() -> None:
    above = iri("OVO000009")
    children = [
        an_organisation(
            f"OVO{code:06d}", f"Kerkfabriek Onze-Lieve-Vrouw Hemelvaart {code}", parent="OVO000009"
        )
        for code in range(100, 600)
    ]
    documents = DocumentsInMemory([an_organisation("OVO000009", "Bisdom"), *children])
    page = page_of(documents, above, "en")
    assert "500 organisations below it" in page.text
    assert "Show 488 more organisations" in page.text
    assert len([href for href in page.hrefs if href.startswith("/doc/organisatie/OVO000")]) >= 500
    assert page.text.index("Hemelvaart 100") < page.text.index("Hemelvaart 599")
    assert len(page.html.encode()) < 100_000


def test_children_of_one_name_are_told_apart_by_their_code() -> None:
    documents = DocumentsInMemory(
        [
            an_organisation("OVO000009", "Provincie"),
            an_organisation("OVO000010", "Aalter", parent="OVO000009"),
            an_organisation("OVO000011", "Aalter", parent="OVO000009"),
            an_organisation("OVO000012", "Beveren", parent="OVO000009"),
        ]
    )
    text = page_of(documents, iri("OVO000009")).text
    assert "Aalter OVO000010" in text
    assert "OVO000012" not in text


def test_on_another_day_it_shows_what_held_then_and_says_so() -> None:
    page = page_of(a_full_register(), AGENCY, on=date(2018, 6, 30))
    assert page.one("h1").text == "Informatie Vlaanderen"
    assert "U ziet deze organisatie zoals ze was op 30 juni 2018." in page.text
    assert page.link("Bekijk de toestand van vandaag") == "/doc/organisatie/OVO002949"
    assert page.one("input", name="op")["value"] == "2018-06-30"
    assert page.link("Turtle") == "/doc/organisatie/OVO002949.ttl?op=2018-06-30"


def test_without_a_day_no_day_is_shown_for_the_page_may_be_kept() -> None:
    page = page_of(a_full_register(), AGENCY)
    assert TODAY.isoformat() not in page.html
    assert "value" not in page.one("input", name="op").attributes


def test_with_history_a_table_shows_all_facts_with_period_and_source() -> None:
    owner = iri("OVO000009")
    old = places.Address("Dorp 1, 9810 Nazareth")
    record = an_organisation(
        "OVO000009",
        "Dienst",
        more=[
            *places.site(owner, "vestiging", old, Period.parse("", "2001-05-31")),
            *facets.sourced(
                facets.classification(owner, "Beleidsdomein", KIND),
                concept_iri("Herkomst", "redactioneel"),
            ),
            *places.contact(owner, telephone="+3250123456"),
        ],
    )
    documents = a_full_register(record)
    page = page_of(documents, owner, historic=True)
    assert "Alle feiten, met hun periode" in page.headings
    assert "Dorp 1, 9810 Nazareth tot en met 31 mei 2001 niet geldig op deze dag" in page.text
    assert "+32 50 12 34 56 zonder datums" in page.text
    assert "bron: data.vlaanderen.be/id/concept/Herkomst/redactioneel" in page.text
    assert "checked" in page.one("input", name="historiek").attributes
    assert "Alle feiten, met hun periode" not in page_of(documents, owner).headings


def test_it_embeds_itself_as_schema_org() -> None:
    data = page_of(a_full_register(), AGENCY).data
    assert data["@type"] == "GovernmentOrganization"
    assert data["@id"] == AGENCY
    assert data["foundingDate"] == "2016-01-01"
    assert data["address"]["postalCode"] == "1000"
    assert data["parentOrganization"]["name"] == "Vlaamse overheid"
    assert "Informatie Vlaanderen" in data["alternateName"]
    assert page_of(a_full_register(), NAZARETH).data["dissolutionDate"] == "2024-12-31"


def test_it_leads_to_every_other_form_and_to_its_own_address() -> None:
    page = page_of(a_full_register(), AGENCY, historic=True)
    for suffix in ("ttl", "jsonld", "json", "nt", "nq", "trig", "rdf"):
        assert f"/doc/organisatie/OVO002949.{suffix}?historiek=1" in page.hrefs
    assert page.one("link", rel="canonical")["href"] == AGENCY
    assert page.link(AGENCY) == "/doc/organisatie/OVO002949"
    assert page.link("Bevraag met SPARQL").startswith("/sparql?voorbeeld=DESCRIBE+%3Chttps")
    assert "Organisatieregister (2026). Agentschap Digitaal Vlaanderen." in page.text


def test_in_english_the_words_are_english_and_dutch_names_are_marked_as_dutch() -> None:
    page = page_of(a_full_register(), NAZARETH, "en", on=date(2026, 1, 1))
    assert page.one("html")["lang"] == "en"
    assert page.one("h1")["lang"] == "nl"
    assert "This organisation no longer exists. It ended on 31 December 2024." in page.text
    assert page.link("Gemeente Nazareth-De Pinte") == "/doc/organisatie/OVO053388?taal=en"
    assert page.link("Nederlands") == "/doc/organisatie/OVO002188?op=2026-01-01&taal=nl"
    assert len(page.all("input", type="hidden", name="taal", value="en")) == 2
    assert page_of(a_full_register(), NAZARETH).link("English").endswith("OVO002188?taal=en")


def test_a_page_weighs_little() -> None:
    assert len(page_of(a_full_register(), AGENCY, historic=True).html.encode()) < 25_000
