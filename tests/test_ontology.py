"""The words are explained, the profile is complete, the code lists are whole."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import BlankNode
from rdflib import OWL, RDF, RDFS, SKOS, URIRef

from organisatieregister.identifiers import CONCEPT, CONCEPT_SCHEME, concept_iri
from tests.shipped import EXAMPLES, ONTOLOGY, graph, records, triples
from tests.words import PROFILE, REG, labels

OWN = graph([ONTOLOGY / "organisatieregister.ttl"])
PROFIEL = graph([ONTOLOGY / "profiel.ttl"])
LISTS = sorted((ONTOLOGY / "codelijsten").glob("*.ttl"))
VALID = graph(sorted((EXAMPLES / "geldig").glob("*.ttl")))


def members(name: str) -> set[URIRef]:
    found = set(PROFIEL.objects(URIRef(PROFILE + name), SKOS.member))
    assert found, name
    return found  # type: ignore[return-value]  # the profile lists IRIs


def own_terms() -> Iterable[URIRef]:
    return {t for t in OWN.subjects() if isinstance(t, URIRef) and t.startswith(REG)}


def test_every_term_of_ours_is_labelled_and_explained_in_two_languages() -> None:
    for term in own_terms():
        assert labels(OWN, term) == {"nl", "en"}, term
        assert labels(OWN, term, RDFS.comment) == {"nl", "en"}, term
        assert OWN.value(term, RDFS.isDefinedBy) == URIRef(REG.rstrip("#")), term


def test_every_property_of_ours_says_what_it_is_for() -> None:
    for kind in (OWL.ObjectProperty, OWL.DatatypeProperty):
        for term in OWN.subjects(RDF.type, kind):
            assert OWN.value(term, RDFS.domain), term
            assert OWN.value(term, RDFS.range), term


def test_the_ontology_says_what_it_is() -> None:
    ontology = OWN.value(None, RDF.type, OWL.Ontology)
    assert ontology == URIRef(REG.rstrip("#"))
    for predicate in (rdflib.DCTERMS.title, rdflib.DCTERMS.description):
        assert labels(OWN, ontology, predicate) == {"nl", "en"}
    assert OWN.value(ontology, rdflib.DCTERMS.license)
    assert OWN.value(ontology, OWL.versionInfo)


@pytest.mark.parametrize("name", ["klassen", "opgeslagen", "afgeleid", "afgeleidElders"])
def test_every_term_of_the_profile_has_a_usage_note_and_a_label(name: str) -> None:
    for term in members(name):
        assert labels(PROFIEL, term, SKOS.scopeNote) == {"nl", "en"}, term
        assert labels(PROFIEL + OWN, term) == {"nl", "en"}, term
        assert PROFIEL.value(term, RDFS.isDefinedBy), term


def test_a_property_of_the_profile_says_on_what_it_stands() -> None:
    includes = rdflib.SDO.domainIncludes
    classes = members("klassen")
    for term in members("opgeslagen") | members("afgeleid"):
        domains = set(PROFIEL.objects(term, includes))
        assert domains, term
        assert domains <= classes, term


def test_every_term_of_ours_is_in_the_profile() -> None:
    profile = members("klassen") | members("opgeslagen") | members("afgeleid")
    apart = {URIRef(f"{REG}Facet"), URIRef(f"{REG}moederorganisatie")}
    assert set(own_terms()) - apart <= profile


def test_records_hold_just_what_the_profile_has_and_show_all_of_it() -> None:
    """The profile has an example of each of its terms, and no record uses another term."""
    data = VALID + graph(LISTS)
    used = set(data.predicates()) - {RDF.type}
    assert used == members("opgeslagen")
    assert set(data.objects(None, RDF.type)) == members("klassen")


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_a_code_list_is_one_record(path: Path) -> None:
    [record] = records(path)
    assert set(record.triples) == set(triples(path))


@pytest.mark.parametrize("path", [*LISTS, ONTOLOGY / "organisatieregister.ttl"], ids=str)
def test_nothing_that_is_published_has_a_blank_node(path: Path) -> None:
    assert not any(isinstance(t.subject, BlankNode) for t in triples(path))


def test_concepts_of_our_own_lists_have_codes_definitions_and_english_labels() -> None:
    lists = graph(LISTS)
    schemes = {s for s in lists.subjects(RDF.type, SKOS.ConceptScheme) if _is_own(str(s))}
    assert len(schemes) == 9
    for scheme in schemes:
        assert labels(lists, scheme, SKOS.definition) == {"nl", "en"}
        for concept in lists.objects(scheme, SKOS.hasTopConcept):
            assert labels(lists, concept, SKOS.prefLabel) == {"nl", "en"}
            if str(concept).startswith(CONCEPT):
                code = str(concept).rpartition("/")[2]
                assert str(lists.value(concept, SKOS.notation)) == code
                assert labels(lists, concept, SKOS.definition) == {"nl", "en"}


def _is_own(scheme: str) -> bool:
    return scheme.startswith(CONCEPT_SCHEME) and not scheme.endswith("/v1")


@pytest.mark.parametrize(
    ("scheme", "codes"),
    [
        ("Benamingtype", "voorkeursnaam korte-naam alternatieve-naam wettelijke-naam"),
        ("Sleuteltype", "OVO KBO NIS INR Orafin Vlimpers"),
        ("Vestigingstype", "hoofdvestiging maatschappelijke-zetel vestiging"),
        ("organisatiestatus", "actief nietactief inoprichting"),
        ("Herkomst", "redactioneel afgeleid hersteld"),
    ],
)
def test_the_codes_that_the_program_knows_exist(scheme: str, codes: str) -> None:
    lists = graph([ONTOLOGY / "codelijsten" / f"{scheme}.ttl"])
    found = {str(concept) for concept in lists.subjects(RDF.type, SKOS.Concept)}
    assert found == {concept_iri(scheme, code) for code in codes.split()}


def test_every_type_of_relation_names_its_inverse() -> None:
    relations = graph([ONTOLOGY / "codelijsten" / "Relatietype.ttl"])
    inverse = URIRef(f"{REG}omgekeerde")
    for concept in relations.subjects(RDF.type, SKOS.Concept):
        other = relations.value(concept, inverse)
        assert other is not None
        assert relations.value(other, inverse) == concept
