"""Commands that bring data in and out: load, import, generate, dump."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from organisatieregister.cli.options import data_dir, progress_bar
from organisatieregister.errors import StorageError
from organisatieregister.filling import fill_empty_views
from organisatieregister.generate import generate as generate_records
from organisatieregister.generate import write as write_records
from organisatieregister.journal import Activity
from organisatieregister.journal.lock import DataDirectoryLock
from organisatieregister.records import Record
from organisatieregister.register import Loaded
from organisatieregister.settings import Settings, shipped
from organisatieregister.shipment import build, seal, shipped_words
from organisatieregister.sources.rdf import read_records
from organisatieregister.wiring import (
    dumper,
    now,
    open_journal,
    open_register,
    open_views,
    projector,
    rulebook,
    today,
)


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@data_dir
@click.option("--no-validate", is_flag=True, help="Skip the shapes (for data that passed them).")
@click.option("--reason", default="", help="Why; kept in the journal.")
def load(files: tuple[Path, ...], data_dir: Path | None, no_validate: bool, reason: str) -> None:
    """Load RDF files of our profile: Turtle, N-Triples, TriG, N-Quads, RDF/XML, JSON-LD.

    All of the files or nothing: a syntax error or a record that breaks a shape leaves the register
    as it was. Our terms and code lists come along when the register does not have them.

    \b
    Example: ovo load organisaties.ttl --data-dir var --reason "eerste vulling"
    """
    settings = Settings.read(data_dir=data_dir)
    with DataDirectoryLock(settings.data_dir), open_journal(settings) as journal:
        activity = Activity("laden", reason=reason, source=" ".join(file.name for file in files))
        with open_register(settings, journal) as register, progress_bar("laden") as progress:
            loaded = register.load(
                read_files(files),
                activity,
                now(),
                words=shipped_words(shipped("ontology")),
                validate=not no_validate,
                progress=progress,
            )
        with progress_bar("afbeelden") as progress:
            fill_empty_views(settings, progress)
            with open_views(settings) as views:
                projector(settings, journal, views).advance(today(), progress)
    click.echo(_summary(loaded))


@click.command("import")
@click.argument("source", type=click.Choice(["facts"]))
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--output", required=True, type=click.Path(file_okay=False, path_type=Path))
def import_facts(source: str, directory: Path, output: Path) -> None:
    """Turn a directory of CSV facts into the Turtle that ships, with a report of what was refused.

    \b
    Example: ovo import facts feiten/ --output data/
    """
    with progress_bar(f"import {source}"):
        summary = build(directory, output, rulebook())
    click.echo(str(summary))
    click.echo("now check and seal it: ovo seal")


@click.command("seal")
def seal_shipment() -> None:
    """Check all that ships (data, code lists) against the shapes, and renew data/MANIFEST.csv.

    While the manifest fits, a first start need not check what was checked here.

    \b
    Example: ovo seal
    """
    report = seal(shipped("ontology"), shipped("data"), shipped("shapes"), rulebook())
    click.echo(str(report))


@click.command()
@click.option("--organisations", type=click.IntRange(min=1, max=900_000), required=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
def generate(organisations: int, seed: int, output: Path) -> None:
    """Write a synthetic register of any size, the same for the same seed (.nt or .ttl).

    \b
    Example: ovo generate --organisations 50000 --seed 1 --output register.nt
    """
    suffix = output.suffix.removeprefix(".")
    if suffix not in {"nt", "ttl"}:
        raise click.BadParameter("must end in .nt or .ttl", param_hint="--output")
    with progress_bar("genereren", organisations) as progress, _whole(output) as file:

        def counted() -> Iterator[Record]:
            for record in generate_records(organisations, seed):
                progress("", 1)
                yield record

        write_records(counted(), file, suffix)


@contextmanager
def _whole(target: Path) -> Iterator[BinaryIO]:
    """A file that is there when it is complete, and not before. Raises StorageError."""
    new = target.with_name(f".{target.name}.new")
    try:
        with new.open("wb") as file:
            yield file
        new.replace(target)
    except OSError as error:
        raise StorageError.of(target, error) from error
    finally:
        new.unlink(missing_ok=True)


@click.command()
@data_dir
def dump(data_dir: Path | None) -> None:
    """Write today's dumps of the register: Turtle, N-Triples, CSV, checksums, index.

    \b
    Example: ovo dump --data-dir var
    """
    settings = Settings.read(data_dir=data_dir)
    with open_journal(settings, readonly=True) as journal:
        position = journal.position
        index = dumper(settings, journal, position).write(today(), position)
    for written in index.dumps[:1]:
        click.echo(f"{written.triples} triples, {written.organisations} organisations:")
        for file in written.files:
            click.echo(f"  {settings.dumps / written.folder / file.name}  {file.sha256}")


def read_files(files: Sequence[Path]) -> Iterator[Record]:
    """The records of the files, one after the other."""
    for file in files:
        with file.open("rb") as stream:
            yield from read_records(stream, file.name, file.suffix, file.stat().st_size)


def _summary(loaded: Loaded) -> str:
    if loaded.report.results:
        click.echo(str(loaded.report), err=True)
    return (
        f"{loaded.new} new, {loaded.changed} changed, {loaded.unchanged} unchanged; "
        f"journal at position {loaded.position}"
    )
