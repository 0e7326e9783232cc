"""Facts in CSV become records; each oddity is refused, mended or noted by a stated rule."""

from __future__ import annotations

from datetime import date

import pytest
from pyoxigraph import Literal, NamedNode

from organisatieregister.facets import Facet, FacetKind, facets, life
from organisatieregister.identifiers import OvoCode, concept_iri
from organisatieregister.periods import Period
from organisatieregister.records import Record
from organisatieregister.sources import Mending, Note, Refusal
from organisatieregister.sources.addresses import parse_address
from organisatieregister.sources.concepts import slug
from organisatieregister.validity import is_change_event, shortcuts, status
from organisatieregister.vocabulary import (
    ADRES,
    BESLUIT,
    DCT,
    FOAF,
    LOCN,
    M8G,
    ORG,
    RDF,
    REG,
    ROV,
    SKOS,
    SKOSXL,
)
from tests.sources.feiten import (
    GEMEENTE,
    LOKAAL,
    OMGEVING,
    findings,
    organisation,
    proposals,
    reasons,
)

TODAY = date(2026, 11, 23)
DOTTED_KBO = "0207.499.826"
OCMW = "Openbaar Centrum voor Maatschappelijk Welzijn van Voorbeeld"


def only(**fields: str) -> Record:
    """The record of a single row."""
    [proposal] = proposals(findings(organisations=[organisation(**fields)]))
    return proposal.record


def said(**fields: str) -> list[tuple[str, str]]:
    """What was said about a single row (without the count of missing statuses)."""
    row = organisation(**({"status": "actief"} | fields))
    return reasons(findings(organisations=[row]))


def of_kind(record: Record, kind: FacetKind) -> list[Facet]:
    return [facet for facet in facets(record) if facet.kind is kind]


def objects(record: Record, predicate: NamedNode) -> set[str]:
    return {str(t.object.value) for t in record.triples if t.predicate == predicate}  # type: ignore[union-attr]


# --- a row -----------------------------------------------------------------------------------


def test_a_plain_row_becomes_an_organisation_with_name_and_code() -> None:
    record = only()
    assert record.iri == OvoCode("OVO000001").iri
    assert objects(record, SKOSXL.literalForm) == {"Gemeente Voorbeeld"}
    assert objects(record, SKOS.notation) == {"OVO000001"}
    assert said() == []


def test_a_proposal_names_its_file_and_line() -> None:
    first, second = proposals(
        findings(organisations=[organisation(), organisation("OVO000002", "Gemeente Ander")])
    )
    assert (first.file, first.line, second.line) == ("organisations.csv", 2, 3)


def test_an_enterprise_number_makes_it_a_registered_organisation() -> None:
    record = only(kbo="0207499826")
    assert {ROV.RegisteredOrganization.value, ORG.FormalOrganization.value} <= objects(
        record, RDF.type
    )
    assert "0207499826" in objects(record, SKOS.notation)
    assert ROV.RegisteredOrganization.value not in objects(only(), RDF.type)


def test_an_enterprise_number_is_written_in_ten_digits() -> None:
    assert "0207499826" in objects(only(kbo=DOTTED_KBO), SKOS.notation)
    assert said(kbo=DOTTED_KBO) == [("Mending", "kbo-spelling")]


@pytest.mark.parametrize(
    ("fields", "public"),
    [
        ({}, True),
        ({"government_level": "derden"}, False),
        ({"classification": "PEVA gemeente"}, False),
        ({"classification": "Vereniging van Vlaamse Steden en Gemeenten"}, False),
        ({"classification": "Gemeente", "government_level": "Lokale overheid"}, True),
    ],
)
def test_public_are_all_but_third_parties_and_private_forms(
    fields: dict[str, str], public: bool
) -> None:
    assert (M8G.PublicOrganisation.value in objects(only(**fields), RDF.type)) is public


def test_classification_and_level_are_concepts_of_real_lists() -> None:
    record = only(classification="Gemeente", government_level="Lokale overheid")
    assert objects(record, REG.concept) == {GEMEENTE, LOKAAL}


