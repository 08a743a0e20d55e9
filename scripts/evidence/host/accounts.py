"""Accounts, keys, sessions and administrator rights of a host, parsed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NO_LOGIN = frozenset({"/usr/sbin/nologin", "/sbin/nologin", "/bin/false", "/usr/bin/false", "/bin/sync"})
"""Shells that end at once; /bin/sync belongs to the account `sync`, which has no password."""

SUDO_GROUP = "sudogrp"
"""Who may start sudo at all; what a member may do with it, sudoers says (role `sudo`)."""

SHADOWED = "x"
"""What stands in /etc/passwd where the hash is kept in /etc/shadow."""


@dataclass(frozen=True)
class Account:
    """A line of /etc/passwd.

    Attributes:
        shadowed: whether its password is kept where only root can read it.
    """

    name: str
    uid: int
    gid: int
    home: str
    shell: str
    shadowed: bool

    @property
    def can_log_in(self) -> bool:
        """Whether its shell gives a session."""
        return self.shell not in NO_LOGIN


@dataclass(frozen=True)
class Group:
    """A line of /etc/group."""

    name: str
    gid: int
    members: frozenset[str]


@dataclass(frozen=True)
class Session:
    """What a login session of the operators' account gets.

    Attributes:
        idle_seconds: TMOUT of the shell; 0 when it is not set.
        idle_fixed: whether the user cannot change it.
        core_limit: hard limit of core files.
    """

    umask: int
    idle_seconds: int
    idle_fixed: bool
    core_limit: str


@dataclass(frozen=True)
class SudoRights:
    """The sudo policy.

    Attributes:
        holders: users, and groups with a leading `%`, that may run anything as another user.
        options: the global options, for example `use_pty` and `logfile`.
        grants: what each holder may run, as sudo's JSON tells: users, options and commands.
    """

    holders: frozenset[str]
    options: Mapping[str, str | bool]
    grants: Mapping[str, tuple[Mapping[str, Any], ...]]


def passwd(text: str) -> tuple[Account, ...]:
    """Read /etc/passwd."""
    rows = (line.split(":") for line in text.splitlines())
    return tuple(
        Account(name, int(uid), int(gid), home, shell, shadowed=field == SHADOWED)
        for name, field, uid, gid, _, home, shell in rows
    )


def group(text: str) -> tuple[Group, ...]:
    """Read /etc/group."""
    fields = (line.split(":") for line in text.splitlines())
    return tuple(
        Group(name, int(gid), frozenset(item for item in members.split(",") if item))
        for name, _, gid, members in fields
    )


def password_states(text: str) -> dict[str, str]:
    """`passwd -S -a`: `L` locked, `NP` no password, `P` usable password, of each account."""
    return {name: state for name, state, *_ in (line.split() for line in text.splitlines() if line.strip())}


def authorized_keys(text: str) -> dict[str, frozenset[str]]:
    """The key material, without comments but with restrictions, of each account that has any."""
    found: dict[str, set[str]] = {}
    for line in text.splitlines():
        name, _, entry = line.partition(" ")
        found.setdefault(name, set()).add(key_of(entry))
    return {name: frozenset(keys) for name, keys in found.items()}


def key_of(entry: str) -> str:
    """`type blob` of an authorized_keys or .pub line, with its options in front where it has any."""
    words = entry.split()
    start = next((index for index, word in enumerate(words) if word.startswith(("ssh-", "ecdsa-", "sk-"))), 0)
    return " ".join(words[: start + 2])


def session(text: str) -> Session:
    """Read the answer of a login session."""
    umask, idle, fixed, core = text.split()[:4]
    seconds = idle.removeprefix("TMOUT=")
    return Session(int(umask, 8), int(seconds or 0), fixed != "0", core)


def sudo_rights(text: str) -> SudoRights:
    """Read what `cvtsudoers -e -f json` wrote."""
    document: dict[str, Any] = json.loads(text)
    options: dict[str, str | bool] = {}
    for entry in document.get("Defaults", []):
        if "Binding" not in entry:
            for option in entry["Options"]:
                options |= {key: value for key, value in option.items() if key != "operation"}
    grants: dict[str, tuple[Mapping[str, Any], ...]] = {}
    for spec in document.get("User_Specs", []):
        for user in map(_user, spec["User_List"]):
            grants[user] = (*grants.get(user, ()), *spec["Cmnd_Specs"])
    return SudoRights(frozenset(grants), options, grants)


def _user(user: Mapping[str, Any]) -> str:
    prefixes = {"username": "", "usergroup": "%", "userid": "#", "usergid": "%#", "netgroup": "+"}
    kind = next((name for name in prefixes if name in user), None)
    sign = "!" if user.get("negated") else ""
    return f"{sign}{prefixes[kind]}{user[kind]}" if kind else json.dumps(user, sort_keys=True)
