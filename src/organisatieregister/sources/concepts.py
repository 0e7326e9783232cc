"""Code lists as the sources use them: by label, from ``codelists.csv``."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from organisatieregister.identifiers import concept_iri
from organisatieregister.sources.csv import Row

COLUMNS = ("topic", "iri", "label_nl")

# Labels that the sources use and no existing list has; ``ontology/codelijsten`` defines them.
OWN_CLASSIFICATIONS = (
    "Agentschap Facilitair Bedrijf",
    "Digitaal Vlaanderen",
    "Intercommunale",
    "Vereniging van Vlaamse Steden en Gemeenten",
    "Vlaamse overheid (VO-entiteit)",
)
LEVELS = {
    "lokale overheid": "Lokaal",
    "provinciale overheid": "Provinciaal",
    "vlaamse overheid": "Vlaams",
    "federale overheid": "Federaal",
    "europese overheid": "Europees",
    "derden": "Derden",
}


@dataclass(frozen=True, slots=True)
class CodeLists:
    """The IRI of a concept by its Dutch label, for each kind of classification."""

    classifications: Mapping[str, str]
    levels: Mapping[str, str]
    policy_domains: Mapping[str, str]

    @classmethod
    def read(cls, table: Iterable[Row]) -> CodeLists:
        """From the rows of ``codelists.csv``, by topic; of two equal labels the first counts."""
        topics: dict[str, dict[str, str]] = {}
        for row in table:
            topics.setdefault(row["topic"], {}).setdefault(row["label_nl"], row["iri"])
        own = {label: concept_iri("Organisatieclassificatie", slug(label)) for label in
               OWN_CLASSIFICATIONS}  # fmt: skip
        levels = topics.get("government level (IPDC UitvoerendBestuursniveau)", {})
        return cls(
            classifications=own | topics.get("administrative unit classification", {}),
            levels={text: levels[label] for text, label in LEVELS.items() if label in levels},
            policy_domains=topics.get("policy domain (Themis)", {}),
        )


def slug(label: str) -> str:
    """The code of a concept of ours: ``Overheid (VO-entiteit)`` → ``overheid-vo-entiteit``."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    words = "".join(letter if letter.isalnum() else " " for letter in plain).split()
    return "-".join(words)
