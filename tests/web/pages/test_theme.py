"""The templates: every text in two languages, nothing inline, everything ours."""

from __future__ import annotations

import re
from string import Formatter

import pytest
from jinja2 import UndefinedError

from organisatieregister.dumps import FORMS
from organisatieregister.facets import FacetKind
from organisatieregister.web.pages import load_theme, static_files
from organisatieregister.web.pages.families import FAMILIES
from organisatieregister.web.pages.resources import EVENT_KINDS
from organisatieregister.web.pages.texts import TEXTS

TEMPLATES = sorted(load_theme().templates.list_templates())
# Keys that are put together from a part and a name.
COMPOSED = {
    "facts.": [kind.value for kind in FacetKind],
    "event.": [*EVENT_KINDS.values(), "change"],
    "list.by_": ["relevantie", "naam", "code"],
    "list.": [*FAMILIES, "status", "gemeente", "ouder"],
    "home.": [*FAMILIES, "active", "ended", "founding"],
    "status.": ["active", "ended", "founding", "inactive"],
    "site.": ["organisations", "sparql", "dumps", "ontology"],
    "organisation.": ["website", "telephone", "email", "legal_name", "other_name"],
    "lineage.": ["opvolgers", "voorgangers", "nobody_opvolgers", "nobody_voorgangers"],
    "dumps.form_": [form.partition(".")[0] for form in FORMS],
    "sparql.": ["subject", "predicate", "object"],
    "ontology.": ["classes", "properties", "individuals", "broader", "domain", "range"],
}


def source(name: str) -> str:
    templates = load_theme().templates
    assert templates.loader
    return templates.loader.get_source(templates, name)[0]


def used_in(text: str) -> set[str]:
    """The keys that a template or module asks for."""
    found = set(re.findall(r'(?:say|other|self)\(\s*"([a-z]+\.[a-z0-9_.]*[a-z0-9])"', text))
    found |= {
        f"{key}.{form}"
        for key in re.findall(r'\.counted\(\s*"([a-z_.]+)"', text)
        for form in ("one", "many")
    }
    for key in re.findall(r'"([a-z]+\.[a-z_]+)" if ', text):
        found.add(key)
    for key in re.findall(r' else "([a-z]+\.[a-z_]+)"', text):
        found.add(key)
    return found


@pytest.mark.parametrize("key", sorted(TEXTS))
def test_every_text_is_there_in_both_languages_with_the_same_gaps(key: str) -> None:
    dutch, english = TEXTS[key]
    assert dutch.strip()
    assert english.strip()
    gaps = [
        sorted(name for _, name, _, _ in Formatter().parse(text) if name) for text in TEXTS[key]
    ]
    assert gaps[0] == gaps[1]


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_has_no_words_of_its_own(name: str) -> None:
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", source(name), flags=re.DOTALL)
    text = re.sub(r"<pre>.*?</pre>|<[^>]*>", "", text, flags=re.DOTALL)
    assert re.findall(r"[A-Za-z]{2,}", text) == []


def test_every_text_that_is_asked_for_is_there_and_the_other_way_round() -> None:
    package = static_files() / ".." / "pages"
    modules = [
        file.read_text() for file in package.iterdir() if file.name.endswith(".py")
    ]  # the texts themselves call nothing
    asked = set().union(*map(used_in, [*map(source, TEMPLATES), *modules]))
    asked |= {f"{part}{name}" for part, names in COMPOSED.items() for name in names}
    assert asked - set(TEXTS) == set()
    assert set(TEXTS) - asked == set()


def test_nothing_is_marked_safe() -> None:
    for name in TEMPLATES:
        assert "| safe" not in source(name)
        assert "|safe" not in source(name)
        assert "autoescape" not in source(name)


def test_a_value_that_a_template_lacks_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        load_theme().templates.get_template("problem.html").render()


def test_the_style_sheet_and_the_drawings_ask_nothing_of_other_hosts() -> None:
    for file in static_files().iterdir():
        text = file.read_text().replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|//[a-z]+\.|@import|<script|data:", text), file.name


def test_an_asset_has_another_address_when_its_content_changes() -> None:
    asset = load_theme("/elders").templates.globals["asset"]
    assert re.fullmatch(r"/elders/register\.css\?v=[0-9a-f]{12}", asset("register.css"))  # type: ignore[operator]


def test_the_version_is_that_of_templates_texts_and_assets() -> None:
    assert load_theme().version == load_theme().version
    assert re.fullmatch(r"[0-9a-f]{12}", load_theme().version)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (WCAG 2.2, relative luminance)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_text_stands_out_enough_in_both_colour_schemes(dark: bool) -> None:
    style = (static_files() / "register.css").read_text()
    blocks = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    tokens: dict[str, str] = {}
    for block in blocks[: 2 if dark else 1]:
        tokens |= dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", block))
    colours = {
        name: c if len(c) == 7 else "#" + "".join(2 * d for d in c[1:])
        for name, c in tokens.items()
    }
    for text, ground in (
        ("ink", "paper"), ("ink", "tint"), ("ink", "gone-tint"), ("ink", "plain-tint"),
        ("soft", "paper"), ("soft", "tint"), ("link", "paper"), ("link", "tint"),
        ("link", "gone-tint"), ("link-hover", "paper"), ("soft", "plain-tint"),
        ("on-deep", "deep"), ("on-deep", "button"), ("on-deep-soft", "deep"),
        ("good", "good-tint"), ("gone", "gone-tint"), ("new", "new-tint"), ("paper", "gone"),
        ("soft", "gone-tint"), ("ink", "new-tint"), ("soft", "good-tint"),
    ):  # fmt: skip
        assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    for edge in ("paper", "tint"):
        assert contrast(colours["edge"], colours[edge]) >= 3, "the edge of a field"
