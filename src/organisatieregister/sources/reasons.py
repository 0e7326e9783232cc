"""The rules by which the facts are refused, mended or noted, each stated once."""

from __future__ import annotations

from organisatieregister.sources import Reason

# --- refused ---------------------------------------------------------------------------------

BAD_OVO = Reason(
    "ovo-code-onleesbaar",
    "De OVO-code is ongeldig; de rij is geweigerd.",
    "The OVO code is malformed; the row was refused.",
)
OVO_TWICE = Reason(
    "ovo-code-tweemaal",
    "De OVO-code staat al op een eerdere rij; de rij is geweigerd.",
    "An earlier row has this OVO code; the row was refused.",
)
NO_NAME = Reason(
    "naam-ontbreekt",
    "De organisatie heeft geen naam; de rij is geweigerd.",
    "The organisation has no name; the row was refused.",
)
UNKNOWN_ORGANISATION = Reason(
    "organisatie-onbekend",
    "De organisatie staat niet in organisations.csv; de rij is geweigerd.",
    "The organisation is not in organisations.csv; the row was refused.",
)
BAD_KBO = Reason(
    "kbo-nummer-onleesbaar",
    "Het KBO-nummer is ongeldig (controlegetal of vorm); het is weggelaten.",
    "The KBO number is malformed (check digits or form); it was left out.",
)
BAD_NIS = Reason(
    "nis-code-onleesbaar",
    "Een NIS-code heeft vijf cijfers; ze is weggelaten.",
    "A NIS code has five digits; it was left out.",
)
BAD_DATE = Reason(
    "datum-onleesbaar",
    "Geen datum in de vorm jaar-maand-dag; ze is weggelaten.",
    "No date in the form year-month-day; it was left out.",
)
BAD_WEBSITE = Reason(
    "website-onleesbaar",
    "Geen bruikbaar webadres; het is weggelaten.",
    "No usable web address; it was left out.",
)
BAD_LINK = Reason(
    "verwijzing-onleesbaar",
    "Geen bruikbare IRI; de verwijzing is weggelaten.",
    "No usable IRI; the link was left out.",
)
EMPTY_ADDRESS = Reason(
    "adres-zonder-plaats",
    "Het adres noemt alleen een land; het is weggelaten.",
    "The address names nothing but a country; it was left out.",
)
NO_TERRITORY = Reason(
    "grondgebied-onbekend",
    "De NIS-code is die van een gemeente waarvan het grondgebied niet bekend is; ze is weggelaten.",
    "The NIS code is that of a municipality whose territory is not known; it was left out.",
)
UNKNOWN_CLASSIFICATION = Reason(
    "classificatie-onbekend",
    "Deze waarde staat in geen codelijst; ze is weggelaten.",
    "This value is in no code list; it was left out.",
)
UNKNOWN_STATUS = Reason(
    "status-onbekend",
    "Andere status dan actief, niet actief of in oprichting; hij is weggelaten.",
    "A status other than active, not active or being founded; it was left out.",
)
BAD_CHANGE = Reason(
    "fusie-onleesbaar",
    "Een fusie heeft een datum, een of meer oorspronkelijke organisaties en één resultaat.",
    "A merger has a date, one or more originals and one result; the row was refused.",
)
BROKEN_RECORD = Reason(
    "record-ongeldig",
    "Het record breekt een regel van het profiel; het is geweigerd.",
    "The record breaks a rule of the profile; it was refused.",
)

# --- mended ----------------------------------------------------------------------------------

ENTITIES = Reason(
    "html-tekens",
    "HTML-tekens (&amp;) zijn omgezet in gewone tekens.",
    "HTML entities (&amp;) were turned into plain characters.",
)
NULL_TEXT = Reason(
    "null-tekst",
    "NULL, N/A en dergelijke betekenen: leeg.",
    "NULL, N/A and the like mean: empty.",
)
WHITE_SPACE = Reason(
    "witruimte",
    "Dubbele spaties en regeleinden in een tekst zijn één spatie.",
    "Double spaces and line ends within a text are one space.",
)
KBO_SPELLING = Reason(
    "kbo-spelling",
    "Het KBO-nummer is in tien cijfers geschreven.",
    "The KBO number was written in ten digits.",
)
OWN_PARENT = Reason(
    "eigen-ouder",
    "Een organisatie kan niet haar eigen moederorganisatie zijn; de ouder is weggelaten.",
    "An organisation cannot be its own parent; the parent was dropped.",
)
START_AFTER_END = Reason(
    "begin-na-einde",
    "Het begin ligt na het einde; het begin is weggelaten.",
    "The start lies after the end; the start was dropped.",
)
NO_SCHEME = Reason(
    "website-zonder-schema",
    "Een webadres zonder schema krijgt https:// ervoor.",
    "A web address without a scheme gets https:// before it.",
)
TERRITORY_CODE = Reason(
    "nis-code-van-het-grondgebied",
    "De NIS-code is die van een gemeente; bij een andere organisatie is ze haar werkingsgebied, "
    "geen identificator.",
    "The NIS code is a municipality's; on another organisation it is its territory, "
    "not an identifier.",
)
END_BY_MERGER = Reason(
    "einde-door-fusie",
    "Wie in een fusie opgaat, eindigt de dag ervoor.",
    "What merges into another ends on the day before.",
)
START_BY_MERGER = Reason(
    "begin-door-fusie",
    "Wat uit een fusie ontstaat, begint op die dag.",
    "What a merger creates begins on that day.",
)
SURVIVOR = Reason(
    "opslorping",
    "Een resultaat dat al bestond, is ook een oorspronkelijke organisatie van de fusie.",
    "A result that existed before is also an original of the merger.",
)
DOMAIN_FROM_NAME = Reason(
    "beleidsdomein-uit-de-naam",
    "Het genoemde beleidsdomein staat in geen lijst, maar de naam van de organisatie bevat er "
    "precies één; dat is genomen.",
    "The policy domain is in no list, but the organisation's name holds just one; that was taken.",
)

# --- noted -----------------------------------------------------------------------------------

UNKNOWN_PARENT = Reason(
    "ouder-onbekend",
    "De moederorganisatie staat niet in het register; de verwijzing blijft.",
    "The parent is not in the register; the link stays.",
)
SHARED_KBO = Reason(
    "kbo-nummer-gedeeld",
    "Dit KBO-nummer staat op meer dan één organisatie; het blijft op beide.",
    "This KBO number stands on more than one organisation; it stays on each.",
)
CAPITALS = Reason(
    "naam-in-hoofdletters",
    "De naam staat in hoofdletters; ze is zo gebleven.",
    "The name is in capitals; it was kept.",
)
NO_STATUS = Reason(
    "status-ontbreekt",
    "Zoveel organisaties hebben in geen bron een status; er is er geen toegekend.",
    "So many organisations have a status in no source; none was assigned.",
)
NO_END = Reason(
    "einde-onbekend",
    "Niet actief, maar sinds wanneer is onbekend; de status staat er zonder datum.",
    "Not active, but since when is unknown; the status is stated without a date.",
)
PARTLY_READ = Reason(
    "adres-deels-gelezen",
    "Niet alle velden van het adres zijn zeker; de volledige tekst staat er.",
    "Not all fields of the address are certain; the full text is there.",
)
DISAGREES = Reason(
    "bronnen-verschillen",
    "Dit gegeven wijkt af van organisations.csv, dat is gevolgd.",
    "This value differs from organisations.csv, which was followed.",
)
