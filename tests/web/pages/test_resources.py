"""The pages of change events, code lists, persons, frameworks and our own terms."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from organisatieregister.identifiers import (
    BASE,
    ONTOLOGY,
    concept_iri,
    concept_scheme_iri,
    legal_framework_iri,
    part_iri,
)
from organisatieregister.records import Record
from organisatieregister.vocabulary import DCT, M8G, OWL, RDF, RDFS, SKOS
from tests.examples import a_merger
from tests.web.pages.examples import PEETERS, a_full_register, page_of, the_pages
from tests.web.pages.reading import read
from tests.web.register import MERGED, MODIFIED, NAZARETH, DocumentsInMemory

ABSORPTION = a_merger("2025-01-01", ["OVO002188", "OVO002144"], "OVO002188", label="Opslorping")


def test_a_merger_shows_who_merged_into_what_and_when() -> None:
    merger = a_merger("2025-01-01", ["OVO002188", "OVO002144"], "OVO053388")
    page = page_of(a_full_register(), merger.iri)
    assert page.headings[:3] == ["Fusie van gemeenten", "Voor", "Na"]
    assert "Fusie Fusie van gemeenten 1 januari 2025" in page.text
    before, after = page.text.index("Gemeente De Pinte"), page.text.index("Gemeente Nazareth-De")
    assert before < after
    assert page.link("Gemeente Nazareth-De Pinte") == MERGED.replace(f"{BASE}/id", "/doc")


def test_the_one_that_absorbs_another_continues_to_exist() -> None:
    page = page_of(a_full_register(ABSORPTION), ABSORPTION.iri)
    assert "Gemeente Nazareth OVO002188 blijft bestaan" in page.text
    assert "Gemeente De Pinte OVO002144 blijft bestaan" not in page.text


def test_an_event_without_a_result_says_so() -> None:
    end = Record.of(
        ABSORPTION.iri,
        [
            t
            for t in ABSORPTION.triples
            if "resulting" not in t.predicate.value and t.predicate != RDFS.label
        ],
    )
    page = page_of(a_full_register(end), end.iri)
    assert "Er is geen opvolger." in page.text
    assert page.one("h1").text == "Fusie"


def test_a_code_list_shows_its_concepts_in_both_languages_with_anchors() -> None:
    scheme, concept = concept_scheme_iri("Soort"), concept_iri("Soort", "b c")
    record = Record.of(
        scheme,
        [
            Triple(NamedNode(scheme), RDF.type, SKOS.ConceptScheme),
            Triple(NamedNode(scheme), SKOS.prefLabel, Literal("Soorten", language="nl")),
            *_concept(scheme, concept_iri("Soort", "10"), "10", "Tien", "Ten"),
            *_concept(scheme, concept_iri("Soort", "9"), "9", "Negen", "Nine"),
            *_concept(scheme, concept.replace(" ", "%20"), "", "Zonder", "Without"),
        ],
    )
    page = page_of(DocumentsInMemory([record]), scheme)
    assert "3 begrippen" in page.text
    assert [row["id"] for row in page.all("tr") if row.get("id")] == [
        "begrip-b-20c",
        "begrip-9",
        "begrip-10",
    ]
    assert "9 Negen Nine" in page.text
    english = page_of(DocumentsInMemory([record]), scheme, "en")
    assert "9 Nine Negen" in english.text
    assert (
        f"/doc/organisatie?classificatie={quote(concept_iri('Soort', '9'), safe='')}" in page.hrefs
    )


def _concept(scheme: str, iri: str, code: str, nl: str, en: str) -> list[Triple]:
    node = NamedNode(iri)
    return [
        Triple(NamedNode(scheme), SKOS.hasTopConcept, node),
        Triple(node, RDF.type, SKOS.Concept),
        Triple(node, SKOS.inScheme, NamedNode(scheme)),
        Triple(node, SKOS.prefLabel, Literal(nl, language="nl")),
        Triple(node, SKOS.prefLabel, Literal(en, language="en")),
        Triple(node, SKOS.notation, Literal(code)),
    ]


def test_a_list_about_facts_does_not_pretend_to_list_organisations() -> None:
    page = page_of(a_full_register(), concept_scheme_iri("Benamingtype"))
    assert "Voorkeursnaam" in page.text
    assert not [href for href in page.hrefs if "classificatie=" in href]


def test_a_code_list_with_an_http_iri_has_a_page_with_links_that_lead_to_it() -> None:
    scheme = "http://data.vlaanderen.be/id/conceptscheme/OrganisatieStatus"
    page = page_of(a_full_register(), scheme)
    assert page.link("Turtle") == f"/doc/extern.ttl?iri={quote(scheme, safe='')}"


def test_an_empty_code_list_says_so() -> None:
    scheme = concept_scheme_iri("Leeg")
    record = Record.of(scheme, [Triple(NamedNode(scheme), RDF.type, SKOS.ConceptScheme)])
    assert "Deze codelijst is leeg." in page_of(DocumentsInMemory([record]), scheme).text


def test_of_a_person_the_page_has_the_name_and_nothing_else() -> None:
    page = page_of(a_full_register(), PEETERS)
    assert page.one("h1").text == "An Peeters"
    assert "alleen de naam" in page.text


def test_a_legal_framework_shows_its_title_and_reference() -> None:
    iri = legal_framework_iri("fusiedecreet")
    node = NamedNode(iri)
    record = Record.of(
        iri,
        [
            Triple(node, RDF.type, M8G.ReferenceFramework),
            Triple(node, DCT.title, Literal("Fusiedecreet", language="nl")),
            Triple(node, DCT.identifier, Literal("2024/1234")),
        ],
    )
    page = page_of(DocumentsInMemory([record]), iri)
    assert page.one("h1").text == "Fusiedecreet"
    assert "2024/1234" in page.text


def test_any_other_record_is_shown_as_its_statements() -> None:
    iri = f"{BASE}/id/wettelijk-kader/onbekend"
    part = NamedNode(part_iri(iri, "periode", "x"))
    record = Record.of(
        iri,
        [
            Triple(NamedNode(iri), RDF.type, OWL.Ontology),
            Triple(NamedNode(iri), DCT.source, NamedNode("https://example.org/bron")),
            Triple(NamedNode(iri), DCT.temporal, part),
            Triple(part, RDF.type, OWL.Class),
        ],
    )
    page = page_of(DocumentsInMemory([record]), iri)
    assert page.link("dct:source").endswith("/source")
    assert "https://example.org/bron" in page.hrefs


@pytest.mark.parametrize(("language", "label"), [("nl", "lidwoord"), ("en", "article")])
def test_our_own_terms_have_labels_comments_and_the_anchor_that_their_iris_need(
    language: str, label: str
) -> None:
    term, other = NamedNode(f"{ONTOLOGY}#lidwoord"), NamedNode(f"{ONTOLOGY}#Relatie")
    triples = frozenset(
        {
            Triple(NamedNode(ONTOLOGY), DCT.title, Literal("Vocabularium", language="nl")),
            Triple(term, RDF.type, OWL.DatatypeProperty),
            Triple(term, RDFS.label, Literal("lidwoord", language="nl")),
            Triple(term, RDFS.label, Literal("article", language="en")),
            Triple(term, RDFS.comment, Literal("De of het.", language="nl")),
            Triple(term, RDFS.domain, other),
            Triple(other, RDF.type, OWL.Class),
            Triple(other, RDFS.subClassOf, SKOS.Concept),
        }
    )
    html = the_pages().ontology(triples, modified=MODIFIED, language=language)
    page = read(html)
    assert page.one("article", id="lidwoord").text.split()[0] == label
    assert "De of het." in page.text
    assert page.link("reg:Relatie") == "#Relatie"
    assert page.link("skos:Concept").startswith("http://www.w3.org/")


def test_the_ontology_comes_the_same_way_when_it_is_a_record() -> None:
    page = page_of(a_full_register(), ONTOLOGY)
    assert page.one("article", id="lidwoord")
    assert NAZARETH not in page.html
