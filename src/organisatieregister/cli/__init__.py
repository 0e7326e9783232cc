"""The command line, ``ovo``: each command wires what it needs and does one thing.

Exit codes: 0 done; 1 the data break a rule; 2 the command was used wrongly; 3 input cannot be read;
4 something about the data directory; 5 the register does not have it.
"""

from __future__ import annotations

import logging
import sys

import click

from organisatieregister.cli.endpoint import endpoint
from organisatieregister.cli.exchange import dump, generate, import_facts, load, seal_shipment
from organisatieregister.cli.inspection import query, show, validate, verify
from organisatieregister.cli.keeping import backup, rebuild
from organisatieregister.cli.lifecycle import OPERATIONS
from organisatieregister.cli.serving import serve
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


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
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


for command in (
    serve,
    load,
    import_facts,
    seal_shipment,
    generate,
    dump,
    show,
    query,
    endpoint,
    validate,
    verify,
    rebuild,
    backup,
    *OPERATIONS,
):
    ovo.add_command(command)


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
