"""A new request as text: commented, built on a template, and only what is the department's own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from stacks.errors import RequestError
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
        raise RequestError(f"{tenants / TEMPLATES} holds no template.", "Restore the folder from Git.")
    return found


def require_name(tenants: Path, tenant: str) -> Path:
    """Where the request of a new tenant will stand.

    Raises:
        RequestError: that is no id, or somebody has it.
    """
    path = tenants / f"{tenant}.yaml"
    if not re.fullmatch(NAME, tenant):
        expected = "Lower-case letters, digits and single hyphens, a letter first."
        raise RequestError(f"{tenant!r} is no id of a tenant.", expected)
    if path.exists():
        raise RequestError(f"{path} exists already, and is not touched.", "Edit it, or take another id.")
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
        raise RequestError(
            f"there is no template {answers.template!r}; {did_you_mean(answers.template, known)}"
        )
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
    """The whole file."""
    parent = f"parent: {word(answers.parent)}" if answers.parent else "# parent: a tenant of a higher tier"
    return f"""\
# yaml-language-server: $schema=schema/tenant.schema.json
# Every key with an example: schema/reference.md. `govcloud check` says what is wrong here,
# `govcloud plan {answers.tenant}` what it becomes, and with --explain where each value comes from.
id: {answers.tenant}  # equals the file's name and never changes
template: {answers.template}  # templates/{answers.template}.yaml holds what is not written here
name: {{en: {word(answers.name_en)}, zh: {word(answers.name_zh)}}}
tier: {word(answers.tier)}  # province, city, county, town or village
{parent}
owner:
  department: {word(answers.department)}
  contact: {word(answers.contact)}
  email: {word(answers.email)}

# The template says the following. Take the # away and write what you need instead.
{_commented(template)}
{_portal(answers, portal_group(template))}"""


def _commented(template: dict[str, Any]) -> str:
    lines = yaml.safe_dump(template, sort_keys=False, allow_unicode=True, default_flow_style=None, width=100)
    return "".join(f"# {line}\n" for line in lines.splitlines())


def _portal(answers: Answers, group: str | None) -> str:
    if group is None:
        return ""
    return f"""\
# The template's hosts {word(group)}, with what their pages show; and the name that citizens call them by.
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
