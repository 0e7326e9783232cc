"""A small set of facts in the six CSV files, to which a test adds what it is about."""

from __future__ import annotations

from organisatieregister.sources import Finding, Mending, Note, Proposal, Refusal
from organisatieregister.sources.facts import FILES, build_facts

GEMEENTE = (
    "http://data.vlaanderen.be/id/concept/BestuurseenheidClassificatieCode/5ab0e9b8a3b2ca7c5e000001"
)
OMGEVING = "http://themis.vlaanderen.be/id/beleidsdomein/5a0d6e96-061d-4d91-900d-173d138f79a4"
LOKAAL = "https://productencatalogus.data.vlaanderen.be/id/concept/UitvoerendBestuursniveau/Lokaal"
CODE_LISTS = (
    f"administrative unit classification,{GEMEENTE},Gemeente",
    f"policy domain (Themis),{OMGEVING},Omgeving",
    f"government level (IPDC UitvoerendBestuursniveau),{LOKAAL},Lokaal",
)


def files(**tables: list[str]) -> dict[str, list[bytes]]:
    """The six files; a keyword gives the rows of one, by its name without ``.csv``."""
    rows = {"codelists": list(CODE_LISTS)} | tables
    return {
        name: [f"{line}\n".encode() for line in (",".join(columns), *rows.get(name[:-4], ()))]
        for name, columns in FILES.items()
    }


def findings(**tables: list[str]) -> list[Finding]:
    return list(build_facts(files(**tables)))


def organisation(code: str = "OVO000001", name: str = "Gemeente Voorbeeld", **fields: str) -> str:
    """A row of organisations.csv; fields with commas are quoted."""
    values = {"ovo": code, "name_nl": name} | fields
    unknown = values.keys() - set(FILES["organisations.csv"])
    assert not unknown, unknown
    return ",".join(f'"{values.get(column, "")}"' for column in FILES["organisations.csv"])


def proposals(found: list[Finding]) -> list[Proposal]:
    return [each for each in found if isinstance(each, Proposal)]


def reasons(found: list[Finding]) -> list[tuple[str, str]]:
    """What was said, as pairs of the kind of finding and the code of the reason."""
    return [
        (type(each).__name__, each.reason.code)
        for each in found
        if isinstance(each, Refusal | Mending | Note)
    ]
