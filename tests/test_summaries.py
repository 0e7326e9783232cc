"""Summaries: an organisation in one line, and that line in a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from organisatieregister import facets, places
from organisatieregister.identifiers import OvoCode, concept_iri, part_iri
from organisatieregister.periods import ALWAYS, Period
from organisatieregister.records import Record
from organisatieregister.summaries import COLUMNS, Hit, Summary, cells, csv_line, in_dutch
from organisatieregister.validity import ACTIVE, BEING_FOUNDED, INACTIVE
from organisatieregister.vocabulary import BESLUIT, DCT, RDF, RDFS
from tests.examples import KBO, an_organisation, days, kbo_number, organisations

DAY = date(2026, 11, 23)
IRI = OvoCode("OVO000001").iri
PAST = Period(None, date(2020, 12, 31))
ENDED = Period(None, date(2024, 12, 31))


def site(kind: str, town: str, period: Period = ALWAYS) -> list[Triple]:
    return places.site(IRI, kind, places.Address(town, municipality=town, postcode="1000"), period)


def territory(label: str) -> list[Triple]:
    area = NamedNode(part_iri(IRI, "werkingsgebied", label))
    return [
        Triple(NamedNode(IRI), BESLUIT.werkingsgebied, area),
        Triple(area, RDF.type, DCT.Location),
        Triple(area, RDFS.label, Literal(label, language="nl")),
    ]


def summary(*more: list[Triple], life: Period = ALWAYS, on: date = DAY) -> Summary:
    record = an_organisation(life=life, more=[t for part in more for t in part])
    return Summary.of(record, on)


def test_it_tells_what_the_organisation_is_on_the_day() -> None:
    found = summary(
        facets.name(IRI, "voorkeursnaam", "Oude naam", PAST),
        facets.name(IRI, "voorkeursnaam", "Example Department", language="en"),
        facets.name(IRI, "korte-naam", "DV"),
        facets.identifier(IRI, KBO, kbo_number(2074514)),
        facets.classification(IRI, "Categorie", concept_iri("Categorie", "departement")),
        facets.classification(IRI, "Categorie", concept_iri("Categorie", "dienst"), PAST),
        facets.parent(IRI, OvoCode("OVO000002").iri),
    )
    assert (found.name, found.short_name, found.code) == (
        "Departement Voorbeeld",
        "DV",
        "OVO000001",
    )
    assert set(found.names) == {"Departement Voorbeeld", "Example Department", "DV"}
    assert found.former_names == ("Oude naam",)
    assert found.classifications == (concept_iri("Categorie", "departement"),)
    assert (found.kbo, found.parent) == (kbo_number(2074514), OvoCode("OVO000002").iri)
    assert (found.status, found.start, found.end) == (ACTIVE.value, None, None)


def test_it_is_found_by_codes_that_it_had_once() -> None:
    nis = facets.KeyType("NIS", "Statbel")
    found = summary(
        facets.identifier(IRI, nis, "44048", PAST), facets.identifier(IRI, nis, "44088")
    )
    assert set(found.codes) == {"OVO000001", "44048", "44088"}


@pytest.mark.parametrize(
    ("more", "life", "municipality"),
    [
        ([site("vestiging", "Gent"), site("hoofdvestiging", "Brugge")], ALWAYS, "Brugge"),
        ([site("maatschappelijke-zetel", "Aalst"), site("vestiging", "Gent")], ALWAYS, "Aalst"),
        ([site("hoofdvestiging", "Brugge", PAST), site("vestiging", "Gent")], ALWAYS, "Gent"),
        ([site("hoofdvestiging", "Brugge", PAST)], ALWAYS, ""),
        ([site("hoofdvestiging", "Brugge", PAST)], ENDED, "Brugge"),
        ([site("hoofdvestiging", "Brugge", PAST), site("vestiging", "Gent", ENDED)], ENDED, "Gent"),
        ([territory("Lier"), site("vestiging", "Gent")], ALWAYS, "Gent"),
        ([territory("Lier")], ALWAYS, "Lier"),
        ([], ALWAYS, ""),
    ],
)
def test_its_municipality_is_that_of_the_main_site_in_force_or_the_last_when_it_ended(
    more: list[list[Triple]], life: Period, municipality: str
) -> None:
    assert summary(*more, life=life).municipality == municipality


def test_its_places_are_all_towns_and_postcodes_where_it_is() -> None:
    found = summary(site("hoofdvestiging", "Brugge"), site("vestiging", "Gent"), territory("Lier"))
    assert set(found.places) == {"Brugge", "Gent", "Lier", "1000"}


def test_without_a_name_it_is_called_by_its_code() -> None:
    assert Summary.of(an_organisation(name=""), DAY).name == "OVO000001"


@given(organisations(), days)
def test_every_organisation_has_a_name_a_code_and_a_status_on_every_day(
    record: Record, on: date
) -> None:
    found = Summary.of(record, on)
    assert found.name
    assert found.code in found.codes
    assert found.status in {ACTIVE.value, INACTIVE.value, BEING_FOUNDED.value}
    assert not set(found.names) & set(found.former_names)


def test_dutch_goes_before_no_language_and_that_before_others() -> None:
    texts = [Literal("Fr", language="fr"), Literal("Zonder"), Literal("Nl", language="nl")]
    assert [in_dutch(texts), in_dutch(texts[:2]), in_dutch(texts[:1]), in_dutch([])] == [
        "Nl", "Zonder", "Fr", "",
    ]  # fmt: skip


# --- spreadsheets ----------------------------------------------------------------------------


@given(st.lists(st.text(), min_size=2, max_size=6))
def test_a_line_reads_back_and_no_cell_is_computed(texts: list[str]) -> None:
    line = csv_line(texts)
    (row,) = csv.reader(io.StringIO(line, newline=""), delimiter=";")
    assert [cell.removeprefix("'") for cell in row] == [text.removeprefix("'") for text in texts]
    assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]


def test_a_row_says_it_in_dutch() -> None:
    hit = Hit(
        IRI, "OVO000001", "Dienst", "D", INACTIVE.value,
        (("https://x.example/a", "Gemeente"), ("https://x.example/b", "Lokaal")), "Gent",
        "0207451425", OvoCode("OVO000002").iri, "Stad Gent", "2001-01-01", "2024-12-31",
    )  # fmt: skip
    assert dict(zip(COLUMNS, cells(hit), strict=True)) == {
        "OVO-code": "OVO000001", "Naam": "Dienst", "Korte naam": "D", "Status": "niet actief",
        "Begindatum": "2001-01-01", "Einddatum": "2024-12-31", "KBO-nummer": "0207.451.425",
        "Classificatie": "Gemeente | Lokaal", "Gemeente": "Gent",
        "OVO-code moederorganisatie": "OVO000002", "Moederorganisatie": "Stad Gent", "IRI": IRI,
    }  # fmt: skip
