"""The command that serves."""

from __future__ import annotations

from pathlib import Path

import click

from organisatieregister.cli.options import data_dir, progress_bar
from organisatieregister.filling import fill_empty_views
from organisatieregister.journal import Activity
from organisatieregister.journal.lock import DataDirectoryLock
from organisatieregister.serving import listen, supervise
from organisatieregister.settings import Settings, shipped
from organisatieregister.shipment import is_validated, shipped_records
from organisatieregister.wiring import now, open_journal, open_register


@click.command()
@click.option("--host", default=None, help="Address to listen on (default: 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65535), default=None, help="Default: 8000.")
@data_dir
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="Web processes.")
def serve(host: str | None, port: int | None, data_dir: Path | None, workers: int | None) -> None:
    """Serve the register; an empty data directory starts with the data that ship.

    \b
    Example: ovo serve --host 127.0.0.1 --port 8000 --data-dir var
    """
    from organisatieregister.web.writing import check_configuration  # other commands need no web

    settings = Settings.read(host=host, port=port, data_dir=data_dir, workers=workers)
    check_configuration(settings)
    with DataDirectoryLock(settings.data_dir), listen(settings.host, settings.port) as socket:
        first_start(settings)
        address, bound = socket.getsockname()[:2]
        click.echo(f"Organisatieregister: http://{address}:{bound}/", err=True)
        supervise(settings, socket)


def first_start(settings: Settings) -> None:
    """Load what ships into an empty journal, and fill views that are empty."""
    with open_journal(settings) as journal:
        if journal.position == 0:
            directories = (shipped("ontology"), shipped("data"))
            validated = is_validated(*directories, shipped("shapes"))
            with (
                open_register(settings, journal) as register,
                progress_bar("eerste start: gegevens laden") as progress,
            ):
                register.load(
                    shipped_records(*directories),
                    Activity("eerste vulling", source="data/"),
                    now(),
                    validate=not validated,
                    progress=progress,
                )
        records = journal.count()
    with progress_bar("beelden opbouwen", 3 * records) as progress:
        fill_empty_views(settings, progress)
