"""Commands that look and change nothing: show, query, validate, verify."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import click

from organisatieregister.cli.exchange import read_files
from organisatieregister.cli.options import data_dir, progress_bar
from organisatieregister.endpoint import Answer, Query
from organisatieregister.errors import (
    InputError,
    InvalidRecord,
    StorageError,
    UnknownResource,
    UnreadableSource,
)
from organisatieregister.identifiers import OvoCode
from organisatieregister.journal.signature import (
    SignedHead,
    Signer,
    check_history,
    check_signature,
    read_public_key,
)
from organisatieregister.periods import parse_day
from organisatieregister.representations import MEDIA_TYPES, serialise
from organisatieregister.rules import Report
from organisatieregister.settings import Settings
from organisatieregister.verification import verify_views
from organisatieregister.views.documents import DocumentsView
from organisatieregister.views.generations import current_generation, position_of
from organisatieregister.views.graph import triples_of
from organisatieregister.views.search import SearchView
from organisatieregister.wiring import endpoint, open_journal, open_register, today

_FORMATS = ("ttl", "nt", "jsonld", "rdf", "trig", "nq", "json")
_RESULTS = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
}


def check_views(settings: Settings) -> None:
    """Raise StorageError when there is no journal that this release reads, or no views of it."""
    if not settings.journal.exists():
        raise StorageError(f"{settings.data_dir} holds no register: load something, or serve")
    with open_journal(settings, readonly=True) as journal:
        if journal.position and current_generation(settings.views / "graph") is None:
            raise StorageError(f"{settings.data_dir} has a journal but no views yet: ovo rebuild")


@click.command()
@click.argument("code")
@data_dir
@click.option("--format", "suffix", type=click.Choice(_FORMATS), default="ttl", show_default=True)
@click.option("--op", "day", default="", help="The organisation as valid on this date.")
@click.option("--historiek", is_flag=True, help="All facets, not just those in force.")
def show(code: str, data_dir: Path | None, suffix: str, day: str, historiek: bool) -> None:
    """Show one organisation (an OVO code in any spelling) or another record (its IRI).

    \b
    Example: ovo show OVO002949
             ovo show ovo-002188 --op 2024-12-31 --format jsonld
    """
    settings = Settings.read(data_dir=data_dir)
    iri = code if "/id/" in code and "OVO" not in code.upper() else OvoCode.parse(code).iri
    check_views(settings)
    view = DocumentsView.open(settings.views / "documents", readonly=True)
    try:
        triples = view.document(iri, parse_day(day) or today(), historic=historiek)
    finally:
        view.close()
    if triples is None:
        raise UnknownResource(iri)
    sys.stdout.buffer.write(serialise(triples, MEDIA_TYPES[suffix], iri))


@click.command()
@click.argument("text")
@data_dir
@click.option("--format", "suffix", type=click.Choice(sorted(_RESULTS)), default=None)
def query(text: str, data_dir: Path | None, suffix: str | None) -> None:
    """Put a SPARQL query to the register, with its limits. `-` reads it from standard input.

    \b
    Example: ovo query 'SELECT ?o ?naam { ?o org:subOrganizationOf+ organisatie:OVO000001 ;
                        skos:prefLabel ?naam } LIMIT 10'
    """
    settings = Settings.read(data_dir=data_dir)
    check_views(settings)
    if text == "-":
        text = sys.stdin.read()
    accept = _RESULTS[suffix] if suffix else "text/csv, text/turtle"
    asyncio.run(_answer(settings, text, accept))


async def _answer(settings: Settings, text: str, accept: str) -> None:
    asked = endpoint(settings, workers=1)
    await asked.start()
    try:
        answer: Answer = await asked.answer(Query(text), accept)
        if isinstance(answer.body, bytes):
            sys.stdout.buffer.write(answer.body)
        else:
            async for piece in answer.body:
                sys.stdout.buffer.write(piece)
    finally:
        await asked.stop()


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@data_dir
def validate(files: tuple[Path, ...], data_dir: Path | None) -> None:
    """Check files, or without files the whole register, against the shapes; changes nothing.

    \b
    Example: ovo validate organisaties.ttl
    """
    settings = Settings.read(data_dir=data_dir)
    with (
        open_journal(settings, readonly=settings.journal.exists()) as journal,
        open_register(settings, journal) as register,
        progress_bar("controleren") as progress,
    ):
        if files:
            report = register.check(read_files(files), progress)
        else:
            heads = (register.record(version.iri) for version in journal.read_heads())
            report = register.check((r for r in heads if r is not None), progress)
    _print(report)


def read_head(file: Path, public: Path | None, private: str) -> SignedHead:
    """A head whose signature fits the public key, or ours. Raises InputError."""
    try:
        kept = SignedHead.of_json(json.loads(file.read_bytes()))
    except ValueError as error:
        raise UnreadableSource(file.name, str(error)) from error
    if public:
        check_signature(kept, read_public_key(public))
    elif private:
        check_signature(kept, Signer.read(Path(private)).public)
    else:
        raise InputError("which key? give --key, or OVO_SIGNING_KEY")
    return kept


def _print(report: Report) -> None:
    if not report.conforms:
        raise InvalidRecord(report)
    click.echo(str(report))


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@data_dir
@click.option("--head", type=_FILE, help="A signed head that was kept (/journal/hoofd).")
@click.option("--key", type=_FILE, help="The public key to check it with (PEM).")
def verify(data_dir: Path | None, head: Path | None, key: Path | None) -> None:
    """Check the journal's hash chain, and the views against the journal.

    With a signed head: whether the history up to it is still what it was.

    \b
    Example: ovo verify --data-dir var
             ovo verify --head hoofd.json --key sleutel.pem
    """
    settings = Settings.read(data_dir=data_dir)
    with open_journal(settings, readonly=True) as journal:
        if head:
            kept = read_head(head, key, settings.signing_key)
            check_history(kept, journal)
            click.echo(f"head: position {kept.position} is as it was signed at {kept.time}")
        with progress_bar("journaal", journal.position) as progress:
            checked = [0]

            def so_far(count: int) -> None:
                progress("", count - checked[0])
                checked[0] = count

            versions = journal.verify(so_far)
        click.echo(f"journal: {versions} versions, hash chain whole, head {journal.head_digest}")
        with progress_bar("beelden", journal.count()) as progress:
            documents = DocumentsView.open(settings.views / "documents", readonly=True)
            search = SearchView.open(settings.views / "search", readonly=True)
            generation = current_generation(settings.views / "graph")
            found = verify_views(
                journal,
                documents,
                [("search", search.position), ("graph", position_of(generation))],
                triples_of(generation) if generation else (),
                today(),
                progress,
            )
    click.echo(str(found))
    if not found.equal:
        sys.exit(1)
