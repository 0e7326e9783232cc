"""Commands that keep the register well: rebuild, backup."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from organisatieregister.cli.options import data_dir, progress_bar
from organisatieregister.filling import fill_empty_views
from organisatieregister.journal.lock import DataDirectoryLock
from organisatieregister.settings import Settings
from organisatieregister.wiring import VIEW_NAMES, open_journal, open_views, projector, today


@click.command()
@data_dir
@click.option(
    "--view", "names", type=click.Choice(VIEW_NAMES), multiple=True, help="Only this view."
)
def rebuild(data_dir: Path | None, names: tuple[str, ...]) -> None:
    """Throw the views away and derive them from the journal again.

    \b
    Example: ovo rebuild --data-dir var --view search
    """
    settings = Settings.read(data_dir=data_dir)
    with DataDirectoryLock(settings.data_dir), open_journal(settings) as journal:
        for name in names or VIEW_NAMES:
            shutil.rmtree(settings.views / name, ignore_errors=True)
        chosen = len(names or VIEW_NAMES)
        with progress_bar("afbeelden", chosen * journal.count()) as progress:
            fill_empty_views(settings, progress)
            with open_views(settings) as views:
                projector(settings, journal, views).advance(today(), progress)
        click.echo(f"views at position {journal.position}")


@click.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@data_dir
def backup(target: Path, data_dir: Path | None) -> None:
    """Copy the journal to TARGET, also while the register is being served and changed.

    It is all that is needed: put the copy in a new data directory as journal.sqlite and serve.

    \b
    Example: ovo backup /backup/organisatieregister.sqlite --data-dir var
    """
    settings = Settings.read(data_dir=data_dir)
    with open_journal(settings, readonly=True) as journal:
        journal.backup(target)
    click.echo(f"{target}: {target.stat().st_size} bytes")
