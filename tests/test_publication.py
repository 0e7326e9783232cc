"""What is published of a record: in the graph and as a document."""

from datetime import UTC, date, datetime

from hypothesis import given
from pyoxigraph import Literal, NamedNode, Triple

from organisatieregister import facets, places
from organisatieregister.identifiers import OvoCode, document_iri
from organisatieregister.periods import Period
from organisatieregister.publication import (
    document,
    labels,
    mentions,
    published,
    statements_about_others,
)
from organisatieregister.records import Record, text_of
from organisatieregister.vocabulary import DCT, FOAF, ORG, RDF, REG, SKOS
from tests.examples import a_merger, an_organisation, days, organisations

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
IRI = OvoCode("OVO000001").iri


@given(organisations(), days)
def test_the_graph_holds_all_facets_whatever_the_day(record: Record, on: date) -> None:
    assert record.triples <= published(record, on, NOW)


@given(organisations(), organisations())
def test_two_records_never_publish_the_same_triple(a: Record, b: Record) -> None:
    if a.iri != b.iri:
        assert not published(a, TODAY, NOW) & published(b, TODAY, NOW)


@given(organisations(), days)
def test_a_document_speaks_of_its_own_parts_and_of_itself_only(record: Record, on: date) -> None:
    about = {text_of(t.subject) for t in document(record, on, NOW)}
    assert about <= {*record.by_subject, document_iri(record.iri)}


def test_a_document_carries_its_metadata_and_what_others_say() -> None:
    record = an_organisation()
    said = Triple(record.subject, ORG.hasSubOrganization, NamedNode(OvoCode("OVO000009").iri))
    shown = document(record, TODAY, NOW, said_by_others=[said])
    node = NamedNode(document_iri(IRI))
    assert said in shown
    assert Triple(node, RDF.type, FOAF.Document) in shown
    assert Triple(node, FOAF.primaryTopic, record.subject) in shown
    assert {t.object for t in shown if t.predicate == DCT.license}


def test_the_history_is_shown_on_request() -> None:
    former = places.contact(IRI, email="oud@b.example", period=Period.parse("", "2000-12-31"))
    record = an_organisation(more=former)
    link = Triple(record.subject, REG.facet, facets.node_of(former))
    assert link not in document(record, TODAY, NOW)
    assert link in document(record, TODAY, NOW, historic=True)


def test_the_labels_of_an_organisation_and_of_concepts_are_for_others_to_show() -> None:
    assert {t.object for t in labels(an_organisation(name="Naam"), TODAY)} == {
        Literal("Naam", language="nl")
    }
    scheme, concept = NamedNode("https://x.example/s"), NamedNode("https://x.example/s/1")
    label = Triple(concept, SKOS.prefLabel, Literal("Eén", language="nl"))
    lists = Record.of(
        scheme.value,
        [
            Triple(scheme, RDF.type, SKOS.ConceptScheme),
            Triple(scheme, SKOS.hasTopConcept, concept),
            Triple(concept, RDF.type, SKOS.Concept),
            Triple(concept, SKOS.inScheme, scheme),
            label,
        ],
    )
    assert label in labels(lists, TODAY)


def test_a_document_mentions_what_its_links_lead_to() -> None:
    record = an_organisation(parent="OVO000002")
    found = mentions(document(record, TODAY, NOW), record)
    assert OvoCode("OVO000002").iri in found
    assert IRI not in found


def test_an_event_speaks_about_organisations_in_their_documents() -> None:
    event = a_merger("2025-01-01", ["OVO000001", "OVO000002"], "OVO000003")
    said = statements_about_others(event, TODAY)
    assert {text_of(t.subject) for t in said} == {
        OvoCode(code).iri for code in ("OVO000001", "OVO000002", "OVO000003")
    }
    assert said <= published(event, TODAY, NOW)
