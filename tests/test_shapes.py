"""Every rule in ``shapes/`` has records that keep it and a record that breaks just that rule."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import rdflib
from rdflib import RDF, RDFS, SH, URIRef

from organisatieregister.rules import Report, Severity
from tests.shipped import EXAMPLES, ONTOLOGY, SHAPE, neighbours, records, rulebook, shapes

VALID = sorted((EXAMPLES / "geldig").glob("*.ttl"))
BROKEN = sorted((EXAMPLES / "ongeldig").glob("*.ttl"))
LISTS = sorted((ONTOLOGY / "codelijsten").glob("*.ttl"))

# The parameters of SHACL that only tell how another one is meant, or where or what a rule is.
NOT_CONSTRAINTS = {
    "path", "severity", "message", "property", "targetClass", "targetSubjectsOf",
    "targetObjectsOf", "qualifiedValueShape", "ignoredProperties",
}  # fmt: skip


def component(parameter: str) -> str:
    """``sh:minCount`` → ``MinCount``."""
    return "SPARQL" if parameter == "sparql" else parameter[0].upper() + parameter[1:]


def rules() -> set[URIRef]:
    return {shape for shape in shapes().subjects(SH.severity) if isinstance(shape, URIRef)}


def constraints() -> set[str]:
    """Each kind of constraint of each rule, as the examples are named: ``rule.Component``."""
    found = set()
    for rule in rules():
        for predicate in map(str, shapes().predicates(rule)):
            local = predicate.removeprefix(str(SH))
            if predicate.startswith(str(SH)) and local not in NOT_CONSTRAINTS:
                found.add(f"{rule.removeprefix(SHAPE)}.{component(local)}")
    return found


def report(path: Path) -> Report:
    checked = records(path)
    return rulebook().check(checked, neighbours(checked))


def expected(path: Path) -> list[tuple[str, str]]:
    """What the comments of a broken example say: the rule it breaks, and what breaks with it."""
    text = path.read_text()
    found = re.findall(r"^# breekt(?: ook)?: shape:(\S+) sh:(\w+)ConstraintComponent$", text, re.M)
    times = re.search(r"^# maal: (\d+)$", text, re.M)
    return sorted(found * (int(times[1]) if times else 1))


def test_every_constraint_has_a_record_that_breaks_it() -> None:
    assert {path.stem for path in BROKEN} == constraints()


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_record_breaks_just_that_rule(path: Path) -> None:
    found = report(path)
    assert sorted((result.name, result.rule) for result in found.results) == expected(path)
    rule, _, kind = path.stem.partition(".")
    assert (rule, kind) in expected(path)
    severity = shapes().value(URIRef(SHAPE + rule), SH.severity)
    assert {r.severity.term.value for r in found.results if r.name == rule} == {str(severity)}


@pytest.mark.parametrize("path", [*VALID, *LISTS], ids=lambda path: path.stem)
def test_a_valid_record_gives_no_result(path: Path) -> None:
    assert str(report(path)) == "conforms"


def test_the_surroundings_of_the_examples_are_valid() -> None:
    assert str(report(EXAMPLES / "omgeving.ttl")) == "conforms"


def test_every_rule_meets_a_valid_record_that_it_applies_to() -> None:
    data = rdflib.Graph()
    for path in VALID:
        data.parse(path, format="turtle")
    for rule in rules():
        holders = {rule, *shapes().subjects(SH.property, rule)}
        classes = {c for holder in holders for c in shapes().objects(holder, SH.targetClass)}
        subjects = {p for holder in holders for p in shapes().objects(holder, SH.targetSubjectsOf)}
        objects = {p for holder in holders for p in shapes().objects(holder, SH.targetObjectsOf)}
        assert classes | subjects | objects, f"{rule} applies nowhere"
        assert any((None, RDF.type, klass) in data for klass in classes) or any(
            (None, predicate, None) in data for predicate in subjects | objects
        ), f"no valid example has a node for {rule}"


def test_every_property_that_a_rule_looks_at_stands_in_a_valid_record() -> None:
    """But for what is forbidden: a rule on a property that nobody uses may be misspelt."""
    data = rdflib.Graph()
    for path in (*VALID, *LISTS):
        data.parse(path, format="turtle")
    forbidden = {r for r in rules() if (r, SH.maxCount, rdflib.Literal(0)) in shapes()}
    for rule in rules() - forbidden:
        path_node = shapes().value(rule, SH.path)
        if isinstance(path_node, URIRef):
            assert (None, path_node, None) in data, f"{rule}: {path_node}"


def test_every_rule_says_what_is_wrong_in_dutch_and_english() -> None:
    for rule in rules():
        languages = sorted(str(m.language) for m in shapes().objects(rule, SH.message))  # type: ignore[attr-defined]
        assert languages == ["en", "nl"], rule
        assert str(shapes().value(rule, SH.severity)).removeprefix(str(SH)) in {
            "Violation", "Warning", "Info",
        }  # fmt: skip


def test_every_shape_of_a_class_is_named_and_explained() -> None:
    for shape in shapes().subjects(RDF.type, SH.NodeShape):
        for predicate in (RDFS.label, RDFS.comment):
            languages = {str(o.language) for o in shapes().objects(shape, predicate)}  # type: ignore[attr-defined]
            assert languages == {"nl", "en"}, (shape, predicate)


def test_every_rule_and_shape_has_an_iri_of_ours_and_is_used() -> None:
    listed = set(shapes().objects(None, SH.property))
    for kind in (SH.NodeShape, SH.PropertyShape, SH.SPARQLConstraint):
        for shape in shapes().subjects(RDF.type, kind):
            assert str(shape).startswith(SHAPE)
            if kind == SH.PropertyShape:
                assert shape in listed, f"{shape} is in no class"
            if kind == SH.SPARQLConstraint:
                assert (None, SH.sparql, shape) in shapes(), f"{shape} asks nothing"


def test_the_severities_are_those_of_the_rulebook() -> None:
    assert {severity.term.value for severity in Severity} == {
        str(severity) for severity in shapes().objects(None, SH.severity)
    }


def test_the_derived_terms_are_those_of_the_profile() -> None:
    profile = rdflib.Graph().parse(ONTOLOGY / "profiel.ttl")
    namespace = "https://data.vlaanderen.be/ns/organisatieregister/profiel#"
    derived = set(profile.objects(URIRef(f"{namespace}afgeleid"), rdflib.SKOS.member))
    path = shapes().value(URIRef(f"{SHAPE}organisatie-afgeleid"), SH.path)
    alternatives = shapes().value(path, SH.alternativePath)
    assert alternatives is not None
    assert set(shapes().items(alternatives)) == derived
