"""The rulebook: what is checked, against what, and how the findings are told."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyshacl
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from rdflib import SH

from organisatieregister import facets
from organisatieregister.errors import MalformedIdentifier
from organisatieregister.identifiers import KboNumber, OvoCode
from organisatieregister.periods import Period
from organisatieregister.records import Record
from organisatieregister.rules import Report, Result, Rulebook, Severity
from organisatieregister.rules.engine import PyShaclEngine
from organisatieregister.vocabulary import DCT, ORG, RDF, ROV
from organisatieregister.vocabulary import SH as OUR_SH
from tests.examples import KBO, a_merger, an_organisation, kbo_number, kbo_numbers
from tests.shipped import EXAMPLES, known, neighbours, records, rulebook, shapes, shapes_text


def rules_broken(*checked: Record, around: tuple[Record, ...] = ()) -> list[str]:
    report = rulebook().check(checked, [*neighbours(checked), *around])
    return [result.name for result in report.results]


def with_kbo(code: str, number: str) -> Record:
    iri = OvoCode(code).iri
    types = [
        Triple(NamedNode(iri), RDF.type, klass)
        for klass in (ORG.FormalOrganization, ROV.RegisteredOrganization)
    ]
    return an_organisation(code, more=[*types, *facets.identifier(iri, KBO, number)])


A_RESULT = Result(
    severity=Severity.WARNING,
    focus="https://data.vlaanderen.be/id/organisatie/OVO000001",
    path="http://www.w3.org/ns/org#organization",
    value="https://data.vlaanderen.be/id/organisatie/OVO000002",
    shape="https://data.vlaanderen.be/ns/organisatieregister/shapes#een-regel",
    rule="Class",
    message_nl="Onbekend.",
    message_en="Unknown.",
    record="https://data.vlaanderen.be/id/organisatie/OVO000001",
)
WORSE = Result(
    Severity.VIOLATION, "urn:b", None, None, f"{A_RESULT.shape}2", "Closed", "Fout.", "Wrong.",
    "urn:b",
)  # fmt: skip


# --- reports ---------------------------------------------------------------------------------


def test_a_report_has_the_worst_first_and_nothing_twice() -> None:
    report = Report.of([A_RESULT, WORSE, A_RESULT])
    assert report.results == (WORSE, A_RESULT)
    assert report == Report.of([WORSE, A_RESULT])


def test_a_warning_does_not_stop_a_write() -> None:
    assert Report().conforms
    assert Report.of([A_RESULT]).conforms
    assert not Report.of([A_RESULT, WORSE]).conforms
    assert Report.of([A_RESULT, WORSE]).violations == (WORSE,)


def test_reports_merge() -> None:
    merged = Report.of([A_RESULT]).merge(Report.of([WORSE, A_RESULT]))
    assert merged == Report.of([WORSE, A_RESULT])


def test_a_report_reads_as_one_line_a_finding() -> None:
    assert str(Report()) == "conforms"
    assert str(Report.of([A_RESULT])) == (
        "warning: organisatie:OVO000001 org:organization"
        " = https://data.vlaanderen.be/id/organisatie/OVO000002: Onbekend. / Unknown. [een-regel]"
    )


def test_a_report_is_a_problem_document_member() -> None:
    [problem] = json.loads(json.dumps(Report.of([A_RESULT]).to_problem()))
    assert problem == {
        "severity": "warning",
        "record": A_RESULT.record,
        "focus": A_RESULT.focus,
        "path": A_RESULT.path,
        "value": A_RESULT.value,
        "shape": A_RESULT.shape,
        "rule": "Class",
        "message": {"nl": "Onbekend.", "en": "Unknown."},
    }


def test_a_report_in_rdf_is_a_shacl_report_without_blank_nodes() -> None:
    triples = Report.of([A_RESULT, WORSE]).to_triples()
    assert triples == Report.of([WORSE, A_RESULT]).to_triples()
    assert not any(isinstance(term, BlankNode) for t in triples for term in (t.subject, t.object))
    results = [t.object for t in triples if t.predicate == OUR_SH.result]
    assert len(results) == 2
    assert {t.object for t in triples if t.predicate == OUR_SH.sourceConstraintComponent} == {
        NamedNode(f"{OUR_SH.iri}ClassConstraintComponent"),
        NamedNode(f"{OUR_SH.iri}ClosedConstraintComponent"),
    }
    assert {t.object for t in triples if t.predicate == OUR_SH.conforms} == {Literal(False)}


def test_an_empty_report_in_rdf_conforms() -> None:
    triples = Report().to_triples()
    assert {t.object for t in triples if t.predicate == OUR_SH.conforms} == {Literal(True)}


@pytest.mark.parametrize("severity", Severity)
def test_a_severity_is_a_term_of_shacl(severity: Severity) -> None:
    assert Severity.of(severity.term) is severity


# --- records and their neighbours --------------------------------------------------------------


def test_an_organisation_with_a_name_conforms() -> None:
    assert rules_broken(an_organisation()) == []


def test_a_finding_tells_where_it_is() -> None:
    child = an_organisation("OVO000003", parent="OVO000002")
    [found] = rulebook().check([child], neighbours([child])).results
    assert found.record == child.iri
    assert found.focus in child.parts
    assert found.path == ORG.organization.value
    assert found.value == OvoCode("OVO000002").iri
    assert found.severity is Severity.WARNING
    assert found.message_nl
    assert found.message_en


def test_a_longer_path_is_told_as_a_property_path() -> None:
    nameless = an_organisation(
        more=[Triple(NamedNode(OvoCode.of(1).iri), RDF.type, ROV.RegisteredOrganization)]
    )
    paths = {result.path for result in rulebook().check([nameless], neighbours([nameless])).results}
    assert (
        "<https://data.vlaanderen.be/ns/organisatieregister#facet> / <http://purl.org/dc/terms/type>"
        in paths
    )


def test_a_parent_is_known_when_it_is_a_neighbour_or_checked_along() -> None:
    parent, child = an_organisation("OVO000002"), an_organisation("OVO000003", parent="OVO000002")
    assert rules_broken(child) == ["lidmaatschap-organisatie-bekend"]
    assert rules_broken(child, around=(parent,)) == []
    assert rules_broken(child, parent) == []


def test_neighbours_are_not_validated_themselves() -> None:
    nameless = an_organisation("OVO000002", name="")
    child = an_organisation("OVO000003", parent="OVO000002")
    assert rules_broken(child, around=(nameless,)) == []
    assert rules_broken(nameless) == ["organisatie-voorkeursnaam"]


def test_the_rulebook_asks_for_parents_and_concepts_but_not_for_outward_links() -> None:
    iri = OvoCode("OVO000003").iri
    link = Triple(NamedNode(iri), DCT.source, NamedNode("https://github.com/lblod/x"))
    child = an_organisation("OVO000003", parent="OVO000002", more=[link])
    asked = rulebook().neighbours_of(child)
    assert OvoCode("OVO000002").iri in asked
    assert "https://data.vlaanderen.be/id/concept/Benamingtype/voorkeursnaam" in asked
    assert "https://github.com/lblod/x" not in asked
    assert not asked & set(child.by_subject)


def test_the_rulebook_asks_for_the_organisations_of_an_event() -> None:
    merger = a_merger("2025-01-01", ["OVO000001", "OVO000002"], "OVO000003")
    codes = ("OVO000001", "OVO000002", "OVO000003")
    assert rulebook().neighbours_of(merger) == {OvoCode(code).iri for code in codes}


def test_a_kbo_number_on_two_organisations_is_a_warning_on_both() -> None:
    number = kbo_number(2_075_001)
    one, other = with_kbo("OVO000001", number), with_kbo("OVO000002", number)
    assert rules_broken(one) == []
    assert rules_broken(one, other) == ["identificator-kbo-uniek"] * 2
    assert rules_broken(one, around=(other,)) == ["identificator-kbo-uniek"]


def test_an_organisation_may_have_a_kbo_number_in_two_periods() -> None:
    number = kbo_number(2_075_001)
    iri = OvoCode("OVO000001").iri
    before, after = Period.parse("", "2010-12-31"), Period.parse("2015-01-01")
    twice = facets.identifier(iri, KBO, number, before) + facets.identifier(iri, KBO, number, after)
    types = [
        Triple(NamedNode(iri), RDF.type, k)
        for k in (ORG.FormalOrganization, ROV.RegisteredOrganization)
    ]
    assert rules_broken(an_organisation("OVO000001", more=[*types, *twice])) == []


def _is_kbo_number(text: str) -> bool:
    try:
        KboNumber(text)
    except MalformedIdentifier:
        return False
    return True


digits = st.text("0123456789", min_size=9, max_size=11)


@given(digits | kbo_numbers | kbo_numbers.map(lambda n: n[:9] + str((int(n[9]) + 1) % 10)))
def test_the_shape_and_the_program_agree_on_kbo_numbers(text: str) -> None:
    broken = rules_broken(with_kbo("OVO000001", text))
    assert broken == ([] if _is_kbo_number(text) else ["identificator-kbo"])


# --- the engine --------------------------------------------------------------------------------

SAMPLE = [
    "facet-begint-na-einde.LessThanOrEquals", "begin-gelijk.Equals", "identificator-kbo.SPARQL",
    "kader-titel.UniqueLang", "lidmaatschap-rol-bekend.Or", "Persoon.Closed",
    "organisatie-een-naam-tegelijk.SPARQL", "organisatie-voorkeursnaam.SPARQL",
    "contactpunt-niet-leeg.MinCount",
]  # fmt: skip


@pytest.mark.parametrize("name", SAMPLE)
def test_it_finds_what_pyshacl_finds_when_called_as_its_manual_says(name: str) -> None:
    checked = records(EXAMPLES / "ongeldig" / f"{name}.ttl")
    around = neighbours(checked)
    data = rdflib.Graph()
    for record in (*checked, *around):
        data.parse(data=record.canonical, format="nt")
    _, plain, _ = pyshacl.validate(data, shacl_graph=shapes())
    own = {rdflib.URIRef(iri) for record in checked for iri in record.by_subject}
    expected = {
        (str(focus), str(plain.value(result, SH.sourceShape)), str(plain.value(result, SH.value)))
        for result, focus in plain.subject_objects(SH.focusNode)
        if focus in own
    }
    found = rulebook().check(checked, around).results
    assert {(r.focus, r.shape, str(r.value)) for r in found} == expected


def test_checking_leaves_the_rules_as_they_were() -> None:
    record = an_organisation("OVO000003", name="", parent="OVO000002")
    fresh = Rulebook(PyShaclEngine(shapes_text().encode()))
    first = fresh.check([record], neighbours([record]))
    for _ in range(3):
        assert fresh.check([record], neighbours([record])) == first
    assert {result.name for result in first.results} == {
        "organisatie-voorkeursnaam", "lidmaatschap-organisatie-bekend",
    }  # fmt: skip


def test_threads_that_check_at_once_get_their_own_findings() -> None:
    checked = [an_organisation(f"OVO{n:06d}", name="" if n % 2 else "Naam") for n in range(20)]

    def finding(record: Record) -> int:
        return len(rulebook().check([record], neighbours([record])).results)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(finding, checked)) == [n % 2 for n in range(20)]


def _cpu_seconds(count: int) -> float:
    checked = [with_kbo(f"OVO{n:06d}", kbo_number(2_000_000 + n)) for n in range(100, 100 + count)]
    around = neighbours(checked)
    start = time.process_time()
    assert not rulebook().check(checked, around).results
    return time.process_time() - start


def test_the_time_grows_with_the_records_and_not_faster() -> None:
    """A pattern that starts at all nodes of a type would make it grow with the square."""
    few = min(_cpu_seconds(60) for _ in range(2))
    assert _cpu_seconds(360) < 6 * few * 2


def test_one_record_is_checked_in_a_few_milliseconds() -> None:
    [record] = records(EXAMPLES / "geldig" / "organisatie.ttl")
    around = neighbours([record])
    start = time.process_time()
    for _ in range(10):
        rulebook().check([record], around)
    assert (time.process_time() - start) / 10 < 0.1  # measured: 0.02 for this one, 0.007 usual


def test_what_the_examples_know_is_in_one_record_each() -> None:
    assert len({record.iri for record in known().values()}) == len(
        list(Path(EXAMPLES.parents[1] / "ontology" / "codelijsten").glob("*.ttl"))
    ) + len(records(EXAMPLES / "omgeving.ttl"))
