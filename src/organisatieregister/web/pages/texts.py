"""Every text of the pages: Dutch, and English beside it.

Those of the pages about one record stand in ``record_texts.py``.
"""

from __future__ import annotations

from types import MappingProxyType

from organisatieregister.web.pages.record_texts import RECORD_TEXTS

_SITE = {
    "site.name": ("Organisatieregister", "Register of organisations"),
    "site.of": ("van de Vlaamse overheden", "of the Flemish authorities"),
    "site.skip": ("Naar de inhoud", "Skip to content"),
    "site.navigation": ("Hoofdnavigatie", "Main navigation"),
    "site.organisations": ("Organisaties", "Organisations"),
    "site.sparql": ("SPARQL", "SPARQL"),
    "site.dumps": ("Downloads", "Downloads"),
    "site.ontology": ("Gegevensmodel", "Data model"),
    "site.home": ("Startpagina", "Home"),
    "site.language": ("Nederlands", "English"),
    "site.you_are_here": ("U bent hier", "You are here"),
    "site.footer": (
        "Elke Vlaamse overheidsorganisatie heeft een OVO-code: één adres op het web dat blijft "
        "bestaan, ook wanneer de organisatie van naam verandert, verhuist of ophoudt.",
        "Every Flemish public organisation has an OVO code: one address on the web that remains, "
        "also when the organisation changes its name, moves or ends.",
    ),
    "site.for_people": ("Opzoeken", "Look up"),
    "site.for_programs": ("Voor programma's", "For programs"),
    "site.reuse": ("Hergebruik", "Reuse"),
    "site.licence": ("Modellicentie gratis hergebruik", "Free reuse licence"),
}

_SEARCH = {
    "search.label": ("Zoek een organisatie", "Find an organisation"),
    "search.hint": (
        "Naam, afkorting, vroegere naam, gemeente, OVO-code, KBO- of NIS-nummer",
        "Name, abbreviation, former name, municipality, OVO code, KBO or NIS number",
    ),
    "search.button": ("Zoeken", "Search"),
    "search.suggestions": ("Suggesties", "Suggestions"),
}

_HOME = {
    "home.title": (
        "Wie is wie bij de Vlaamse overheden",
        "Who is who in the Flemish public sector",
    ),
    "home.lead": (
        "Departementen, agentschappen, gemeenten, OCMW's, intercommunales en hun voorgangers: "
        "één register, met een blijvend adres voor elke organisatie.",
        "Departments, agencies, municipalities, social services, inter-municipal bodies and their "
        "predecessors: one register, with a lasting address for every organisation.",
    ),
    "home.try": ("Bijvoorbeeld", "For example"),
    "home.figures": ("Het register in cijfers", "The register in figures"),
    "home.active": ("actieve organisaties", "active organisations"),
    "home.ended": ("beëindigde organisaties", "organisations that ended"),
    "home.founding": ("in oprichting", "being founded"),
    "home.classificatie": ("Per soort", "By kind"),
    "home.levels": ("Per bestuursniveau", "By level of government"),
    "home.domains": ("Per beleidsdomein", "By policy domain"),
    "home.all": ("Alle organisaties", "All organisations"),
    "home.latest": ("Laatste wijzigingen", "Latest changes"),
    "home.organisation": ("Organisatie", "Organisation"),
    "home.no_latest": ("Er zijn nog geen wijzigingen.", "There are no changes yet."),
    "home.reuse": ("De gegevens gebruiken", "Use the data"),
    "home.uri": ("Een adres per organisatie", "An address for each organisation"),
    "home.uri_text": (
        "Open de OVO-code in een browser, of vraag haar op als Turtle, JSON-LD of JSON.",
        "Open the OVO code in a browser, or ask for it as Turtle, JSON-LD or JSON.",
    ),
    "home.sparql": ("Vragen stellen", "Ask questions"),
    "home.sparql_text": (
        "Bevraag het hele register met SPARQL, met voorbeelden om mee te beginnen.",
        "Query the whole register with SPARQL, with examples to start from.",
    ),
    "home.dumps": ("Alles downloaden", "Download everything"),
    "home.dumps_text": (
        "Het volledige register als Turtle, N-Triples of spreadsheet, elke dag vernieuwd.",
        "The complete register as Turtle, N-Triples or spreadsheet, renewed every day.",
    ),
    "home.ontology_text": (
        "De termen waarin het register spreekt, volgens OSLO, W3C ORG en CPOV.",
        "The terms in which the register speaks, following OSLO, W3C ORG and CPOV.",
    ),
}