def test_a_classification_that_no_list_has_is_one_of_ours() -> None:
    record = only(classification="Vlaamse overheid (VO-entiteit)")
    assert objects(record, REG.concept) == {
        concept_iri("Organisatieclassificatie", "vlaamse-overheid-vo-entiteit")
    }


def test_the_code_of_a_concept_of_ours_is_plain() -> None:
    assert slug("Vlaamse overheid (VO-entiteit)") == "vlaamse-overheid-vo-entiteit"
    assert slug("Ruimtelijke Ordening & Énergie") == "ruimtelijke-ordening-energie"


def test_sources_are_public_repositories() -> None:
    record = only(source="lblod/app-digitaal-loket ; Informatievlaanderen/niscode-service")
    assert objects(record, DCT.source) == {
        "https://github.com/lblod/app-digitaal-loket",
        "https://github.com/Informatievlaanderen/niscode-service",
    }


def test_a_parent_is_an_undated_membership() -> None:
    [parent] = of_kind(only(parent_ovo="OVO000002"), FacetKind.PARENT)
    assert parent.value(ORG.organization) == NamedNode(OvoCode("OVO000002").iri)
    assert parent.period.is_open


def test_a_website_is_a_contact_point() -> None:
    [contact] = of_kind(only(website="https://www.voorbeeld.example"), FacetKind.CONTACT)
    assert contact.value(FOAF.homepage) == NamedNode("https://www.voorbeeld.example")


def test_the_same_facts_give_the_same_records() -> None:
    row = organisation(kbo="0207499826", address="Dorp 1, 9810 Nazareth", parent_ovo="OVO000002")
    once, twice = findings(organisations=[row]), findings(organisations=[row])
    assert [p.record.digest for p in proposals(once)] == [p.record.digest for p in proposals(twice)]


# --- life and status -------------------------------------------------------------------------


def test_dates_make_a_life() -> None:
    record = only(valid_from="2006-01-01", valid_to="2014-06-30", status="niet actief")
    assert life(record) == Period(date(2006, 1, 1), date(2014, 6, 30))
    assert not of_kind(record, FacetKind.STATUS)


@pytest.mark.parametrize(
    ("text", "code"),
    [("niet actief", "nietactief"), ("in oprichting", "inoprichting"), ("actief", "actief"),
     ("", "actief")],
)  # fmt: skip
def test_a_status_without_dates_is_stated(text: str, code: str) -> None:
    assert status(only(status=text), TODAY).value == concept_iri("organisatiestatus", code)


def test_not_active_since_nobody_knows_when_is_noted() -> None:
    assert said(status="niet actief") == [("Note", "einde-onbekend")]


def test_a_missing_status_is_counted_and_none_is_made_up() -> None:
    found = findings(organisations=[organisation(), organisation("OVO000002", "Gemeente Ander")])
    [note] = [each for each in found if isinstance(each, Note)]
    assert (note.reason.code, note.value, note.line) == ("status-ontbreekt", "2", 0)
    assert not any(of_kind(p.record, FacetKind.STATUS) for p in proposals(found))


def test_a_start_after_the_end_is_dropped() -> None:
    fields = {"valid_from": "2021-04-01", "valid_to": "2021-03-31"}
    assert life(only(**fields)) == Period(None, date(2021, 3, 31))
    assert said(**fields) == [("Mending", "begin-na-einde")]


