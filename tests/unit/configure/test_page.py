"""The portal's page: valid for a reader of either language, and nothing in it comes from elsewhere."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from scripts.configure.inventory import Controller, inventory
from stacks.outputs import TenantOutputs
from stacks.plan.model import Plan
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


def portals(plan: Plan, built: dict[str, TenantOutputs], controller: Controller) -> list[dict[str, Any]]:
    hosts = inventory(plan, built, [tenant.id for tenant in plan.tenants], controller)["all"]["hosts"]
    return [variables for variables in hosts.values() if "portal_title" in variables]


def test_everything_of_the_request_is_on_the_page(
    plan: Plan, built: dict[str, TenantOutputs], controller: Controller
) -> None:
    for variables in portals(plan, built, controller):
        texts = page(variables).texts
        asked = [variables["portal_title"], variables["portal_summary"], *variables["portal_services"]]
        assert all(item["text"] in texts for item in asked)


def test_languages_are_marked(plan: Plan, built: dict[str, TenantOutputs], controller: Controller) -> None:
    for variables in portals(plan, built, controller):
        elements = page(variables).elements
        assert ("html", {"lang": "zh-CN"}) in elements
        assert ("p", {"class": "lead", "lang": "en"}) in elements


def test_nothing_is_loaded_from_elsewhere(
    plan: Plan, built: dict[str, TenantOutputs], controller: Controller
) -> None:
    for variables in portals(plan, built, controller):
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


def test_a_hostile_request_stays_text(
    plan: Plan, built: dict[str, TenantOutputs], controller: Controller
) -> None:
    variables = portals(plan, built, controller)[0]
    hostile = {"text": HOSTILE, "lang": "en"}
    changed = {"portal_title": hostile, "portal_summary": hostile, "portal_services": [hostile]}
    read = page(variables | changed)
    assert "script" not in {tag for tag, _ in read.elements}
    assert read.texts.count(HOSTILE) == 4  # title, heading, summary, service
