"""The HTML pages: what a person sees of the register, in Dutch or English.

Wire it once: ``Pages(load_theme())``. A page is made in two steps: a
reading (``organisation.py``, ``resources.py``, ``lists.py`` …) puts the content in the order in
which people look for it, and a template of ``web/templates`` lays it out. Texts are in
``texts.py``; nothing that comes from the data is ever marked safe.
"""

from __future__ import annotations

from organisatieregister.web.pages.site import Pages
from organisatieregister.web.pages.theme import Theme, load_theme, static_files

__all__ = ["Pages", "Theme", "load_theme", "static_files"]
