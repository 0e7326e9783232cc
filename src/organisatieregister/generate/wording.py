"""How each kind of generated organisation is called, classified and led."""

from __future__ import annotations

from organisatieregister.generate import names
from organisatieregister.generate.plan import HEADS, Kind, Planner, place_name
from organisatieregister.identifiers import concept_iri

_UNIT = "http://data.vlaanderen.be/id/concept/BestuurseenheidClassificatieCode/"
_LEVEL = "https://productencatalogus.data.vlaanderen.be/id/concept/UitvoerendBestuursniveau/"
_ROLE = "http://data.vlaanderen.be/id/concept/BestuursfunctieCode/"

_MAYOR = f"{_ROLE}5ab0e9b8a3b2ca7c5e000013"
_DIRECTOR = f"{_ROLE}39e08271-68db-4282-897f-5cba88c71862"
_SOCIAL_CHAIR = f"{_ROLE}5ab0e9b8a3b2ca7c5e00001a"
_LEADING_OFFICIAL = f"{_ROLE}855489b9-b584-4f34-90b2-39aea808cd9f"

ROLES = {
    Kind.MUNICIPALITY: (_MAYOR, _DIRECTOR),
    Kind.OCMW: (_SOCIAL_CHAIR, _DIRECTOR),
    Kind.COMPANY: (_DIRECTOR,),
    Kind.SCHOOL: (_DIRECTOR,),
    Kind.AGENCY: (_LEADING_OFFICIAL,),
    Kind.DEPARTMENT: (_LEADING_OFFICIAL,),
    Kind.DIVISION: (_LEADING_OFFICIAL,),
    Kind.POLICE: (_DIRECTOR,),
}
PRIVATE = frozenset({Kind.ASSOCIATION})
CLASSIFICATIONS = {
    Kind.PROVINCE: f"{_UNIT}5ab0e9b8a3b2ca7c5e000000",
    Kind.MUNICIPALITY: f"{_UNIT}5ab0e9b8a3b2ca7c5e000001",
    Kind.OCMW: f"{_UNIT}5ab0e9b8a3b2ca7c5e000002",
    Kind.COMPANY: f"{_UNIT}36a82ba0-7ff1-4697-a9dd-2e94df73b721",
    Kind.WORSHIP: f"{_UNIT}66ec74fd-8cfc-4e16-99c6-350b35012e86",
    Kind.WORSHIP_BOARD: f"{_UNIT}f9cac08a-13c1-49da-9bcb-f650b0604054",
    Kind.POLICE: f"{_UNIT}a3922c6d-425b-474f-9a02-ffb71a436bfc",
    Kind.AGENCY: concept_iri("Organisatieclassificatie", "vlaamse-overheid-vo-entiteit"),
    Kind.DEPARTMENT: concept_iri("Organisatieclassificatie", "vlaamse-overheid-vo-entiteit"),
}
_FLEMISH = frozenset({
    Kind.GOVERNMENT, Kind.DEPARTMENT, Kind.AGENCY, Kind.DIVISION, Kind.TEAM, Kind.SCHOOL_NETWORK,
})  # fmt: skip
LEVELS = {
    kind: _LEVEL
    + ("Vlaams" if kind in _FLEMISH else "Provinciaal" if kind is Kind.PROVINCE else
       "Derden" if kind in PRIVATE else "Lokaal")
    for kind in Kind
}  # fmt: skip
SHORT = {Kind.OCMW: "OCMW {place}", Kind.COMPANY: "AGB {place}", Kind.POLICE: "PZ {place}"}
PURPOSES = {
    Kind.GOVERNMENT: "De overheid van een verzonnen Vlaanderen.",
    Kind.PROVINCE: "Het provinciebestuur van {place}.",
    Kind.SCHOOL_NETWORK: "Richt scholen in over het hele land.",
    Kind.DEPARTMENT: "Bereidt het beleid voor en volgt de uitvoering op.",
    Kind.AGENCY: "Voert het beleid uit voor burgers, bedrijven en lokale besturen.",
    Kind.DIVISION: "Een afdeling met eigen opdrachten binnen het agentschap.",
    Kind.TEAM: "Een team van specialisten.",
    Kind.MUNICIPALITY: "Het gemeentebestuur van {place}: het loket voor alle inwoners.",
    Kind.OCMW: "Maatschappelijke dienstverlening in {place}.",
    Kind.COMPANY: "Beheert patrimonium en sportinfrastructuur in {place}.",
    Kind.SCHOOL: "Basisonderwijs voor kinderen van 2,5 tot 12 jaar in {place}.",
    Kind.WORSHIP_BOARD: "Coördineert de besturen van de eredienst in {place}.",
    Kind.WORSHIP: "Beheert de goederen van de parochie in {place}.",
    Kind.CULTURE: "Podiumkunsten, film en ontmoeting in {place}.",
    Kind.LIBRARY: "Boeken, kranten en een rustige plek in {place}.",
    Kind.ASSOCIATION: "Vereniging van vrijwilligers in {place}.",
    Kind.POLICE: "Lokale politie in {place} en omstreken.",
}