# --- oddities --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"parent_ovo": "OVO000001"}, ("Mending", "eigen-ouder")),
        ({"parent_ovo": "OVO9"}, ("Refusal", "ovo-code-onleesbaar")),
        ({"parent_ovo": "OVO999999"}, ("Note", "ouder-onbekend")),
        ({"kbo": "0207499827"}, ("Refusal", "kbo-nummer-onleesbaar")),
        ({"name": "GEMEENTE VOORBEELD"}, ("Note", "naam-in-hoofdletters")),
        ({"name": "Kunst &amp; Erfgoed"}, ("Mending", "html-tekens")),
        ({"name": "Kunst  en Erfgoed"}, ("Mending", "witruimte")),
        ({"short_name": "NULL"}, ("Mending", "null-tekst")),
        ({"website": "www.voorbeeld.example"}, ("Mending", "website-zonder-schema")),
        ({"website": "https://geen adres"}, ("Refusal", "website-onleesbaar")),
        ({"website": "javascript://alert.example"}, ("Refusal", "website-onleesbaar")),
        ({"address": "België"}, ("Refusal", "adres-zonder-plaats")),
        ({"address": "Grote markt, 1800 Vilvoorde"}, ("Note", "adres-deels-gelezen")),
        ({"classification": "Ruimtevaartbedrijf"}, ("Refusal", "classificatie-onbekend")),
        ({"status": "slapend"}, ("Refusal", "status-onbekend")),
        ({"valid_from": "1/4/2021"}, ("Refusal", "datum-onleesbaar")),
        ({"nis": "1234"}, ("Refusal", "nis-code-onleesbaar")),
    ],
)
def test_an_oddity_is_told_and_the_organisation_is_kept(
    fields: dict[str, str], expected: tuple[str, str]
) -> None:
    assert said(**fields) == [expected]
    assert only(**fields).iri == OvoCode("OVO000001").iri


def test_an_own_parent_is_no_parent() -> None:
    assert not of_kind(only(parent_ovo="OVO000001"), FacetKind.PARENT)


def test_an_unknown_parent_stays_linked() -> None:
    assert of_kind(only(parent_ovo="OVO999999"), FacetKind.PARENT)


def test_a_website_without_a_scheme_gets_https() -> None:
    assert objects(only(website="www.voorbeeld.example"), FOAF.homepage) == {
        "https://www.voorbeeld.example"
    }


@pytest.mark.parametrize(
    ("code", "name", "reason"),
    [("OVO12", "Gemeente Voorbeeld", "ovo-code-onleesbaar"), ("OVO000001", "", "naam-ontbreekt")],
)
def test_a_row_without_code_or_name_is_refused(code: str, name: str, reason: str) -> None:
    found = findings(organisations=[organisation(code, name, status="actief")])
    assert not proposals(found)
    assert reasons(found) == [("Refusal", reason)]


def test_the_second_row_of_a_code_is_refused() -> None:
    found = findings(organisations=[organisation(status="actief"), organisation(name="Dubbel")])
    assert len(proposals(found)) == 1
    [refusal] = [each for each in found if isinstance(each, Refusal)]
    assert (refusal.line, refusal.reason.code) == (3, "ovo-code-tweemaal")


def test_an_enterprise_number_on_two_organisations_stays_on_both_and_is_noted_on_both() -> None:
    rows = [organisation(code, f"Gemeente {code}", kbo="0207499826", status="actief")
            for code in ("OVO000001", "OVO000002")]  # fmt: skip
    found = findings(organisations=rows)
    assert reasons(found) == [("Note", "kbo-nummer-gedeeld")] * 2
    assert all("0207499826" in objects(p.record, SKOS.notation) for p in proposals(found))


def test_a_mending_tells_before_and_after() -> None:
    found = findings(organisations=[organisation(kbo=DOTTED_KBO, status="actief")])
    [mending] = [each for each in found if isinstance(each, Mending)]
    assert (mending.file, mending.line, mending.field, mending.before, mending.after) == (
        "organisations.csv", 2, "kbo", DOTTED_KBO, "0207499826",
    )  # fmt: skip


# --- addresses -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "street", "number", "box", "postcode", "municipality"),
    [
        ("Dorp 1, 9810 Nazareth", "Dorp", "1", "", "9810", "Nazareth"),
        ("Markt 7A, 3080 Tervuren", "Markt", "7A", "", "3080", "Tervuren"),
        ("Kasteelstraat 1-3, 9960 Assenede", "Kasteelstraat", "1-3", "", "9960", "Assenede"),
        ("J.F. Kennedyplein 1 bus 2, 8370 Blankenberge", "J.F. Kennedyplein", "1", "2", "8370",
         "Blankenberge"),
        ("Grote markt, 1800 Vilvoorde", "Grote markt", "", "", "1800", "Vilvoorde"),
        ("Gemeenteplein_01 1, 1700 Dilbeek", "", "", "", "1700", "Dilbeek"),
        ("Havenlaan 88, Brussel", "", "", "", "", ""),
        ("België", "", "", "", "", ""),
    ],
)  # fmt: skip
def test_an_address_keeps_its_text_and_the_fields_that_are_certain(
    text: str, street: str, number: str, box: str, postcode: str, municipality: str
) -> None:
    found = parse_address(text)
    assert found.full == text
    assert (found.street, found.number, found.box) == (street, number, box)
    assert (found.postcode, found.municipality) == (postcode, municipality)


