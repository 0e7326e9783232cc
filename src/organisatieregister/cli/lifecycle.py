"""Commands that change organisations: their whole life, one operation a command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from organisatieregister.cli.exchange import read_files
from organisatieregister.cli.options import data_dir, progress_bar
from organisatieregister.errors import InvalidRecord, UnreadableSource
from organisatieregister.filling import fill_empty_views
from organisatieregister.identifiers import ORGANISATION, KboNumber, OvoCode
from organisatieregister.journal.lock import DataDirectoryLock
from organisatieregister.periods import Period, parse_day
from organisatieregister.register import Command, Done, Request, commands
from organisatieregister.register.commands import Newcomer, Result
from organisatieregister.settings import Settings
from organisatieregister.wiring import open_journal, open_lifecycle, open_views, projector, today

Wrapped = TypeVar("Wrapped", bound=Callable[..., Any])


@dataclass(frozen=True)
class Terms:
    """The options that every operation has."""

    data_dir: Path | None
    on: str
    reason: str
    source: str
    dry_run: bool

    @property
    def day(self) -> date:
        """``--on``; today when it is not given. Raises MalformedPeriod."""
        return parse_day(self.on) or today()


def terms(function: Wrapped) -> Wrapped:
    """``--on``, ``--reason``, ``--source``, ``--dry-run`` and ``--data-dir``, as one argument."""

    def gathered(
        data_dir: Path | None, on: str, reason: str, source: str, *, dry_run: bool, **rest: Any
    ) -> None:
        function(terms=Terms(data_dir, on, reason, source, dry_run), **rest)

    gathered.__doc__ = function.__doc__
    gathered.__name__ = function.__name__
    options = (
        click.option("--on", default="", metavar="DATE", help="First day (default: today)."),
        click.option("--reason", default="", help="Why; kept in the journal."),
        click.option("--source", default="", help="On what ground; kept in the journal."),
        click.option("--dry-run", is_flag=True, help="Check everything, write nothing."),
    )
    command: Any = data_dir(gathered)
    for option in reversed(options):
        command = option(command)
    return command  # type: ignore[no-any-return]


code = click.argument("code")


@click.command()
@click.argument("name")
@click.option("--parent", default="", metavar="CODE", help="The organisation above it.")
@click.option("--kbo", default="", help="Its KBO number.")
@click.option("--private", is_flag=True, help="It is no public organisation.")
@terms
def register(terms: Terms, name: str, parent: str, kbo: str, private: bool) -> None:
    """Register a new organisation; it gets the next OVO code.

    \b
    Example: ovo register "Gemeente Nieuwdorp" --parent OVO000230 --on 2027-01-01
    """
    newcomer = Newcomer(
        name, iri_of(parent) if parent else "", KboNumber.parse(kbo) if kbo else None, not private
    )
    carry_out(commands.register(newcomer, Period(terms.day)), terms)


@click.command()
@code
@click.argument("name")
@click.option("--kind", default="voorkeursnaam", show_default=True, help="Code of Benamingtype.")
@click.option("--language", default="nl", show_default=True)
@terms
def rename(terms: Terms, code: str, name: str, kind: str, language: str) -> None:
    """Give an organisation another name from a day on; the old one stays, dated.

    \b
    Example: ovo rename OVO002188 "Gemeente Nazareth" --on 2027-01-01 --reason "gemeenteraad"
    """
    carry_out(commands.rename(iri_of(code), name, terms.day, kind=kind, language=language), terms)


@click.command()
@code
@click.argument("parent")
@click.option("--framework", default="", metavar="IRI", help="In the tree of this framework.")
@terms
def move(terms: Terms, code: str, parent: str, framework: str) -> None:
    """Put an organisation under another; `-` is none: it comes to stand on top.

    \b
    Example: ovo move OVO002188 OVO000230 --on 2027-01-01
    """
    above = "" if parent == "-" else iri_of(parent)
    carry_out(commands.move(iri_of(code), above, terms.day, framework=framework), terms)


@click.command()
@click.argument("codes", nargs=-1, required=True)
@click.option("--into", required=True, metavar="CODE|NAME", help="Existing, or the name of a new.")
@click.option("--parent", default="", metavar="CODE", help="Above the new organisation.")
@terms
def merge(terms: Terms, codes: tuple[str, ...], into: str, parent: str) -> None:
    """Merge organisations into a new one, or into one that stays; children come along.

    \b
    Example: ovo merge OVO002188 OVO002041 --into "Gemeente Nazareth-De Pinte" --on 2025-01-01
             ovo merge OVO002132 --into OVO002083 --on 2025-01-01
    """
    originals = [iri_of(text) for text in codes]
    carry_out(commands.merge(originals, _party(into, parent), terms.day), terms)


@click.command()
@code
@click.option("--into", multiple=True, required=True, metavar="CODE|NAME", help="Two or more.")
@click.option("--parent", default="", metavar="CODE", help="Above the new organisations.")
@terms
def split(terms: Terms, code: str, into: tuple[str, ...], parent: str) -> None:
    """Split an organisation into two or more; it goes on itself when it is among them.

    \b
    Example: ovo split OVO000017 --into "Agentschap Oost" --into "Agentschap West" --on 2027-01-01
    """
    results = [Result(_party(text, parent)) for text in into]
    carry_out(commands.split(iri_of(code), results, terms.day), terms)


@click.command()
@code
@click.option("--by", required=True, metavar="CODE|NAME", help="Existing, or the name of a new.")
@click.option("--parent", default="", metavar="CODE", help="Above the new organisation.")
@terms
def replace(terms: Terms, code: str, by: str, parent: str) -> None:
    """Let another organisation take the place of one; children come along.

    \b
    Example: ovo replace OVO000017 --by "Agentschap Nieuw" --on 2027-01-01
    """
    carry_out(commands.replace(iri_of(code), _party(by, parent), terms.day), terms)


@click.command()
@code
@click.option("--ground", default="", metavar="IRI", help="The concept of the reason.")
@terms
def dissolve(terms: Terms, code: str, ground: str) -> None:
    """End an organisation without a successor, with an event that says so.

    \b
    Example: ovo dissolve OVO000017 --on 2027-01-01
    """
    carry_out(commands.dissolve(iri_of(code), terms.day, reason=ground), terms)


@click.command()
@code
@terms
def terminate(terms: Terms, code: str) -> None:
    """End an organisation: DATE is the first day on which it is no more.

    \b
    Example: ovo terminate OVO000017 --on 2027-01-01 --reason "decreet"
    """
    carry_out(commands.terminate(iri_of(code), terms.day), terms)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@terms
def correct(terms: Terms, file: Path) -> None:
    """Correct what was recorded wrongly: FILE holds the one record as it should have read.

    \b
    Example: ovo show OVO002188 --historiek > nazareth.ttl   # to look at
             ovo correct nazareth-verbeterd.ttl --reason "tikfout in de naam"
    """
    records = list(read_files([file]))
    if len(records) != 1:
        raise UnreadableSource(file.name, f"holds {len(records)} records; a correction is of one")
    carry_out(commands.correct(records[0]), terms)


@click.command()
@code
@click.argument("number")
@terms
def couple(terms: Terms, code: str, number: str) -> None:
    """Tie an organisation to its number in the KBO.

    \b
    Example: ovo couple OVO002188 0207.453.801 --on 2027-01-01
    """
    carry_out(commands.couple(iri_of(code), KboNumber.parse(number), terms.day), terms)


@click.command()
@code
@terms
def uncouple(terms: Terms, code: str) -> None:
    """Undo the tie of an organisation to the KBO from a day on.

    \b
    Example: ovo uncouple OVO002188 --on 2027-01-01
    """
    carry_out(commands.uncouple(iri_of(code), terms.day), terms)


def carry_out(command: Command, terms: Terms) -> None:
    """Do it, bring the views up to date, and tell what was done."""
    settings = Settings.read(data_dir=terms.data_dir)
    request = Request("ovo", terms.reason, terms.source, terms.dry_run)
    with DataDirectoryLock(settings.data_dir), open_journal(settings) as journal:
        with open_lifecycle(settings, journal) as lifecycle:
            done = lifecycle.do(command, request)
        if done.position:
            with progress_bar("afbeelden") as progress:
                fill_empty_views(settings, progress)
                with open_views(settings) as views:
                    projector(settings, journal, views).advance(today(), progress)
    _tell(done)


def _tell(done: Done) -> None:
    for notice in done.outcome.warnings:
        click.echo(f"warning: {notice.rule}: <{notice.facet}> {notice.period}", err=True)
    if not done.report.conforms:
        raise InvalidRecord(done.report)
    if done.report.results:
        click.echo(str(done.report), err=True)
    for record in done.outcome.records:
        click.echo(record.iri.removeprefix(ORGANISATION))
    what = done.outcome.what.value
    where = f"journal at position {done.position}" if done.position else "nothing was written"
    click.echo(f"{what}: {where}")


def iri_of(text: str) -> str:
    """The IRI of an organisation from any spelling of its code. Raises MalformedIdentifier."""
    return OvoCode.parse(text).iri


def _party(text: str, parent: str) -> str | Newcomer:
    """An organisation by its code, or a new one by its name."""
    if text.upper().startswith("OVO") and any(c.isdigit() for c in text):
        return iri_of(text)
    return Newcomer(text, iri_of(parent) if parent else "")
