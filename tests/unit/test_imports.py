"""Which package knows which: in one direction only, and the programs of Pulumi nothing of the command."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from stacks.settings import REPOSITORY

TOPS = {
    "stacks": {"stacks"},
    "policies": {"policies", "stacks"},
    "scripts": {"scripts", "policies", "stacks"},
}
"""What each folder may import."""


def package(module: str) -> str:
    """The first two words of a module's name: `stacks.plan` of `stacks.plan.tenant`."""
    return ".".join(module.split(".")[:2])


def imported(path: Path) -> Iterator[str]:
    """Every module of ours that a file imports, wherever in it, also for types alone."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (name for name in names if name.split(".")[0] in TOPS)


def graph(root: Path) -> dict[str, set[str]]:
    """The packages below a folder, each with those that it imports."""
    found: dict[str, set[str]] = {}
    for top in TOPS:
        for path in (root / top).rglob("*.py"):
            own = package(".".join(path.relative_to(root).with_suffix("").parts))
            found.setdefault(own, set()).update({package(name) for name in imported(path)} - {own})
    return found


def circle(packages: Mapping[str, set[str]]) -> list[str]:
    """Packages that know each other in a circle; empty where none do."""
    try:
        TopologicalSorter(packages).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_two_packages_know_each_other() -> None:
    found = graph(REPOSITORY)
    assert {"stacks.request", "stacks.plan", "scripts.lab"} <= set(found)
    assert circle(found) == []


@pytest.mark.parametrize("top", TOPS)
def test_a_folder_imports_only_what_lies_below_it(top: str) -> None:
    known = {
        other for own, others in graph(REPOSITORY).items() if own.startswith(f"{top}.") for other in others
    }
    assert {other.split(".")[0] for other in known} <= TOPS[top]


def test_a_circle_is_seen(tmp_path: Path) -> None:
    for name, text in (("plan", "from stacks.request import rule"), ("request", "import stacks.plan.ledger")):
        (tmp_path / "stacks" / name).mkdir(parents=True)
        (tmp_path / "stacks" / name / "rule.py").write_text(f"def late():\n    {text}\n")
    assert set(circle(graph(tmp_path))) == {"stacks.plan", "stacks.request"}