def test_an_address_is_the_primary_site() -> None:
    record = only(address="Dorp 1, 9810 Nazareth")
    assert len(of_kind(record, FacetKind.SITE)) == 1
    assert objects(record, LOCN.fullAddress) == {"Dorp 1, 9810 Nazareth"}
    assert objects(record, ADRES["Adresvoorstelling.huisnummer"]) == {"1"}


# --- NIS codes and territories ---------------------------------------------------------------

LINKS = (
    "OVO000001,Gemeente Voorbeeld,12345,,http://vocab.belgif.be/auth/refnis2025/12345,"
    "http://www.wikidata.org/entity/Q1,https://sws.geonames.org/1/,"
    "exactMatch:http://data.europa.eu/nuts/code/BE1|exactMatch:http://data.europa.eu/nuts/code/BE2"
)


def test_nis_codes_are_dated() -> None:
    [proposal] = proposals(
        findings(
            organisations=[organisation(nis="12346")],
            nis_codes=["12345,OVO000001,1977-01-01,2024-12-31", "12346,OVO000001,2025-01-01,"],
        )
    )
    codes = {
        facet.value(SKOS.notation): facet.period
        for facet in of_kind(proposal.record, FacetKind.IDENTIFIER)
    }
    assert codes[Literal("12345")] == Period(date(1977, 1, 1), date(2024, 12, 31))
    assert codes[Literal("12346")] == Period(date(2025, 1, 1))


def test_a_territory_has_its_links_and_the_plain_name() -> None:
    [proposal] = proposals(findings(organisations=[organisation()], municipality_links=[LINKS]))
    assert objects(proposal.record, SKOS.exactMatch) == {
        "http://vocab.belgif.be/auth/refnis2025/12345",
        "http://www.wikidata.org/entity/Q1",
        "https://sws.geonames.org/1/",
        "http://data.europa.eu/nuts/code/BE1",
        "http://data.europa.eu/nuts/code/BE2",
    }
    assert objects(proposal.record, BESLUIT.werkingsgebied) == objects(proposal.record, DCT.spatial)


def test_the_nis_code_of_an_ocmw_is_the_territory_of_its_municipality() -> None:
    found = findings(
        organisations=[organisation("OVO000002", OCMW, nis="12345", status="actief"),
                       organisation(nis="12345", status="actief")],
        nis_codes=["12345,OVO000001,,"],
        municipality_links=[LINKS],
    )  # fmt: skip
    ocmw = proposals(found)[0].record
    assert "12345" not in objects(ocmw, SKOS.notation)
    assert "http://vocab.belgif.be/auth/refnis2025/12345" in objects(ocmw, SKOS.exactMatch)
    assert reasons(found) == [("Mending", "nis-code-van-het-grondgebied")]


def test_rows_about_organisations_that_nobody_knows_are_refused() -> None:
    found = findings(
        nis_codes=["11297,OVO054266,2025-01-01,"],
        policy_domains=["OVO054266,Agentschap,Omgeving,editorial"],
    )
    assert reasons(found) == [("Refusal", "organisatie-onbekend")] * 2


# --- policy domains --------------------------------------------------------------------------


def test_an_editorial_policy_domain_says_so() -> None:
    [proposal] = proposals(
        findings(
            organisations=[organisation()],
            policy_domains=["OVO000001,Departement,Omgeving,editorial"],
        )
    )
    [facet] = of_kind(proposal.record, FacetKind.CLASSIFICATION)
    assert facet.value(REG.concept) == NamedNode(OMGEVING)
    assert facet.value(DCT.source) == NamedNode(concept_iri("Herkomst", "redactioneel"))


