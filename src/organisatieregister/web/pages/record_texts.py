"""Every text of the pages about one record: Dutch, and English beside it."""

from __future__ import annotations

from types import MappingProxyType

_STATUS = {
    "status.active": ("Actief", "Active"),
    "status.ended": ("Beëindigd", "Ended"),
    "status.founding": ("In oprichting", "Being founded"),
    "status.inactive": ("Niet actief", "Not active"),
    "status.ended_on": (
        "Deze organisatie bestaat niet meer. Ze eindigde op {day}.",
        "This organisation no longer exists. It ended on {day}.",
    ),
    "status.founding_on": (
        "Deze organisatie is in oprichting. Ze begint op {day}.",
        "This organisation is being founded. It begins on {day}.",
    ),
    "status.inactive_since_unknown": (
        "Deze organisatie is niet actief. De einddatum is onbekend.",
        "This organisation is not active. The date on which it ended is unknown.",
    ),
    "status.will_end": ("Deze organisatie eindigt op {day}.", "This organisation ends on {day}."),
    "status.successor": ("Opvolger:", "Successor:"),
    "status.successors": ("Opvolgers:", "Successors:"),
    "status.last_day": ("Bekijk haar op de laatste dag", "See it on its last day"),
    "status.as_valid_on": (
        "U ziet deze organisatie zoals ze was op {day}.",
        "You see this organisation as it was on {day}.",
    ),
    "status.see_today": ("Bekijk de toestand van vandaag", "See how it is today"),
}

_ORGANISATION = {
    "organisation.codes": ("Codes", "Codes"),
    "organisation.contact": ("Contact", "Contact"),
    "organisation.no_contact": (
        "Het register kent geen adres of contactgegevens van deze organisatie.",
        "The register has no address or contact details of this organisation.",
    ),
    "organisation.address": ("Adres", "Address"),
    "organisation.map": ("Toon op de kaart", "Show on the map"),
    "organisation.website": ("Website", "Website"),
    "organisation.telephone": ("Telefoon", "Telephone"),
    "organisation.email": ("E-mail", "E-mail"),
    "organisation.place": ("Plaats in de overheid", "Place in government"),
    "organisation.parent": ("Onderdeel van", "Part of"),
    "organisation.children.one": ("{n} onderliggende organisatie", "{n} organisation below it"),
    "organisation.children.many": ("{n} onderliggende organisaties", "{n} organisations below it"),
    "organisation.more.one": ("Toon nog {n} organisatie", "Show {n} more organisation"),
    "organisation.more.many": ("Toon nog {n} organisaties", "Show {n} more organisations"),
    "organisation.as_list": ("Als lijst doorzoeken", "Search them as a list"),
    "organisation.related": ("Verwante organisaties", "Related organisations"),
    "organisation.leadership": ("Leiding", "Leadership"),
    "organisation.vacant": ("niemand bekend", "nobody known"),
    "organisation.description": ("Wat doet deze organisatie?", "What does it do?"),
    "organisation.classification": ("Soort organisatie", "Kind of organisation"),
    "organisation.changes": ("Ontstaan en opvolging", "Origin and succession"),
    "organisation.event": ("Gebeurtenis", "Event"),
    "organisation.predecessors": ("Ontstaan uit", "Continues"),
    "organisation.successors": ("Opgevolgd door", "Continued by"),
    "organisation.names": ("Namen", "Names"),
    "organisation.legal_name": ("Wettelijke naam", "Legal name"),
    "organisation.other_name": ("Ook bekend als", "Also known as"),
    "organisation.former_name": ("Vroegere naam", "Former name"),
    "organisation.full_name": ("Volledige naam", "Full name"),
    "organisation.territory": ("Werkingsgebied", "Territory"),
    "organisation.existence": ("Bestaat {period}.", "Exists {period}."),
    "organisation.existed": ("Bestond {period}.", "Existed {period}."),
    "organisation.dates_unknown": ("begindatum onbekend", "date of foundation unknown"),
    "organisation.source": ("bron", "source"),
    "organisation.not_here": ("niet in dit register", "not in this register"),
}

_FACTS = {
    "facts.title": ("Alle feiten, met hun periode", "All facts, with their periods"),
    "facts.fact": ("Feit", "Fact"),
    "facts.value": ("Waarde", "Value"),
    "facts.period": ("Periode", "Period"),
    "facts.undated": ("zonder datums", "undated"),
    "facts.past": ("niet geldig op deze dag", "not in force on this day"),
    "facts.scroll": (
        "Tabel met alle feiten; schuift opzij op een smal scherm",
        "Table of all facts; scrolls sideways on a narrow screen",
    ),
    "facts.benaming": ("Naam", "Name"),
    "facts.identificator": ("Identificator", "Identifier"),
    "facts.classificatie": ("Classificatie", "Classification"),
    "facts.moederorganisatie": ("Moederorganisatie", "Parent organisation"),
    "facts.relatie": ("Relatie", "Relation"),
    "facts.contactpunt": ("Contact", "Contact"),
    "facts.vestiging": ("Vestiging", "Site"),
    "facts.positie": ("Functie", "Post"),
    "facts.lidmaatschap": ("Lidmaatschap", "Membership"),
    "facts.statusvermelding": ("Status", "Status"),
    "facts.overig": ("Andere", "Other"),
}

