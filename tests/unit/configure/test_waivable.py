"""Each item of the roles can be waived: other values reach the host, and what is left out is not written."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from scripts.evidence.waivable import OVERRIDES, REFERENCE, WAIVED, arguments
from stacks.settings import REPOSITORY
from tests.unit.configure.rendering import ROLES, loaded, render, role_file, runs

README = REPOSITORY / "policies" / "waivers" / "README.md"

WHOLE = {
    "auditor": "What the audit is let in by; without it nothing is audited, and no waiver is shown.",
    "certificate": "A key and its certificate; how long it lasts is an argument.",
    "firewall": "The plan's rules: what is open is asked for, and approved, in a request.",
    "release": "Facts of Debian's and Ubuntu's releases.",
    "volumes": "The plan's volumes; their options are those of the request.",
}
"""Roles without items of their own, and why."""

PLAIN = {
    "accounts/pam-faillock-check.j2": "a place in the stack of PAM; how many failures is an argument",
    "accounts/pam-faillock-success.j2": "as above",
    "accounts/pam-faillock.j2": "as above",
    "integrity/accept.j2": "a program",
    "integrity/integrity.service.j2": "a program",
    "integrity/upgrade.j2": "a program",
    "kernel/sysctl.service.j2": "follows the kind of the host",
    "logging/tmpfiles.conf.j2": "rights of the folder that the audit's own answers come from",
    "packages/govcloud.sources.j2": "the platform's package source",
    "packages/renew.j2": "a program",
    "packages/upgrade.j2": "a program",
    "portal/error.html.j2": "a page",
    "portal/favicon.svg.j2": "a page",
    "portal/index.html.j2": "a page",
    "portal/style.css.j2": "a page",
    "time/chrony.default.j2": "follows the kind of the host",
    "time/chrony.service.j2": "follows the kind of the host",
}
"""Templates of the other roles that take nothing from a waiver, and why."""

GIVEN: dict[str, Any] = {
    "item": {"words": ["", ""]},
    "own_kernel": True,
    "kernel_own": True,
    "accounts_login_user": "debian",
    "ssh_users": ["debian"],
    "ssh_key_exchanges": ["curve25519-sha256"],
    "ssh_limits_rsa": True,
    "sudo_users": ["debian", "auditor"],
    "sudo_administrators": ["debian"],
    "time_server": "198.18.0.3",
    "time_own_clock": True,
    "packages_host": "packages.example",
    "remote_log_address": "198.18.0.5",
    "remote_log_name": "log.example",
    "services_institution": "Xiangyang",
    "portal_hostnames": ["www.example"],
    "portal_addresses": [],
    "portal_ports": [443],
    "portal_http2": "parameter",
    "portal_title": {"text": "Xiangyang", "lang": "en"},
}
"""What the inventory gives, as far as the templates below ask for it."""

BY_MODULE = "filesystems_mounts_overrides"
"""What a module of the collection makes of it, its own tests say."""

TAKEN = {name: item for name, item in arguments().items() if name.endswith((OVERRIDES, WAIVED))}


def role_of(argument: str) -> str:
    """The role that takes it; no name of a role begins with another one's."""
    return next(path.name for path in ROLES.iterdir() if argument.startswith(f"{path.name}_"))


@cache
def readers(name: str) -> tuple[str, ...]:
    """The templates of its role that read an argument, or a variable of the role that does."""
    role = role_of(name)
    names = {name, *(key for key, value in loaded(role, "vars").items() if name in str(value))}
    return tuple(
        path.name
        for path in sorted((ROLES / role / "templates").glob("*"))
        if any(one in path.read_text(encoding="utf-8") for one in names)
    )


@cache
def tasks(role: str) -> str:
    """Of the roles' own text, what is not a template."""
    return (ROLES / role / "tasks" / "main.yml").read_text(encoding="utf-8")


def lines(name: str, value: object = None) -> list[str]:
    """What the templates that read an argument become, in lines; without a value as its role has it."""
    sets = {} if value is None else {name: value}
    return [
        line
        for template in readers(name)
        for line in render(role_of(name), template, **{**GIVEN, **sets}).splitlines()
    ]


@cache
def without(name: str) -> tuple[str, ...]:
    """The same where there is no waiver."""
    return tuple(lines(name))


