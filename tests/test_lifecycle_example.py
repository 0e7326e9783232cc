"""The page about a life is true: its commands run, and show what it says that they show."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

from tests.running import OVO

PAGE = Path(__file__).parents[1] / "docs" / "lifecycle.md"
_LOGICAL = re.compile(r"\\\n\s*")


def script() -> str:
    (block,) = re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return _LOGICAL.sub("", block)


def checked(lines: list[str]) -> list[str]:
    """The commands, each with a look at what it has to show."""
    commands = []
    for line in lines:
        command, marker, expected = line.partition("#>")
        if marker:
            text = shlex.quote(expected.strip())
            told = shlex.quote(f"{command.strip()} does not show {expected.strip()}")
            command = (
                f'{command} > "$SHOWN"; grep -qF -- {text} "$SHOWN" || {{ echo {told}; exit 9; }}'
            )
        commands.append(command)
    return commands


def test_the_page_shows_what_it_says(tmp_path: Path) -> None:
    lines = script().splitlines()
    assert sum("#>" in line for line in lines) >= 10
    opening = ["set -e", f'ovo() {{ "{OVO}" "$@" 2>> "$OVO_DATA_DIR.log"; }}']
    done = subprocess.run(
        ["bash", "-c", "\n".join(opening + checked(lines))],
        cwd=PAGE.parents[1], capture_output=True, text=True, timeout=120, check=False,
        env=os.environ | {"OVO_DATA_DIR": str(tmp_path / "var"), "SHOWN": str(tmp_path / "shown")},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + (tmp_path / "var.log").read_text()