_LIST = {
    "list.title": ("Organisaties", "Organisations"),
    "list.title_for": ("Organisaties voor “{q}”", "Organisations for “{q}”"),
    "list.count.one": ("{n} organisatie", "{n} organisation"),
    "list.count.many": ("{n} organisaties", "{n} organisations"),
    "list.filters": ("Verfijn", "Refine"),
    "list.order": ("Volgorde", "Order"),
    "list.by_relevantie": ("Relevantie", "Relevance"),
    "list.by_naam": ("Naam", "Name"),
    "list.by_code": ("OVO-code", "OVO code"),
    "list.beginning": ("Naar de eerste pagina", "To the first page"),
    "list.chosen": ("Gekozen filters", "Chosen filters"),
    "list.remove": ("Verwijder filter: {name}", "Remove filter: {name}"),
    "list.clear": ("Alles wissen", "Clear all"),
    "list.status": ("Status", "Status"),
    "list.classificatie": ("Soort", "Kind"),
    "list.levels": ("Bestuursniveau", "Level of government"),
    "list.domains": ("Beleidsdomein", "Policy domain"),
    "list.gemeente": ("Gemeente", "Municipality"),
    "list.ouder": ("Onderdeel van", "Part of"),
    "list.more": ("Toon meer", "Show more"),
    "list.former_name": ("Vroegere naam: ", "Former name: "),
    "list.ended_on": ("tot en met {day}", "until {day}"),
    "list.begins_on": ("vanaf {day}", "from {day}"),
    "list.empty": ("Geen organisatie gevonden", "No organisation found"),
    "list.empty_hint": (
        "Controleer de spelling, gebruik minder woorden of verwijder een filter. U kunt ook op "
        "een vroegere naam, een gemeente of een nummer zoeken.",
        "Check the spelling, use fewer words or remove a filter. You can also search for a former "
        "name, a municipality or a number.",
    ),
    "list.pages": ("Pagina's", "Pages"),
    "list.previous": ("Vorige", "Previous"),
    "list.next": ("Volgende", "Next"),
    "list.page_of": ("Pagina {page} van {pages}", "Page {page} of {pages}"),
    "list.as_data": ("Deze lijst als", "This list as"),
}

_DUMPS = {
    "dumps.title": ("Downloads", "Downloads"),
    "dumps.intro": (
        "Het volledige register in één bestand, elke dag vernieuwd. De adressen met “latest” "
        "leiden altijd naar het nieuwste.",
        "The complete register in one file, renewed every day. The addresses with “latest” always "
        "lead to the newest.",
    ),
    "dumps.of": ("Toestand van {day}", "As it was on {day}"),
    "dumps.holds": (
        "{organisations} organisaties, {triples} triples",
        "{organisations} organisations, {triples} triples",
    ),
    "dumps.earlier": ("Eerdere bestanden", "Earlier files"),
    "dumps.file": ("Bestand", "File"),
    "dumps.size": ("Grootte", "Size"),
    "dumps.sha256": ("SHA-256", "SHA-256"),
    "dumps.form_ttl": ("Turtle, ingepakt", "Turtle, compressed"),
    "dumps.form_nt": ("N-Triples, ingepakt", "N-Triples, compressed"),
    "dumps.form_csv": (
        "Spreadsheet (CSV), één rij per organisatie",
        "Spreadsheet (CSV), one row per organisation",
    ),
    "dumps.latest": ("Altijd het nieuwste", "Always the newest"),
    "dumps.none": (
        "Er is nog geen bestand. Kom over enkele minuten terug.",
        "There is no file yet. Come back in a few minutes.",
    ),
}

_SPARQL = {
    "sparql.title": ("SPARQL", "SPARQL"),
    "sparql.intro": (
        "Stel een vraag aan het hele register. De gebruikelijke prefixen hoeft u niet te "
        "declareren.",
        "Ask the whole register a question. You need not declare the usual prefixes.",
    ),
    "sparql.query": ("Vraag", "Query"),
    "sparql.format": ("Resultaat als", "Result as"),
    "sparql.run": ("Uitvoeren", "Run"),
    "sparql.examples": ("Voorbeelden", "Examples"),
    "sparql.use": ("Gebruik dit voorbeeld", "Use this example"),
    "sparql.error": ("De vraag is niet uitgevoerd", "The query was not run"),
    "sparql.automatic": ("Automatisch", "Automatic"),
    "sparql.place": ("Regel {line}, kolom {column}:", "Line {line}, column {column}:"),
    "sparql.result": ("Resultaat", "Result"),
    "sparql.true": ("Ja", "Yes"),
    "sparql.false": ("Nee", "No"),
    "sparql.rows.one": ("{n} rij", "{n} row"),
    "sparql.rows.many": ("{n} rijen", "{n} rows"),
    "sparql.cut": (
        "Enkel de eerste {n} rijen staan hier. Het hele resultaat staat in de bestanden hieronder.",
        "Only the first {n} rows are shown. The files below have the whole result.",
    ),
    "sparql.permanent": ("Vaste link naar deze vraag", "Permanent link to this query"),
    "sparql.subject": ("Onderwerp", "Subject"),
    "sparql.predicate": ("Eigenschap", "Predicate"),
    "sparql.object": ("Waarde", "Object"),
}

_PROBLEM = {
    "problem.status": ("Foutcode {status}", "Error {status}"),
    "problem.alternates": ("Wat er wel is", "What there is"),
    "problem.what_now": ("Wat nu?", "What now?"),
    "problem.home": ("Naar de startpagina", "To the home page"),
}

TEXTS = MappingProxyType(
    _SITE | _SEARCH | _HOME | _LIST | _DUMPS | _SPARQL | _PROBLEM | dict(RECORD_TEXTS)
)
