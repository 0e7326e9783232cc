"""The endpoint's description of itself (SPARQL 1.1 Service Description)."""

from __future__ import annotations

from pyoxigraph import QueryResultsFormat, RdfFormat, Triple, parse

from organisatieregister.endpoint.formats import GRAPHS, RESULTS

_JSON_LD = "http://www.w3.org/ns/formats/JSON-LD"  # pyoxigraph has the IRI of a page about it

_TEXT = """
@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

<> a sd:Service ;
  rdfs:label "SPARQL-dienst van het Organisatieregister"@nl ,
    "SPARQL endpoint of the Organisatieregister"@en ;
  sd:endpoint <> ;
  sd:supportedLanguage sd:SPARQL11Query ;
  sd:resultFormat %s ;
  sd:defaultDataset [
    a sd:Dataset ;
    sd:defaultGraph [
      a sd:Graph ;
      rdfs:label "De gepubliceerde organisaties, met al hun facetten"@nl ,
        "The published organisations with all their facets"@en ]
  ] .
"""


def describe(service: str) -> list[Triple]:
    """The description of the service at this IRI; ValueError when it is none."""
    formats = [
        *(getattr(QueryResultsFormat, name).iri for name in dict.fromkeys(RESULTS.values())),
        *(_JSON_LD if name == "JSON_LD" else getattr(RdfFormat, name).iri
          for name in dict.fromkeys(GRAPHS.values())),
    ]  # fmt: skip
    text = _TEXT % " , ".join(f"<{iri}>" for iri in formats)
    try:
        return [q.triple for q in parse(text, RdfFormat.TURTLE, base_iri=service)]
    except SyntaxError as error:
        raise ValueError(f"{service!r} is no IRI") from error
