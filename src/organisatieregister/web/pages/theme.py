"""The templates and the static files, read from the package once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable

from jinja2 import Environment, PackageLoader, StrictUndefined

from organisatieregister.web.pages.texts import TEXTS

STATIC_PATH = "/static"

_PACKAGE = "organisatieregister.web"


@dataclass(frozen=True, slots=True)
class Theme:
    """How pages look; ``version`` is another one when templates, texts or static files are."""

    templates: Environment
    version: str


def load_theme(static_path: str = STATIC_PATH) -> Theme:
    """The theme that ships; ``static_path`` is where the host serves ``static_files()``."""
    templates = Environment(
        loader=PackageLoader(_PACKAGE, "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    digests = {file.name: _digest(file) for file in static_files().iterdir() if file.is_file()}

    def asset(name: str) -> str:
        """The path of a static file, another one whenever its content is."""
        return f"{static_path}/{name}?v={digests[name]}"

    templates.globals["asset"] = asset
    pages = (resources.files(_PACKAGE) / "templates").iterdir()
    parts = sorted([*digests.values(), *map(_digest, pages)])
    everything = "".join([*parts, repr(sorted(TEXTS.items()))])
    return Theme(templates, hashlib.sha256(everything.encode()).hexdigest()[:12])


def static_files() -> Traversable:
    """The directory of the style sheet, the script and the drawings."""
    return resources.files(_PACKAGE) / "static"


def _digest(file: Traversable) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
