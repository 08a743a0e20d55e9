"""The break of each row: what a host says when this one thing is wrong, and all else is right."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from scripts.evidence.host.facts import Answer, HostFacts
from scripts.evidence.host.firewall import Opening, read_ruleset
from scripts.evidence.setting import Between, Exactly, Wanted
from scripts.evidence.target import PlannedRule
from tests.unit.evidence.recording import answered

Row = Any
Break = Callable[[HostFacts, Row], HostFacts]


def spoilt(wanted: Wanted) -> str:
    """A value that is not wanted."""
    if isinstance(wanted, Between):
        return str(wanted.least - 1) if wanted.least is not None else str((wanted.most or 0) + 1)
    return "otherwise"


def line(question: str, pattern: str, replacement: Callable[[Row], str]) -> Break:
    """One line of an answer reads otherwise; `{}` in the pattern stands for the row's name."""

    def change(facts: HostFacts, row: Row) -> HostFacts:
        found = "(?m)^" + pattern.replace("{}", re.escape(row.name)) + "$"
        other, count = re.subn(found, lambda match: match.expand(replacement(row)), facts.raw(question))
        assert count > 0, f"{found!r} is not in the answer to {question!r}"
        return answered(facts, {question: Answer(0, other, "")})

    return change


def more(question: str, text: Callable[[Row], str]) -> Break:
    """An answer has one line more."""
    return lambda facts, row: answered(
        facts, {question: Answer(0, f"{facts.raw(question).rstrip()}\n{text(row)}\n", "")}
    )


def file_opened(facts: HostFacts, row: Row) -> HostFacts:
    """The file may be written by everybody; one that was not there is somebody else's."""
    if row.name in facts.files:
        return line("files", r"\d+ (\S+ \S+ {})", lambda _: r"777 \1")(facts, row)
    return more("files", lambda row: f"666 nobody nogroup {row.name}")(facts, row)


def option_lost(facts: HostFacts, row: Row) -> HostFacts:
    """The mount has the option no more."""
    place, option = row.name.split()
    other, count = re.subn(rf"( {place} \S+ \S*){option}", rf"\1x{option}", facts.raw("mounts"))
    assert count > 0
    return answered(facts, {"mounts": Answer(0, other, "")})


def unit_failed(facts: HostFacts, row: Row) -> HostFacts:
    """The unit has failed."""
    units = json.loads(facts.raw("units"))
    (unit,) = (item for item in units if item["unit"] == row.name)
    unit["active"] = "failed"
    return answered(facts, {"units": Answer(0, json.dumps(units), "")})


def unit_started(facts: HostFacts, row: Row) -> HostFacts:
    """The unit runs."""
    units = [*json.loads(facts.raw("units")), {"unit": row.name, "load": "loaded", "active": "active"}]
    return answered(facts, {"units": Answer(0, json.dumps(units), "")})


def sudo_option(facts: HostFacts, row: Row) -> HostFacts:
    """The option has another value."""
    value: object = spoilt(row.wanted)
    if isinstance(row.wanted, Exactly) and row.wanted.values[0] in ("yes", "no"):
        value = row.wanted.values[0] == "no"
    pattern = rf'"{row.name}": ("[^"]*"|true|false)'
    other, count = re.subn(pattern, f'"{row.name}": {json.dumps(value)}', facts.raw("sudoers"))
    assert count > 0
    return answered(facts, {"sudoers": Answer(0, other, "")})


def sender_setting(facts: HostFacts, row: Row) -> HostFacts:
    """The sender is told otherwise; rsyslog does not tell cases apart."""
    pattern = rf'(?i)\b({re.escape(row.name)}=)"[^"]*"'
    other, count = re.subn(pattern, rf'\1"{spoilt(row.wanted)}"', facts.raw("log_sender"))
    assert count > 0
    return answered(facts, {"log_sender": Answer(0, other, "")})


def rule_lost(facts: HostFacts, row: PlannedRule) -> HostFacts:
    """The kernel has the rule no more."""
    document = json.loads(facts.raw("ruleset"))
    opening = Opening.of(row.rule)
    for number in range(len(document["nftables"])):
        rest = [*document["nftables"][:number], *document["nftables"][number + 1 :]]
        text = json.dumps({"nftables": rest})
        if "rule" in document["nftables"][number] and opening not in read_ruleset(text).openings:
            return answered(facts, {"ruleset": Answer(0, text, "")})
    raise AssertionError(f"no rule opens {row.phrase}")


SPACED = r"{}(?: .*)?"
BREAKS: dict[str, Break] = {
    "ssh/setting": line("sshd", SPACED, lambda row: f"{row.name} {spoilt(row.wanted)}"),
    "auditor/session": line("sshd_auditor", SPACED, lambda row: f"{row.name} {spoilt(row.wanted)}"),
    "accounts/lock_out": line("faillock", SPACED, lambda row: f"{row.name} = {spoilt(row.wanted)}"),
    "accounts/password_quality": line("pwquality", SPACED, lambda row: f"{row.name} = {spoilt(row.wanted)}"),
    "accounts/login_defaults": line("login_defs", SPACED, lambda row: f"{row.name} {spoilt(row.wanted)}"),
    "files/protected": file_opened,
    "files/mounted": option_lost,
    "kernel/network_parameter": line("sysctl", "{} = .*", lambda row: f"{row.name} = {spoilt(row.wanted)}"),
    "kernel/parameter": line("sysctl", "{} = .*", lambda row: f"{row.name} = {spoilt(row.wanted)}"),
    "kernel/module_blocked": line("modules", "{} .*", lambda row: f"{row.name} insmod /lib/modules/x.ko"),
    "kernel/started_with": line("command_line", "{}", lambda _: "quiet"),
    "packages/not_installed": more("packages", lambda row: f"installed {row.name} 1.0"),
    "packages/installed": line("packages", "installed {} (.*)", lambda row: rf"config-files {row.name} \1"),
    "packages/apt_setting": line("apt_config", '{} ".*";', lambda row: f'{row.name} "{spoilt(row.wanted)}";'),
    "packages/unit_runs": unit_failed,
    "packages/unit_off": unit_started,
    "logging/journal_setting": line("journald", "{}=.*", lambda row: f"{row.name}={spoilt(row.wanted)}"),
    "remote_log/setting": sender_setting,
    "sudo/option": sudo_option,
    "firewall/rule_in_force": rule_lost,
}
"""By the name of the check."""
