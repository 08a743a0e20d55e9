"""What was broken on real hosts and a real cloud, which checks turned red by it, and what that proves.

A control whose checks fail only on paper is not proved to be checked. The tests of the lab write what they
saw into `build/mutations.json`, which outlives their lab; `python -m tests.lab.mutation` takes it over into
`policies/mutations.json` and writes the page for people, docs/mutations.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from scripts.console import out
from scripts.evidence.catalogue import read_catalogue
from scripts.evidence.mutations import FILE, Break, Proofs, read_proofs, written
from scripts.evidence.provenance import head
from stacks.settings import REPOSITORY
from tests.unit.evidence.checks import CHECKS

RECORD = REPOSITORY / "build" / "mutations.json"
PAGE = REPOSITORY / "docs" / "mutations.md"
STARTED = datetime.now(UTC).replace(microsecond=0)
"""When this session began: what is older was seen by another one."""

COMMAND = "python -m tests.lab.mutation"
HOW = f"Run `make test-lab` and `make test-own-kernel`, then `.venv/bin/{COMMAND}`, and commit what it wrote."


@dataclass(frozen=True)
class Mutation:
    """One thing that goes wrong on a host.

    Attributes:
        breaks: shell commands, as root.
        mends: shell commands that take it back.
        red: the checks that must fail by it, as `area/check`.
    """

    breaks: str
    mends: str
    red: frozenset[str]


@cache
def controls_of(check: str) -> frozenset[str]:
    """The controls that a check is evidence for."""
    return frozenset(control for item in CHECKS if item.name == check for control in item.controls)


def proved(red: Iterable[str]) -> frozenset[str]:
    """The controls that are proved when these checks have turned red, and green again."""
    return frozenset().union(*map(controls_of, red))


def record(file: Path, where: str, breaks: Mapping[str, Iterable[str]]) -> None:
    """Keep what was proved now; what an earlier session saw of the same checks is forgotten.

    Args:
        breaks: for each thing that was broken, in words or commands, the checks that turned red. All of one
            call counts as broken at once; what was broken alone has a call of its own.
    """
    now, commit = datetime.now(UTC).replace(microsecond=0), head()
    seen = [
        Break(check, tuple(sorted(controls_of(check))), text, where, len(breaks) - 1, now, commit)
        for text, checks in breaks.items()
        for check in checks
    ]
    known = read_proofs(file).breaks if file.exists() else ()
    again, same = {one.check for one in seen}, {(one.check, one.broken, one.where) for one in seen}
    kept = [
        one
        for one in known
        if (one.when >= STARTED or one.check not in again) and (one.check, one.broken, one.where) not in same
    ]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(written([*kept, *seen]), encoding="utf-8")


def merged(known: Iterable[Break], seen: Iterable[Break]) -> list[Break]:
    """What is committed, with what was seen in its place; checks that are no more are left out."""
    seen = tuple(seen)
    again = {one.check for one in seen}
    rows = (*(one for one in known if one.check not in again), *seen)
    return [
        replace(one, controls=tuple(sorted(controls_of(one.check)))) for one in rows if controls_of(one.check)
    ]


HEAD = """\
# Can the audit itself fail?

For each control that checks show: what was broken on real hosts of the lab and in its cloud, and which
check turned red by it. Before, every check was green; while it was broken, exactly the declared checks
were red and no other; after the repair, all were green again. `{command}` writes this page and
`policies/mutations.json` from what the tests of the lab saw; a test refuses an automated control without
a line.

**Alone** means that nothing else was broken: that this check turns red by this was seen. Otherwise
several things were broken at once, because each audit takes its time: it was seen that together they turn
exactly the declared checks red, and which check belongs to which break is what the test declares.

{covered} of {automated} automated controls are proved able to fail.{missing}
"""


def page(proofs: Proofs) -> str:
    """All of it as Markdown: a line for each control, check and break."""
    return "\n".join(_lines(proofs)) + "\n"


def _lines(proofs: Proofs) -> Iterator[str]:
    catalogue = read_catalogue()
    covered = proofs.covered(catalogue)
    missing = [control for control in catalogue.controls if control in catalogue.automated - covered]
    yield HEAD.format(
        command=COMMAND,
        covered=len(covered),
        automated=len(catalogue.automated),
        missing=f" Not yet: {', '.join(missing)}." if missing else "",
    )
    yield "| control | check | broken by | on | beside | seen (UTC) | commit |"
    yield "|---|---|---|---|---|---|---|"
    for control in catalogue.controls:
        for one in proofs.of(control):
            text = " ".join(one.broken.split()).replace("|", "\\|")
            beside = f"{one.beside} others" if one.beside else "alone"
            commit = one.commit[:10] + ("+changes" if one.commit.endswith("+changes") else "")
            shown = f"{one.when:%Y-%m-%d %H:%M}"
            yield f"| {control} | {one.check} | `{text}` | {one.where} | {beside} | {shown} | {commit} |"


def main() -> None:
    """Take over what was seen, and write the page."""
    seen = read_proofs(RECORD).breaks if RECORD.exists() else ()
    FILE.write_text(written(merged(read_proofs().breaks, seen)), encoding="utf-8")
    proofs = read_proofs()
    PAGE.write_text(page(proofs), encoding="utf-8")
    catalogue = read_catalogue()
    covered, automated = len(proofs.covered(catalogue)), len(catalogue.automated)
    out.print(f"{covered} of {automated} automated controls are proved able to fail")


if __name__ == "__main__":
    main()
