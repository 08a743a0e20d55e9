"""The portal's page: valid for a reader of either language, and nothing in it comes from elsewhere."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest

from tests.unit.configure.rendering import render, role_file

HOSTILE = '<script>alert("1")</script>&'


class Reader(HTMLParser):
    """Collects elements, their attributes and text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())


def page(variables: dict[str, Any]) -> Reader:
    words = role_file("portal", "vars/main.yml")["portal_dictionary"][variables["portal_title"]["lang"]]
    return Reader(render("portal", "index.html.j2", portal_words=words, **variables))


@pytest.fixture
def portals(hosts: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [variables for variables in hosts.values() if "portal_title" in variables]


def test_everything_of_the_request_is_on_the_page(portals: list[dict[str, Any]]) -> None:
    for variables in portals:
        texts = page(variables).texts
        asked = [variables["portal_title"], variables["portal_summary"], *variables["portal_services"]]
        assert all(item["text"] in texts for item in asked)


def test_languages_are_marked(portals: list[dict[str, Any]]) -> None:
    for variables in portals:
        elements = page(variables).elements
        assert ("html", {"lang": "zh-CN"}) in elements
        assert ("p", {"class": "lead", "lang": "en"}) in elements


def test_nothing_is_loaded_from_elsewhere(portals: list[dict[str, Any]]) -> None:
    for variables in portals:
        elements = page(variables).elements
        links = [
            value
            for _, attributes in elements
            for name, value in attributes.items()
            if name in ("src", "href")
        ]
        assert links
        assert all(link and link[0] in "/#" and not link.startswith("//") for link in links)
        assert not {"script", "iframe", "object", "style"} & {tag for tag, _ in elements}


def test_a_hostile_request_stays_text(portals: list[dict[str, Any]]) -> None:
    variables = portals[0]
    hostile = {"text": HOSTILE, "lang": "en"}
    changed = {"portal_title": hostile, "portal_summary": hostile, "portal_services": [hostile]}
    read = page(variables | changed)
    assert "script" not in {tag for tag, _ in read.elements}
    assert read.texts.count(HOSTILE) == 4  # title, heading, summary, service
