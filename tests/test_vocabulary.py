"""Every term that we write exists in its vocabulary: a wrong IRI in a shape checks nothing."""

from __future__ import annotations

import pytest
import rdflib
from rdflib import RDF, SH, URIRef

from organisatieregister import vocabulary
from organisatieregister.identifiers import CONCEPT
from organisatieregister.vocabulary import Vocabulary
from tests.shipped import EXAMPLES, ONTOLOGY, ROOT, SHAPES, graph, shapes
from tests.words import exists, query_terms, wrong_terms

FILES = sorted([*ONTOLOGY.rglob("*.ttl"), *SHAPES.glob("*.ttl"), *EXAMPLES.rglob("*.ttl")])


@pytest.mark.parametrize("words", vocabulary.VOCABULARIES, ids=lambda words: words.prefix)
def test_every_term_of_the_program_exists(words: Vocabulary) -> None:
    missing = [words.iri + term for term in words if not exists(words.iri + term)]
    assert not missing, "verify these, then list them in ontology/termen/"


def test_every_term_in_ontology_shapes_and_examples_exists() -> None:
    assert len(FILES) > 250
    wrong: dict[str, set[str]] = {}
    for path in FILES:
        # The broken examples point to concepts that do not exist, on purpose.
        found = wrong_terms(graph([path]), with_concepts="ongeldig" not in path.parts)
        if found:
            wrong[str(path.relative_to(ROOT))] = found
    assert not wrong


def prefixes() -> str:
    declared = {
        str(shapes().value(node, SH.prefix)): str(shapes().value(node, SH.namespace))
        for node in shapes().objects(None, SH.declare)
    }
    return "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in declared.items())


def test_every_term_in_the_queries_of_the_shapes_exists() -> None:
    queries = list(shapes().objects(None, SH.select))
    assert queries
    for query in queries:
        terms = query_terms(prefixes() + str(query))
        assert terms
        data = rdflib.Graph()
        for term in terms:
            data.add((URIRef(term), RDF.value, URIRef(term)))
        assert not wrong_terms(data), query


WRONG = {
    "a class that does not exist": "[] a org:Organisation .",
    "a property that does not exist": "[] org:originalOrganisation <urn:x> .",
    "http for https": "[] <http://schema.org/email> 'a@b.be' .",
    "a namespace that nobody knows": "[] <https://example.org/ns#name> 'x' .",
    "a class as a property": "[] adres:Gemeentenaam 'Gent'@nl .",
    "a property under sh:path": "[] sh:path m8g:contactpoint .",
    "a class under sh:targetClass": "[] sh:targetClass locn:Adress .",
    "a term of ours that is not defined": "[] reg:facetten <urn:x> .",
    "a concept that is in no list": f"[] dct:type <{CONCEPT}Benamingtype/korteNaam> .",
    "a shape that is not there": "<urn:x> rdfs:seeAlso shape:benaming-text .",
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_term_is_found(text: str) -> None:
    spaces = dict(vocabulary.PREFIXES)
    spaces["shape"] = "https://data.vlaanderen.be/ns/organisatieregister/shapes#"
    header = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in spaces.items())
    data = rdflib.Graph().parse(data=header + text)
    assert len(wrong_terms(data)) == 1


def test_a_wrong_term_in_a_query_is_found() -> None:
    query = prefixes() + "SELECT $this WHERE { FILTER NOT EXISTS { $this org:memberOff ?x } }"
    assert query_terms(query) == {"http://www.w3.org/ns/org#memberOff"}
    assert not exists("http://www.w3.org/ns/org#memberOff")


def test_the_prefixes_of_files_are_those_of_the_program() -> None:
    """One namespace, one prefix, everywhere."""
    extra = {
        "shape": "https://data.vlaanderen.be/ns/organisatieregister/shapes#",
        "profiel": "https://data.vlaanderen.be/ns/organisatieregister/profiel#",
        "prof": "http://www.w3.org/ns/dx/prof/",
        "vann": "http://purl.org/vocab/vann/",
    }
    agreed = dict(vocabulary.PREFIXES) | extra
    for path in FILES:
        for line in path.read_text().splitlines():
            if line.startswith("@prefix"):
                _, prefix, iri, _ = line.split()
                assert agreed[prefix.rstrip(":")] == iri.strip("<>"), f"{path}: {line}"


def test_a_closed_namespace_raises_for_a_term_that_it_does_not_list() -> None:
    with pytest.raises(AttributeError):
        _ = vocabulary.ORG.Organisation
    with pytest.raises(KeyError):
        _ = vocabulary.ORG["Organisation"]


def test_an_iri_is_shortened_with_the_prefix_of_its_namespace() -> None:
    assert vocabulary.shorten("http://www.w3.org/ns/org#Site") == "org:Site"
    assert vocabulary.shorten("https://example.org/x") == "https://example.org/x"


def test_the_json_ld_context_reads_names_as_terms() -> None:
    context = vocabulary.json_ld_context()
    assert context["naam"] == {"@id": vocabulary.SKOS.prefLabel.value, "@language": "nl"}
    for name, reading in context.items():
        if isinstance(reading, dict):
            assert exists(reading["@id"]), name
