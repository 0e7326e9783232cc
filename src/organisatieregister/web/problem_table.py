"""The table of problems: for every error its status, type and texts in Dutch and English.

The first table is about the errors of ``errors.py``, the second about those of HTTP itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from organisatieregister import errors

PROBLEMS_PATH = "/problemen/"

Texts = tuple[str, str]  # Dutch, English


@dataclass(frozen=True, slots=True)
class Problem:
    """A kind of problem; ``detail`` is filled in with the fields of the error."""

    status: int
    slug: str
    title: Texts
    detail: Texts

    @property
    def type(self) -> str:
        """The path of the problem's explanation."""
        return PROBLEMS_PATH + self.slug


PROBLEMS: Mapping[type[errors.RegisterError], Problem] = MappingProxyType(
    {
        errors.MalformedIdentifier: Problem(
            400, "ongeldige-identificator",
            ("Ongeldige identificator", "Malformed identifier"),
            (
                "‘{text}’ is geen geldige identificator ({kind}). Een OVO-code is OVO gevolgd "
                "door zes cijfers.",
                "‘{text}’ is no valid {kind}: {rule}. An OVO code is OVO and six digits.",
            ),
        ),
        errors.MalformedPeriod: Problem(
            400, "ongeldige-datum",
            ("Ongeldige datum", "Malformed date"),
            (
                "Een datum is jaar-maand-dag, bijvoorbeeld 2018-06-30. ({reason_nl})",
                "A date is year-month-day, such as 2018-06-30. ({message})",
            ),
        ),
        errors.MalformedRecord: Problem(
            422, "ongeldig-record",
            ("Geen record in normaalvorm", "Not a record in normal form"),
            ("<{iri}>: {rule}.", "<{iri}>: {rule}."),
        ),
        errors.UnreadableSource: Problem(
            400, "onleesbare-bron",
            ("Onleesbare bron", "Unreadable source"),
            (
                "{source}, regel {line}, kolom {column}: {reason}",
                "{source}, line {line}, column {column}: {reason}",
            ),
        ),
        errors.QueryRefused: Problem(
            400, "vraag-geweigerd",
            ("De SPARQL-vraag wordt niet uitgevoerd", "The SPARQL query is not run"),
            ("{reason_nl}", "{message}"),
        ),
        errors.InputError: Problem(
            400, "ongeldige-invoer",
            ("Ongeldige invoer", "Bad input"),
            ("Dit kunnen we niet lezen: {reason_nl}", "This cannot be read: {message}"),
        ),
        errors.InvalidRecord: Problem(
            422, "regels-geschonden",
            ("Het record schendt een regel", "The record breaks a rule"),
            (
                "Er is niets gewijzigd. Het verslag zegt welke regel waar geschonden is.",
                "Nothing was changed. The report says which rule is broken and where.",
            ),
        ),
        errors.UnknownResource: Problem(
            404, "niet-gevonden",
            ("Niet gevonden", "Not found"),
            (
                "Het register kent <{iri}> niet.",
                "The register does not have <{iri}>.",
            ),
        ),
        errors.NotAcceptable: Problem(
            406, "geen-passende-voorstelling",
            ("Geen passende voorstelling", "No acceptable representation"),
            (
                "Niets van wat we hebben past bij ‘{accept}’. Mogelijk zijn: {choices}.",
                "Nothing that we have fits ‘{accept}’. Possible are: {choices}.",
            ),
        ),
        errors.FactsOverlap: Problem(
            409, "feiten-overlappen",
            ("Twee feiten overlappen", "Two facts overlap"),
            (
                "Op <{record}> zouden <{facet}> ({period}) en <{other}> ({other_period}) samen "
                "gelden, en dat kan niet.",
                "On <{record}> <{facet}> ({period}) and <{other}> ({other_period}) would both "
                "hold, and only one may.",
            ),
        ),
        errors.SelfRelation: Problem(
            409, "relatie-met-zichzelf",
            ("Een relatie met zichzelf", "A relation with itself"),
            (
                "<{record}> kan niet met zichzelf verbonden zijn.",
                "<{record}> cannot be related to itself.",
            ),
        ),
        errors.TreeCycle: Problem(
            409, "kring-in-de-boom",
            ("Een kring in de boom", "A circle in the tree"),
            (
                "<{record}> zou onder zichzelf komen te staan, door <{other}>.",
                "<{record}> would stand under itself, by <{other}>.",
            ),
        ),
        errors.OrganisationEnded: Problem(
            409, "organisatie-beeindigd",
            ("De organisatie is beëindigd", "The organisation has ended"),
            (
                "<{record}> bestond {period}. Heropenen of verbeteren kan nog.",
                "<{record}> lived {period}. It can still be reopened or corrected.",
            ),
        ),
        errors.ImpossibleDay: Problem(
            409, "onmogelijke-dag",
            ("Op die dag kan het niet", "Not possible on that day"),
            (
                "Wat op <{record}> gewijzigd wordt, geldt dan niet ({period}).",
                "What is changed on <{record}> does not hold then ({period}).",
            ),
        ),
        errors.OwnedElsewhere: Problem(
            409, "elders-beheerd",
            ("Dit wordt elders beheerd", "This is kept elsewhere"),
            (
                "<{facet}> van <{record}> wordt door de KBO beheerd, of is de OVO-code zelf.",
                "<{facet}> of <{record}> is kept by the KBO, or is the OVO code itself.",
            ),
        ),
        errors.NumberTaken: Problem(
            409, "nummer-in-gebruik",
            ("Dit nummer is in gebruik", "This number is taken"),
            (
                "<{other}> heeft dit nummer al.",
                "<{other}> has this number already.",
            ),
        ),
        errors.WrongParties: Problem(
            409, "verkeerde-partijen",
            ("De partijen kloppen niet", "The parties do not fit"),
            (
                "Voor deze gebeurtenis zijn het te weinig organisaties, twee keer dezelfde, of "
                "een feit dat er niet is. ({rule})",
                "For this event there are too few organisations, the same one twice, or a fact "
                "that is not there. ({rule})",
            ),
        ),
        errors.ChangeRefused: Problem(
            409, "wijziging-geweigerd",
            ("De wijziging kan niet", "The change is refused"),
            (
                "Een regel van het register laat dit niet toe: {message}",
                "A rule of the register forbids this: {message}",
            ),
        ),
        errors.NotAuthenticated: Problem(
            401, "niet-aangemeld",
            ("Niet aangemeld", "Not authenticated"),
            (
                "Wie hier wijzigt, meldt zich met een geldig token. ({rule})",
                "Who changes something here needs a valid token. ({rule})",
            ),
        ),
        errors.NotPermitted: Problem(
            403, "niet-toegelaten",
            ("Dit mag u niet", "You may not do this"),
            (
                "Uw rollen laten ‘{operation}’ niet toe op <{record}>. {facet}",
                "Your roles do not permit ‘{operation}’ on <{record}>. {facet}",
            ),
        ),
        errors.VersionConflict: Problem(
            409, "versieconflict",
            ("Intussen gewijzigd", "Changed meanwhile"),
            (
                "<{iri}> staat op versie {found}, niet op {expected}.",
                "<{iri}> is at version {found}, not at {expected}.",
            ),
        ),
        errors.CodesExhausted: Problem(
            503, "codes-op",
            ("Alle OVO-codes zijn uitgereikt", "All OVO codes have been issued"),
            ("Er is geen nieuwe code meer.", "There is no new code left."),
        ),
        errors.QueryTimeout: Problem(
            504, "vraag-duurt-te-lang",
            ("De vraag duurt te lang", "The query takes too long"),
            (
                "De vraag is na {seconds} seconden afgebroken. Maak ze kleiner, of gebruik een "
                "download van /dumps/.",
                "The query was stopped after {seconds} seconds. Make it smaller, or use a "
                "download from /dumps/.",
            ),
        ),
        errors.QueryTooLarge: Problem(
            413, "antwoord-te-groot",
            ("De vraag vraagt te veel", "The query asks too much"),
            (
                "De vraag heeft meer geheugen of een groter antwoord nodig dan mag. Beperk ze met "
                "LIMIT, of gebruik een download van /dumps/.",
                "The query needs more memory or a larger answer than is allowed. Limit it with "
                "LIMIT, or use a download from /dumps/.",
            ),
        ),
        errors.EndpointBusy: Problem(
            503, "te-druk",
            ("Even te druk", "Too busy just now"),
            (
                "Alle SPARQL-werkers zijn bezig. Probeer het over {retry_after} seconden opnieuw.",
                "All SPARQL workers are busy. Try again in {retry_after} seconds.",
            ),
        ),
        errors.NoDataYet: Problem(
            503, "nog-geen-gegevens",
            ("Nog geen gegevens om te bevragen", "No data to query yet"),
            (
                "Het register wordt nog gevuld. Probeer het over {retry_after} seconden opnieuw.",
                "The register is still being filled. Try again in {retry_after} seconds.",
            ),
        ),
        errors.QueryFailed: Problem(
            500, "vraag-mislukt",
            ("De vraag is mislukt", "The query failed"),
            (
                "De SPARQL-vraag is niet goed afgelopen: {message}",
                "The SPARQL query did not end well: {message}",
            ),
        ),
        errors.DataDirectoryFull: Problem(
            507, "schijf-vol",
            ("De schijf is vol", "The disk is full"),
            ("Er is niets weggeschreven.", "Nothing was written."),
        ),
        errors.StorageError: Problem(
            503, "opslag-niet-beschikbaar",
            ("De gegevens zijn even niet beschikbaar", "The data are not available just now"),
            (
                "Probeer het straks opnieuw. ({message})",
                "Try again later. ({message})",
            ),
        ),
        errors.RegisterError: Problem(
            500, "fout",
            ("Er ging iets mis", "Something went wrong"),
            ("{message}", "{message}"),
        ),
    }
)  # fmt: skip

