"""Options and progress that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
from tqdm import tqdm

Command = TypeVar("Command", bound=Callable[..., Any])


def data_dir(command: Command) -> Command:
    """``--data-dir``: where all state lives."""
    return click.option(
        "--data-dir",
        type=click.Path(file_okay=False, path_type=Path),
        default=None,
        help="Directory of the journal, views and dumps (default: var; OVO_DATA_DIR).",
    )(command)


@contextmanager
def progress_bar(title: str, total: int | None = None) -> Iterator[Callable[[str, int], None]]:
    """A progress bar on standard error; call it with what is counted and how many more."""
    with tqdm(total=total, desc=title, unit=" rec", leave=False, mininterval=0.2) as bar:

        def more(what: str, count: int) -> None:
            if what:
                bar.set_postfix_str(what, refresh=False)
            bar.update(count)

        yield more
