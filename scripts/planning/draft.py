"""A new request as text: commented, built on a template, and only what is the department's own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from stacks.errors import RequestError
from stacks.language import say
from stacks.request.diagnostics import did_you_mean
from stacks.request.document import scalar
from stacks.request.fields import NAME
from stacks.request.landing_zone import TEMPLATES, check, errors, refusal
from stacks.request.loader import read_document

PLAIN = re.compile(r"[^\W\d][\w .@/-]*[\w]")
WORDS_OF_OLD_YAML = frozenset({"yes", "no", "on", "off"})


@dataclass(frozen=True)
class Answers:
    """What a department says of itself.

    Attributes:
        title: of the portal, where the template has one.
        hostname: that citizens call the portal by.
    """

    tenant: str
    template: str
    name_en: str
    name_zh: str
    tier: str
    department: str
    contact: str
    email: str
    parent: str = ""
    title: str = ""
    hostname: str = ""


def templates(tenants: Path) -> dict[str, dict[str, Any]]:
    """The templates that there are, by name.

    Raises:
        RequestError: there is none.
    """
    found = {path.stem: read_document(path)[0].data for path in sorted((tenants / TEMPLATES).glob("*.yaml"))}
    if not found:
        raise RequestError(say("new.no-templates", folder=tenants / TEMPLATES), say("new.restore"))
    return found


def require_name(tenants: Path, tenant: str) -> Path:
    """Where the request of a new tenant will stand.

    Raises:
        RequestError: that is no id, or somebody has it.
    """
    path = tenants / f"{tenant}.yaml"
    if not re.fullmatch(NAME, tenant):
        raise RequestError(say("new.no-id", tenant=tenant), say("new.id-form"))
    if path.exists():
        raise RequestError(say("new.exists", path=path), say("new.other-id"))
    return path


def portal_group(template: dict[str, Any]) -> str | None:
    """The name of the template's host group that shows a portal."""
    groups = (host["name"] for host in template.get("hosts", ()) if host.get("workload") == "portal")
    return next(groups, None)


def write(tenants: Path, answers: Answers) -> Path:
    """Write the request; where it does not pass the check, nothing stays behind.

    Raises:
        RequestError: the template is unknown, or what the check finds.
    """
    path, known = require_name(tenants, answers.tenant), templates(tenants)
    if answers.template not in known:
        hint = did_you_mean(answers.template, known)
        raise RequestError(say("new.no-template", template=answers.template, hint=hint))
    before = {str(finding) for finding in check(tenants)[1]}
    with path.open("x", encoding="utf-8") as file:
        file.write(text(answers, known[answers.template]))
    # What is new may stand in another file: a name that is taken, the quota of the parent.
    found = [finding for finding in errors(check(tenants)[1]) if str(finding) not in before]
    if found:
        path.unlink()
        raise refusal(found)
    return path


def text(answers: Answers, template: dict[str, Any]) -> str:
    """The whole file, with comments in the current language."""
    parent = f"parent: {word(answers.parent)}" if answers.parent else f"# parent: {say('new.about-parent')}"
    return f"""\
# yaml-language-server: $schema=schema/tenant.schema.json
# {say("new.about")}
# {say("new.about-plan", tenant=answers.tenant)}
id: {answers.tenant}  # {say("new.about-id")}
template: {answers.template}  # {say("new.about-template", template=answers.template)}
name: {{en: {word(answers.name_en)}, zh: {word(answers.name_zh)}}}
tier: {word(answers.tier)}  # {say("new.about-tier")}
{parent}
owner:
  department: {word(answers.department)}
  contact: {word(answers.contact)}
  email: {word(answers.email)}

# {say("new.template-says")}
{_commented(template)}
{_portal(answers, portal_group(template))}"""


def _commented(template: dict[str, Any]) -> str:
    lines = yaml.safe_dump(template, sort_keys=False, allow_unicode=True, default_flow_style=None, width=100)
    return "".join(f"# {line}\n" for line in lines.splitlines())


def _portal(answers: Answers, group: str | None) -> str:
    if group is None:
        return ""
    return f"""\
# {say("new.portal", group=word(group))}
hosts:
  - {{name: {word(group)}, site: {{title: {word(answers.title)}}}}}
publish:
  - {{hostname: {word(answers.hostname)}, host: {word(group)}}}
"""


def word(value: str) -> str:
    """A text as YAML: plain where nobody can misread it, in double quotes otherwise."""
    plain = PLAIN.fullmatch(value) and value.lower() not in WORDS_OF_OLD_YAML and scalar(value) == value
    if plain:
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