HTTP_PROBLEMS: Mapping[int, Problem] = MappingProxyType(
    {
        problem.status: problem
        for problem in (
            Problem(
                400, "ongeldig-verzoek", ("Ongeldig verzoek", "Bad request"),
                ("{message}", "{message}"),
            ),
            Problem(
                404, "onbekend-pad", ("Niet gevonden", "Not found"),
                ("Op dit adres is er niets.", "There is nothing at this address."),
            ),
            Problem(
                405, "methode-niet-toegelaten", ("Methode niet toegelaten", "Method not allowed"),
                ("Mogelijk zijn: {allow}.", "Possible are: {allow}."),
            ),
            Problem(
                413, "verzoek-te-groot", ("Het verzoek is te groot", "The request is too large"),
                ("{message}", "{message}"),
            ),
            Problem(
                414, "adres-te-lang", ("Het adres is te lang", "The address is too long"),
                (
                    "Het adres met zijn parameters is langer dan {message} bytes.",
                    "The address with its parameters is longer than {message} bytes.",
                ),
            ),
            Problem(
                415, "mediatype-onbekend", ("Dit mediatype kennen we niet", "Unknown media type"),
                ("{message}", "{message}"),
            ),
            Problem(
                416, "bereik-onmogelijk", ("Dit bereik is er niet", "Range not satisfiable"),
                ("{message}", "{message}"),
            ),
            Problem(
                431, "kopregels-te-groot",
                ("De kopregels zijn te groot", "The header fields are too large"),
                (
                    "De kopregels van het verzoek zijn samen groter dan {message} bytes.",
                    "The header fields of the request are together larger than {message} bytes.",
                ),
            ),
            Problem(
                500, "interne-fout", ("Er ging iets mis", "Something went wrong"),
                (
                    "De fout staat in ons logboek onder het nummer van dit verzoek.",
                    "The error is in our log under the number of this request.",
                ),
            ),
        )
    }
)  # fmt: skip


def problem_by_slug(slug: str) -> Problem | None:
    """The kind of problem that is explained at a path, without the details of one case."""
    every = (*PROBLEMS.values(), *HTTP_PROBLEMS.values())
    return next((problem for problem in every if problem.slug == slug), None)