def another(value: object) -> object:
    """A value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 7171
    return ["another"] if isinstance(value, list) else "another"


SETTINGS = [
    (name, item, value)
    for name, argument in TAKEN.items()
    if name != BY_MODULE
    for item, value in (argument.settings or {}).items()
    if not REFERENCE.search(str(value))
]
MEMBERS = [(name, member) for name, argument in TAKEN.items() for member in argument.members]


@pytest.mark.parametrize("role", sorted(path.name for path in ROLES.iterdir()))
def test_a_role_has_items_or_a_reason_to_have_none(role: str) -> None:
    assert (role in WHOLE) is not any(role_of(name) == role for name in TAKEN)


def test_every_template_takes_something_or_has_a_reason_not_to() -> None:
    found = {
        f"{path.parent.parent.name}/{path.name}"
        for path in ROLES.glob("*/templates/*")
        if path.parent.parent.name not in WHOLE and not _takes(path.read_text("utf-8"))
    }
    assert found == set(PLAIN)


def _takes(text: str) -> bool:
    """Whether it has a variable with a default, or one of the role's own that is made of such."""
    optional = {name for path in ROLES.iterdir() for name in loaded(path.name, "defaults")}
    return any(re.search(rf"\b{name}\b", text) for name in optional | {"kernel_settings", "boot_wanted"})


@pytest.mark.parametrize(
    ("name", "item", "value"), SETTINGS, ids=[f"{name}-{item}" for name, item, _ in SETTINGS]
)
def test_a_setting_is_the_roles_own_until_another_value_is_set(name: str, item: str, value: object) -> None:
    before, after = without(name), lines(name, {item: another(value)})
    gone, come = [x for x in before if x not in after], [x for x in after if x not in before]
    assert gone or come, "the role does not read it"
    assert isinstance(value, bool | list) or all(str(value) in line for line in gone)
    shown = "another" if isinstance(value, str | list) else str(another(value))
    assert isinstance(value, bool) or all(shown in line for line in come)
    assert max(len(gone), len(come)) <= 2, (gone, come)


@pytest.mark.parametrize(("name", "member"), MEMBERS)
def test_what_is_waived_is_left_out(name: str, member: str) -> None:
    if not readers(name):
        assert name in tasks(role_of(name)), "the role does not read it"
        return
    before, after = without(name), lines(name, [member])
    gone = [line for line in before if line not in after]
    assert len(gone) == 1
    assert member in gone[0]
    assert len(before) - len(after) in (0, 1)


def test_what_is_not_the_roles_own_is_written() -> None:
    assert "!/etc/agent/state" in lines("integrity_paths_waived", ["/etc/agent/state"])
    assert "SecRuleRemoveById 920350" in lines("portal_rules_waived", [920350])


def test_a_parameter_of_the_kernel_is_never_set_where_the_kernel_is_anothers() -> None:
    sets = {"kernel_memory_overrides": {"kernel.sysrq": 1}}
    assert "kernel.sysrq = 1" in render("kernel", "sysctl.conf.j2", kernel_own=True, **sets)
    assert "kernel.sysrq" not in render("kernel", "sysctl.conf.j2", kernel_own=False, **sets)


WORDS: list[str] = role_file("boot", "vars/main.yml")["boot_words"]


@pytest.mark.parametrize(
    ("has", "waived", "anew"),
    [
        (WORDS, [], False),
        (WORDS[::-1], [], False),
        (WORDS[1:], [], True),
        (WORDS, WORDS[:1], True),
        (WORDS[1:], WORDS[:1], False),
        ([*WORDS[1:-1], WORDS[0]], WORDS[:1], True),
    ],
)
def test_the_menu_is_written_anew_where_its_words_are_not_the_wanted_ones(
    has: list[str], waived: list[str], anew: bool
) -> None:
    menu = f"set timeout=0\n\tlinux /vmlinuz root=/dev/vda1 {' '.join(has)} quiet\n"
    content = {"content": base64.b64encode(menu.encode()).decode()}
    task = "Write the menu anew where a kernel misses a word, or has one that was waived"
    assert runs("boot", task, boot_menu=content, boot_words_waived=waived) is anew


@pytest.mark.parametrize(
    ("status", "control", "loads"),
    [
        ("enabled 1", {}, True),
        ("enabled 2", {}, False),
        ("enabled 1", {"-e": 1}, False),
        ("enabled 2", {"-e": 1}, False),
    ],
)
def test_rules_are_loaded_once(status: str, control: Mapping[str, int], loads: bool) -> None:
    said = {"stdout": f"{status}\nfailure 1"}
    found = runs("audit", "Load the rules and lock them", audit_status=said, audit_control_overrides=control)
    assert found is loads


def test_the_page_names_everything_that_a_waiver_can_bear() -> None:
    named = set(re.findall(r"`(\w+(?:_overrides|_waived))`", README.read_text(encoding="utf-8")))
    assert named == set(TAKEN)
