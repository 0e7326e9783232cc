"""The words: closed namespaces (a wrong term raises), the one prefix table, the JSON-LD context.

A namespace lists just the terms that this program uses. ``tests/test_vocabulary.py`` checks each
against the vocabulary itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

from pyoxigraph import NamedNode


class Vocabulary:
    """A closed namespace: ``ORG.Organization`` or ``ADRES["Adresvoorstelling.busnummer"]``.

    A term that is not listed raises AttributeError (or KeyError), so a typing error cannot mint
    an IRI that nobody defined.
    """

    def __init__(self, prefix: str, iri: str, terms: str) -> None:
        self.prefix = prefix
        self.iri = iri
        self._terms = MappingProxyType({term: NamedNode(iri + term) for term in terms.split()})
        self.__dict__.update(self._terms)  # found without __getattr__, which is six times slower

    def __getattr__(self, term: str) -> NamedNode:
        try:
            return self._terms[term]
        except KeyError:
            raise AttributeError(f"{self.prefix}:{term} is no term that we know") from None

    def __getitem__(self, term: str) -> NamedNode:
        return self._terms[term]

    def __iter__(self) -> Iterator[str]:
        return iter(self._terms)

    def __contains__(self, iri: object) -> bool:
        return iri in self._terms.values()


RDF = Vocabulary("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "type langString")
RDFS = Vocabulary(
    "rdfs",
    "http://www.w3.org/2000/01/rdf-schema#",
    "label comment seeAlso isDefinedBy subClassOf subPropertyOf domain range",
)
XSD = Vocabulary(
    "xsd",
    "http://www.w3.org/2001/XMLSchema#",
    "string date dateTime decimal integer nonNegativeInteger boolean anyURI time hexBinary",
)
OWL = Vocabulary(
    "owl",
    "http://www.w3.org/2002/07/owl#",
    "Ontology Class ObjectProperty DatatypeProperty versionInfo imports",
)
ORG = Vocabulary(
    "org",
    "http://www.w3.org/ns/org#",
    "Organization FormalOrganization OrganizationalUnit OrganizationalCollaboration ChangeEvent "
    "Site Post Membership Role "
    "subOrganizationOf hasSubOrganization classification identifier purpose linkedTo "
    "hasPrimarySite hasRegisteredSite hasSite siteOf siteAddress hasPost postIn heldBy holds role "
    "hasMembership member organization memberDuring memberOf hasMember hasUnit unitOf "
    "changedBy resultedFrom originalOrganization resultingOrganization",
)
ROV = Vocabulary(
    "rov",
    "http://www.w3.org/ns/regorg#",
    "RegisteredOrganization registration legalName orgStatus orgType orgActivity",
)
M8G = Vocabulary(
    "m8g",
    "http://data.europa.eu/m8g/",
    "PublicOrganisation FoundationEvent ReferenceFramework hasFormalFramework contactPoint",
)
VLORG = Vocabulary(
    "vlorg",
    "https://data.vlaanderen.be/ns/organisatie#",
    "Fusie Splitsing Stopzetting Vervanging redenStopzetting "
    "rechtsvorm rechtstoestand rechtspersoonlijkheid",
)
GENERIEK = Vocabulary(
    "generiek",
    "https://data.vlaanderen.be/ns/generiek#",
    "GestructureerdeIdentificator gestructureerdeIdentificator lokaleIdentificator naamruimte",
)
ADRES = Vocabulary(
    "adres",
    "https://data.vlaanderen.be/ns/adres#",
    "Adresvoorstelling.huisnummer Adresvoorstelling.busnummer gemeentenaam land",
)
BESLUIT = Vocabulary("besluit", "http://data.vlaanderen.be/ns/besluit#", "werkingsgebied")
ADMS = Vocabulary("adms", "http://www.w3.org/ns/adms#", "Identifier identifier schemaAgency status")
LOCN = Vocabulary(
    "locn",
    "http://www.w3.org/ns/locn#",
    "Address address fullAddress thoroughfare postCode postName locatorDesignator poBox",
)
SKOS = Vocabulary(
    "skos",
    "http://www.w3.org/2004/02/skos/core#",
    "Concept ConceptScheme inScheme hasTopConcept topConceptOf prefLabel altLabel hiddenLabel "
    "notation definition note example exactMatch closeMatch broader narrower scopeNote",
)
SKOSXL = Vocabulary(
    "skosxl",
    "http://www.w3.org/2008/05/skos-xl#",
    "Label literalForm prefLabel altLabel hiddenLabel",
)
SCHEMA = Vocabulary(
    "schema",
    "https://schema.org/",
    "ContactPoint contactPoint email telephone faxNumber contactType startDate endDate "
    "OpeningHoursSpecification hoursAvailable dayOfWeek opens closes",
)
FOAF = Vocabulary(
    "foaf", "http://xmlns.com/foaf/0.1/", "Document homepage name primaryTopic isPrimaryTopicOf"
)
PERSON = Vocabulary("person", "http://www.w3.org/ns/person#", "Person")
DCT = Vocabulary(
    "dct",
    "http://purl.org/dc/terms/",
    "Location identifier type description temporal creator issued source spatial license publisher "
    "modified isPartOf hasPart hasFormat isFormatOf format title date replaces isReplacedBy "
    "provenance created",
)
TIME = Vocabulary(
    "time",
    "http://www.w3.org/2006/time#",
    "ProperInterval Instant hasBeginning hasEnd inXSDDate",
)
PROV = Vocabulary(
    "prov",
    "http://www.w3.org/ns/prov#",
    "Activity generatedAtTime wasGeneratedBy wasDerivedFrom wasRevisionOf",
)
CPSV = Vocabulary("cpsv", "http://purl.org/vocab/cpsv#", "FormalFramework")
ELI = Vocabulary("eli", "http://data.europa.eu/eli/ontology#", "LegalResource")
DCAT = Vocabulary(
    "dcat",
    "http://www.w3.org/ns/dcat#",
    "Dataset Catalog Distribution DataService dataset distribution downloadURL mediaType byteSize "
    "compressFormat",
)
VOID = Vocabulary(
    "void",
    "http://rdfs.org/ns/void#",
    "Dataset sparqlEndpoint dataDump triples uriSpace vocabulary",
)
SPDX = Vocabulary(
    "spdx",
    "http://spdx.org/rdf/terms#",
    "Checksum checksum checksumValue algorithm checksumAlgorithm_sha256",
)
SH = Vocabulary(
    "sh",
    "http://www.w3.org/ns/shacl#",
    "ValidationReport ValidationResult conforms result focusNode resultPath resultMessage "
    "resultSeverity sourceShape sourceConstraintComponent value Violation Warning Info "
    "SPARQLExecutable select construct ask",
)
HYDRA = Vocabulary(
    "hydra",
    "http://www.w3.org/ns/hydra/core#",
    "Collection PartialCollectionView member totalItems view first previous next last",
)
REG = Vocabulary(
    "reg",
    "https://data.vlaanderen.be/ns/organisatieregister#",
    "facet korteNaam lidwoord Classificatie Relatie Statusvermelding concept meerdereTegelijk "
    "gerelateerdeOrganisatie moederorganisatie toepassingsgebied positie",
)

VOCABULARIES = (
    RDF, RDFS, XSD, OWL, ORG, ROV, M8G, VLORG, GENERIEK, ADRES, BESLUIT, ADMS, LOCN, SKOS, SKOSXL,
    SCHEMA, FOAF, PERSON, DCT, TIME, PROV, CPSV, ELI, DCAT, VOID, SPDX, SH, HYDRA, REG,
)  # fmt: skip

# A space of IRIs that is no vocabulary but abounds in the data.
_SPACES = {"organisatie": "https://data.vlaanderen.be/id/organisatie/"}

PREFIXES = MappingProxyType({v.prefix: v.iri for v in VOCABULARIES} | _SPACES)


# Names that a programmer meets in JSON, beside "id" and "type": term, and how its value is read.
_CONTEXT_TERMS: tuple[tuple[str, NamedNode, dict[str, Any]], ...] = (
    ("facet", REG.facet, {"@type": "@id", "@container": "@set"}),
    ("identifier", ADMS.identifier, {"@type": "@id", "@container": "@set"}),
    ("code", DCT.identifier, {}),
    ("naam", SKOS.prefLabel, {"@language": "nl"}),
    ("korteNaam", REG.korteNaam, {"@language": "nl"}),
    ("alternatieveNaam", SKOS.altLabel, {"@language": "nl", "@container": "@set"}),
    ("vroegereNaam", SKOS.hiddenLabel, {"@language": "nl", "@container": "@set"}),
    ("wettelijkeNaam", ROV.legalName, {"@language": "nl"}),
    ("status", ROV.orgStatus, {"@type": "@id"}),
    ("classificatie", ORG.classification, {"@type": "@id", "@container": "@set"}),
    ("moederorganisatie", ORG.subOrganizationOf, {"@type": "@id"}),
    ("dochterorganisatie", ORG.hasSubOrganization, {"@type": "@id", "@container": "@set"}),
    ("contactpunt", SCHEMA.contactPoint, {"@type": "@id", "@container": "@set"}),
    ("email", SCHEMA.email, {}),
    ("telefoon", SCHEMA.telephone, {}),
    ("website", FOAF.homepage, {"@type": "@id", "@container": "@set"}),
    ("vestiging", ORG.hasSite, {"@type": "@id", "@container": "@set"}),
    ("hoofdvestiging", ORG.hasPrimarySite, {"@type": "@id"}),
    ("maatschappelijkeZetel", ORG.hasRegisteredSite, {"@type": "@id"}),
    ("vestigingsadres", ORG.siteAddress, {"@type": "@id"}),
    ("adres", LOCN.address, {"@type": "@id"}),
    ("volledigAdres", LOCN.fullAddress, {"@language": "nl"}),
    ("straatnaam", LOCN.thoroughfare, {"@language": "nl"}),
    ("huisnummer", ADRES["Adresvoorstelling.huisnummer"], {}),
    ("busnummer", ADRES["Adresvoorstelling.busnummer"], {}),
    ("postcode", LOCN.postCode, {}),
    ("gemeentenaam", ADRES.gemeentenaam, {"@language": "nl"}),
    ("land", ADRES.land, {"@language": "nl"}),
    ("notatie", SKOS.notation, {}),
    ("soort", DCT.type, {"@type": "@id"}),
    ("concept", REG.concept, {"@type": "@id"}),
    ("positie", ORG.hasPost, {"@type": "@id", "@container": "@set"}),
    ("van", SCHEMA.startDate, {"@type": str(XSD.date.value)}),
    ("tot", SCHEMA.endDate, {"@type": str(XSD.date.value)}),
    ("vervangenDoor", DCT.isReplacedBy, {"@type": "@id", "@container": "@set"}),
    ("vervangt", DCT.replaces, {"@type": "@id", "@container": "@set"}),
    ("gewijzigdDoor", ORG.changedBy, {"@type": "@id", "@container": "@set"}),
    ("resultaatVan", ORG.resultedFrom, {"@type": "@id", "@container": "@set"}),
)  # fmt: skip


def json_ld_context() -> dict[str, Any]:
    """Our JSON-LD context: the prefixes, ``id``, ``type`` and the names for programmers."""
    context: dict[str, Any] = {"@version": 1.1, "id": "@id", "type": "@type"}
    context |= PREFIXES
    for name, term, reading in _CONTEXT_TERMS:
        context[name] = {"@id": term.value, **reading}
    return context


def shorten(iri: str) -> str:
    """``org:Organization`` for an IRI in a known namespace, else the IRI itself."""
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    for prefix, space in PREFIXES.items():
        if iri.startswith(space) and cut <= len(space) < len(iri):
            return f"{prefix}:{iri[len(space) :]}"
    return iri