_DATES = {
    "date.title": ("Op een andere dag", "On another day"),
    "date.day": ("Toestand op", "As it was on"),
    "date.historic": ("Toon ook feiten uit het verleden", "Show past facts too"),
    "date.button": ("Tonen", "Show"),
    "period.since": ("sinds {day}", "since {day}"),
    "period.until": ("tot en met {day}", "until {day}"),
}

_ABOUT = {
    "about.title": ("Gegevens over deze pagina", "About this page"),
    "about.data": ("Deze gegevens", "This data"),
    "about.formats": ("Download", "Download"),
    "about.iri": ("Permanent adres", "Permanent address"),
    "about.sparql": ("Bevraag met SPARQL", "Query with SPARQL"),
    "about.modified": ("Laatst gewijzigd", "Last modified"),
    "about.source": ("Bron van de gegevens", "Source of the data"),
    "about.citation": ("Zo verwijst u hiernaar", "How to cite"),
    "about.cite": (
        "Organisatieregister ({year}). {name}. {iri} (versie van {day}).",
        "Organisatieregister ({year}). {name}. {iri} (version of {day}).",
    ),
    "about.licence": ("Licentie", "Licence"),
}

_RECORDS = {
    "event.merger": ("Fusie", "Merger"),
    "event.split": ("Splitsing", "Split"),
    "event.replacement": ("Vervanging", "Replacement"),
    "event.dissolution": ("Stopzetting", "Dissolution"),
    "event.foundation": ("Oprichting", "Foundation"),
    "event.change": ("Verandering", "Change"),
    "event.before": ("Voor", "Before"),
    "event.after": ("Na", "After"),
    "event.survives": ("blijft bestaan", "continues to exist"),
    "event.nothing_before": ("Er was geen voorganger.", "There was no predecessor."),
    "event.nothing_after": ("Er is geen opvolger.", "There is no successor."),
    "event.reason": ("Reden", "Reason"),
    "event.framework": ("Juridische grond", "Legal ground"),
    "lineage.opvolgers": ("Opvolgers van {name}", "Successors of {name}"),
    "lineage.voorgangers": ("Voorgangers van {name}", "Predecessors of {name}"),
    "lineage.on": ("Toestand op {day}", "As it was on {day}"),
    "lineage.itself": (
        "De organisatie bestond op deze dag zelf.",
        "On this day the organisation itself existed.",
    ),
    "lineage.nobody_opvolgers": ("Er is geen opvolger.", "There is no successor."),
    "lineage.nobody_voorgangers": ("Er is geen voorganger.", "There is no predecessor."),
    "lineage.steps": ("Verloop", "What happened"),
    "scheme.kind": ("Codelijst", "Code list"),
    "scheme.count.one": ("{n} begrip", "{n} concept"),
    "scheme.count.many": ("{n} begrippen", "{n} concepts"),
    "scheme.code": ("Code", "Code"),
    "scheme.name": ("Naam", "Name"),
    "scheme.members": ("Organisaties", "Organisations"),
    "scheme.members_of": ("Organisaties met {name}", "Organisations with {name}"),
    "scheme.show": ("Toon", "Show"),
    "scheme.empty": ("Deze codelijst is leeg.", "This code list is empty."),
    "person.kind": ("Persoon", "Person"),
    "person.only_name": (
        "Het register houdt van een persoon alleen de naam bij, en welke functie die bekleedt.",
        "Of a person the register keeps only the name, and the post that the person holds.",
    ),
    "framework.kind": ("Juridisch kader", "Legal framework"),
    "framework.identifier": ("Kenmerk", "Reference"),
    "record.kind": ("Gegevens", "Data"),
    "ontology.title": ("Gegevensmodel", "Data model"),
    "ontology.intro": (
        "De eigen termen van het register. Voor al het andere gebruikt het bestaande vocabularia: "
        "OSLO-Organisatie, W3C ORG, RegORG, SKOS en schema.org.",
        "The register's own terms. For everything else it uses existing vocabularies: "
        "OSLO-Organisatie, W3C ORG, RegORG, SKOS and schema.org.",
    ),
    "ontology.contents": ("Op deze pagina", "On this page"),
    "ontology.classes": ("Klassen", "Classes"),
    "ontology.properties": ("Eigenschappen", "Properties"),
    "ontology.individuals": ("Andere termen", "Other terms"),
    "ontology.broader": ("Bijzonder geval van", "Special case of"),
    "ontology.domain": ("Van", "Of"),
    "ontology.range": ("Waarde", "Value"),
}

RECORD_TEXTS = MappingProxyType(_STATUS | _ORGANISATION | _FACTS | _DATES | _ABOUT | _RECORDS)