_FIELDS = (
    "Omgeving", "Landbouw", "Innovatie", "Mobiliteit", "Erfgoed", "Jeugd", "Sport", "Welzijn",
    "Zorg", "Wonen", "Onderwijs", "Werk", "Energie", "Natuur", "Financiën", "Toerisme", "Media",
)  # fmt: skip
_TASKS = (
    "Beleid", "Inspectie", "Subsidies", "Vergunningen", "Communicatie", "Juridische Zaken",
    "Data en Informatie", "Personeel", "Begroting", "Klantendienst", "Projecten", "Onderzoek",
)  # fmt: skip
_SCHOOL_NAMES = ("De Regenboog", "De Zonnebloem", "De Klimop", "Het Kompas", "De Wegwijzer",
                 "De Springplank", "De Vlieger", "Het Molentje")  # fmt: skip


_NAMES = {
    Kind.GOVERNMENT: "Overheid van Verzonnen Vlaanderen",
    Kind.PROVINCE: "Provincie {place}",
    Kind.SCHOOL_NETWORK: "Scholen van het Land",
    Kind.DEPARTMENT: "Departement {field} {unit}",
    Kind.AGENCY: "Agentschap {field} en {task} {place}",
    Kind.DIVISION: "Afdeling {task} {field} {unit}",
    Kind.TEAM: "Team {task} {field} {unit}",
    Kind.MUNICIPALITY: "{city} {place}",
    Kind.OCMW: "Openbaar Centrum voor Maatschappelijk Welzijn van {place}",
    Kind.COMPANY: "Autonoom Gemeentebedrijf {place}",
    Kind.SCHOOL: "Basisschool {school} {place} {unit}",
    Kind.WORSHIP_BOARD: "Centraal Kerkbestuur {place}",
    Kind.WORSHIP: "Kerkfabriek {saint} van {place} ({unit})",
    Kind.CULTURE: "Cultuurcentrum {place}",
    Kind.LIBRARY: "Bibliotheek {place}",
    Kind.ASSOCIATION: "Vrienden van {place} vzw",
    Kind.POLICE: "Politiezone {place}",
}


def name_of(planner: Planner, number: int, *, former: bool = False) -> str:
    """The preferred name, or the one that it had before a rename."""
    dice = planner.dice(number, 3 if former else 2)
    name = _NAMES[planner.kind(number)].format(
        place=place_name(planner, number),
        unit=(number - HEADS) % 20,
        city=dice.pick(("Gemeente", "Gemeente", "Stad")),
        field=dice.pick(_FIELDS),
        task=dice.pick(_TASKS),
        school=dice.pick(_SCHOOL_NAMES),
        saint=names.saint(dice),
    )
    return f"{name} (oude naam)" if former and name == name_of(planner, number) else name
