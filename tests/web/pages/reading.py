"""Reads a page the way a strict browser and a screen reader do."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import html5rdf  # type: ignore[import-untyped]

# Scripts run from our own files; what stands in a page is data.
_INLINE = {"style"}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_VOID = {"br", "img", "input", "link", "meta", "wbr", "hr"}


@dataclass
class Tag:
    """An element with its attributes and the text in it."""

    name: str
    attributes: dict[str, str]
    text: str = ""

    def __getitem__(self, attribute: str) -> str:
        return self.attributes[attribute]

    def get(self, attribute: str) -> str:
        return self.attributes.get(attribute, "")


@dataclass
class Page:
    """All elements in order."""

    html: str
    tags: list[Tag] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What a reader sees, with single spaces."""
        body = next(tag for tag in self.tags if tag.name == "body")
        return " ".join(body.text.split())

    def all(self, kind: str, /, **attributes: str) -> list[Tag]:
        """The elements of a kind with these attributes."""
        return [
            tag
            for tag in self.tags
            if tag.name == kind and all(tag.get(k) == v for k, v in attributes.items())
        ]

    def one(self, kind: str, /, **attributes: str) -> Tag:
        """The one such element."""
        (tag,) = self.all(kind, **attributes)
        return tag

    def link(self, text: str) -> str:
        """Where the first link with this text leads."""
        return next(tag["href"] for tag in self.all("a") if " ".join(tag.text.split()) == text)

    @property
    def hrefs(self) -> list[str]:
        return [tag["href"] for tag in self.all("a")]

    @property
    def headings(self) -> list[str]:
        return [" ".join(tag.text.split()) for tag in self.tags if tag.name in _HEADINGS]

    @property
    def data(self) -> Any:
        """The embedded JSON-LD."""
        return json.loads(self.one("script", type="application/ld+json").text)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[Tag] = []
        self._open: list[Tag] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = Tag(tag, {name: value or "" for name, value in attrs})
        assert len(found.attributes) == len(attrs), f"<{tag}> has an attribute twice"
        self.tags.append(found)
        if tag not in _VOID:
            self._open.append(found)

    def handle_endtag(self, tag: str) -> None:
        assert self._open and self._open[-1].name == tag, f"</{tag}> does not fit"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        inside = (
            self._open if not self._open or self._open[-1].name != "script" else self._open[-1:]
        )
        for tag in inside:
            tag.text += data

    def close(self) -> None:
        super().close()
        assert not self._open, f"{self._open} stays open"


def read(html: str) -> Page:
    """The page, after checking all that holds for every page of ours."""
    parser = html5rdf.HTMLParser()
    parser.parse(html)
    assert parser.errors == []
    reader = _Reader()
    reader.feed(html)
    reader.close()
    page = Page(html, reader.tags)
    _check(page)
    return page


def _check(page: Page) -> None:
    _check_security(page)
    _check_links(page)
    ids = Counter(tag["id"] for tag in page.tags if tag.get("id"))
    assert [name for name, count in ids.items() if count > 1] == []
    for tag in page.tags:
        for attribute in ("aria-labelledby", "aria-describedby", "for"):
            assert set(tag.get(attribute).split()) <= set(ids), f"{tag} points to nothing"
    levels = [int(tag.name[1]) for tag in page.tags if tag.name in _HEADINGS]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(heading for heading in page.headings)
    assert page.one("html")["lang"] in {"nl", "en"}
    assert page.one("title").text.strip()
    assert len(page.all("main")) == 1
    assert page.hrefs[0] == "#inhoud", "the first thing that one can tab to skips to the content"
    for field_ in (*page.all("input"), *page.all("select"), *page.all("textarea")):
        labels = page.all("label", **{"for": field_.get("id")}) if field_.get("id") else []
        assert labels or field_.get("type") in {"hidden", "checkbox"}
    for image in page.all("img"):
        assert "alt" in image.attributes


def _check_security(page: Page) -> None:
    for tag in page.tags:
        assert tag.name not in _INLINE
        assert not [name for name in tag.attributes if name == "style" or name.startswith("on")]
        if tag.name == "script" and tag.get("type") != "application/ld+json":
            assert tag["src"].startswith("/static/")
            assert not tag.text
        for attribute in ("src", "action"):
            if attribute in tag.attributes:
                assert tag[attribute].startswith("/")


def _check_links(page: Page) -> None:
    for tag in page.all("a"):
        href = tag["href"]
        assert "<" not in href
        if href.startswith(("http://", "https://")):
            assert "noopener" in tag.get("rel").split(), f"{href} may reach back"
            assert "://data.vlaanderen.be/id/organisatie" not in href
        else:
            assert href.startswith(("/", "#", "?", "mailto:", "tel:")), href
            assert not href.startswith("//")
