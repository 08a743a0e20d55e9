"""Rules of the kernel's audit, in one form whether they are loaded from a file or listed by the kernel.

`auditctl -l` writes them otherwise than people do: without the slash at the end of a folder, with `-F key=`
for `-k`, `-1` for `unset`, `-S all` where no call is named, and calls in the order of their numbers.
"""

from __future__ import annotations

from collections.abc import Iterable

UNSET = ("unset", "4294967295")
ACTIONS = ("-a", "-A", "-w")


def rules(text: str) -> frozenset[str]:
    """Every rule of a file, or of `auditctl -l`; what sets the audit itself up (`-b`, `-e` …) is none."""
    lines = (line.split() for line in text.splitlines())
    return frozenset(_rule(words) for words in lines if words and words[0] in ACTIONS)


def _rule(words: list[str]) -> str:
    options = list(zip(words[::2], words[1::2], strict=True))
    fields = {_field(value) for option, value in options if option == "-F"}
    fields |= {f"key={value}" for option, value in options if option == "-k"}
    fields |= {f"perm={_sorted(value)}" for option, value in options if option == "-p"}
    fields |= {f"path={value.rstrip('/')}" for option, value in options if option == "-w"}
    compared = {value for option, value in options if option == "-C"}
    calls = {call for option, value in options if option == "-S" for call in value.split(",")} - {"all"}
    when = next((value for option, value in options if option in ("-a", "-A")), "always,exit")
    parts = (",".join(sorted(when.split(","))), _joined(fields), _joined(compared), ",".join(sorted(calls)))
    return " | ".join(part for part in parts if part)


def _field(text: str) -> str:
    for word in UNSET:
        text = text.replace(f"={word}", "=-1")
    name, sign, value = text.partition("=")
    if name == "dir":
        name = "path"
    if name == "path":
        value = value.rstrip("/")
    return f"{name}{sign}{_sorted(value) if name == 'perm' else value}"


def _joined(fields: Iterable[str]) -> str:
    return " ".join(sorted(fields))


def _sorted(letters: str) -> str:
    return "".join(sorted(letters))
