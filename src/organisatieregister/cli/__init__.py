"""The command line, ``ovo``: each command wires what it needs and does one thing.

Exit codes: 0 done; 1 the data break a rule; 2 the command was used wrongly; 3 input cannot be read;
4 something about the data directory; 5 the register does not have it.
"""

from __future__ import annotations

import logging
import sys
from importlib import import_module

import click

from organisatieregister.errors import (
    ChangeRefused,
    InputError,
    InvalidRecord,
    QueryFailed,
    RegisterError,
    StorageError,
    UnknownResource,
    VersionConflict,
)

_EXIT_CODES: tuple[tuple[type[RegisterError], int], ...] = (
    (InvalidRecord, 1),
    (ChangeRefused, 1),
    (VersionConflict, 1),
    (InputError, 3),
    (QueryFailed, 3),
    (StorageError, 4),
    (UnknownResource, 5),
)


# Command: its module in this package and its name there.
_COMMANDS = {
    "serve": "serving.serve",
    "load": "exchange.load",
    "import": "exchange.import_facts",
    "seal": "exchange.seal_shipment",
    "generate": "exchange.generate",
    "dump": "exchange.dump",
    "show": "inspection.show",
    "query": "inspection.query",
    "validate": "inspection.validate",
    "verify": "inspection.verify",
    "endpoint": "endpoint.endpoint",
    "rebuild": "keeping.rebuild",
    "backup": "keeping.backup",
} | {
    name: f"lifecycle.{name}"
    for name in (
        "register", "rename", "move", "merge", "split", "replace", "dissolve", "terminate",
        "correct", "couple", "uncouple",
    )
}  # fmt: skip


class _Commands(click.Group):
    """The commands, each imported when it is asked for.

    Every process that `ovo serve` starts imports this module again: it must be light.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(".")
        command: click.Command = getattr(import_module(f"{__name__}.{module}"), name)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="organisatieregister")
def ovo() -> None:
    """The Organisatieregister: Flemish public organisations as linked data.

    \b
    Start here:
      ovo serve                     the register on http://127.0.0.1:8000
      ovo show OVO002949            one organisation
      ovo query 'SELECT …'          SPARQL on the register
      ovo rename OVO002949 "…"      a change; see docs/lifecycle.md for the whole life
    """


def main() -> None:
    """Run the command line; errors of ours become one line and an exit code."""
    # rdflib logs a traceback for every ill-typed literal; the shapes report them.
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
    try:
        ovo(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except RegisterError as error:
        click.echo(f"ovo: {error}", err=True)
        sys.exit(next((code for kind, code in _EXIT_CODES if isinstance(error, kind)), 4))
    except BrokenPipeError:
        # Whoever read our output has enough of it (`ovo show … | head`).
        sys.stderr.close()
        sys.exit(0)
