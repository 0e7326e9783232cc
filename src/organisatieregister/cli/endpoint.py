"""The command that serves SPARQL on any RDF."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from organisatieregister.endpoint import Endpoint, Limits
from organisatieregister.endpoint.dataset import publish_files
from organisatieregister.serving import listen
from organisatieregister.settings import Settings
from organisatieregister.vocabulary import PREFIXES

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _named_graphs(
    context: click.Context, option: click.Parameter, values: tuple[str, ...]
) -> list[tuple[str, Path]]:
    """``IRI=FILE``; the IRI may hold ``=`` itself."""
    graphs = []
    for value in values:
        iri, _, file = value.rpartition("=")
        if not iri:
            raise click.BadParameter(f"{value!r} is not IRI=FILE", context, option)
        graphs.append((iri, _FILE.convert(file, option, context)))
    return graphs


@click.command()
@click.argument("files", nargs=-1, type=_FILE)
@click.option(
    "--graph",
    "graphs",
    multiple=True,
    metavar="IRI=FILE",
    callback=_named_graphs,
    help="A named graph.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True)
def endpoint(files: tuple[Path, ...], graphs: list[tuple[str, Path]], host: str, port: int) -> None:
    """Serve SPARQL on any RDF: FILES in the default graph, each --graph in a named one.

    \b
    Example: ovo endpoint --port 8001 --graph http://example.org/g=persons.ttl places.nt
    """
    from organisatieregister.web import standalone  # takes half a second to load

    settings = Settings.read(host=host, port=port)
    with TemporaryDirectory(prefix="ovo-endpoint-") as directory, listen(host, port) as socket:
        generation = publish_files(Path(directory), files, graphs)
        limits = Limits(seconds=settings.sparql_seconds, memory=settings.sparql_memory << 20)
        served = Endpoint(
            lambda: generation,
            settings.sparql_workers,
            limits,
            PREFIXES,
            sandbox_required=settings.sandbox_required,
        )
        address, bound = socket.getsockname()[:2]
        click.echo(f"SPARQL: http://{address}:{bound}/sparql", err=True)
        standalone.run(served, socket)