def test_a_policy_domain_that_is_in_no_list_is_taken_from_the_name_or_refused() -> None:
    rows = [organisation(status="actief")]
    by_name = ["OVO000001,Departement Omgeving,Leefmilieu,editorial"]
    assert reasons(findings(organisations=rows, policy_domains=by_name)) == [
        ("Mending", "beleidsdomein-uit-de-naam")
    ]
    unknown = ["OVO000001,Departement,Leefmilieu,editorial"]
    assert reasons(findings(organisations=rows, policy_domains=unknown)) == [
        ("Refusal", "classificatie-onbekend")
    ]


# --- mergers ---------------------------------------------------------------------------------

FOUR = [
    organisation(f"OVO00000{number}", f"Gemeente {number}", status=status_)
    for number, status_ in ((1, "niet actief"), (2, "niet actief"), (3, "actief"), (4, "actief"))
]


def test_what_merges_ends_the_day_before_and_what_is_new_begins_that_day() -> None:
    found = findings(organisations=FOUR, changes=["2025-01-01,fusie,OVO000001|OVO000002,OVO000003"])
    records = {p.record.iri[-1]: p.record for p in proposals(found) if "OVO" in p.record.iri}
    assert life(records["1"]) == life(records["2"]) == Period(None, date(2024, 12, 31))
    assert life(records["3"]) == Period(date(2025, 1, 1))
    assert life(records["4"]).is_open
    assert not of_kind(records["1"], FacetKind.STATUS), "the end says it"


def test_a_merger_leads_from_its_originals_to_its_result() -> None:
    found = findings(organisations=FOUR, changes=["2025-01-01,fusie,OVO000001|OVO000002,OVO000003"])
    [event] = [p.record for p in proposals(found) if is_change_event(p.record)]
    assert objects(event, ORG.originalOrganization) == {
        OvoCode("OVO000001").iri, OvoCode("OVO000002").iri,
    }  # fmt: skip
    followed = {
        (t.subject.value[-1], t.object.value[-1])  # type: ignore[union-attr]
        for t in shortcuts(event, TODAY)
        if t.predicate == DCT.isReplacedBy
    }
    assert followed == {("1", "3"), ("2", "3")}


@pytest.mark.parametrize(
    ("change", "nis"),
    [
        ("2025-01-01,fusie,OVO000001,OVO000003", []),
        ("2025-01-01,fusie,OVO000001|OVO000002,OVO000003", ["12345,OVO000003,1977-01-01,"]),
        ("2025-01-01,fusie,OVO000001|OVO000003,OVO000003", []),
    ],
)
def test_a_result_that_existed_before_is_an_original_too_and_goes_on(
    change: str, nis: list[str]
) -> None:
    found = findings(organisations=FOUR, changes=[change], nis_codes=nis)
    survivor = next(p.record for p in proposals(found) if p.record.iri.endswith("OVO000003"))
    [event] = [p.record for p in proposals(found) if is_change_event(p.record)]
    assert survivor.iri in objects(event, ORG.originalOrganization)
    assert survivor.iri in objects(event, ORG.resultingOrganization)
    assert life(survivor).is_open


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("2025-01-01,fusie,OVO000001|OVO9,OVO000003", "fusie-onleesbaar"),
        ("1 januari,fusie,OVO000001|OVO000002,OVO000003", "fusie-onleesbaar"),
        ("2025-01-01,splitsing,OVO000001,OVO000003", "fusie-onleesbaar"),
        ("2025-01-01,fusie,OVO000004|OVO777777,OVO000003", "organisatie-onbekend"),
    ],
)
def test_a_merger_that_cannot_be_read_is_refused(change: str, reason: str) -> None:
    found = findings(organisations=FOUR, changes=[change])
    assert ("Refusal", reason) in reasons(found)
    assert not any(is_change_event(p.record) for p in proposals(found))
