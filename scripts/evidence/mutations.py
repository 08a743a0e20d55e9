"""What was broken on real hosts and a real cloud to see checks turn red: `policies/mutations.json`.

A check that passed everywhere may be one that cannot fail. The tests of the lab break things and write
down which checks turned red by it; `python -m tests.lab.mutation` takes that over into the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from scripts.evidence.catalogue import Catalogue
from stacks.errors import RequestError
from stacks.settings import REPOSITORY

FILE = REPOSITORY / "policies" / "mutations.json"


@dataclass(frozen=True)
class Break:
    """One thing that was broken, and one check that was red then and green again afterwards.

    Attributes:
        check: `area/check[row]`, as the evidence calls it.
        controls: what the check is evidence for.
        broken: in words, or the command that broke it.
        where: the host, or the cloud.
        beside: how many other things were broken at the same time. With none, it was seen that this check
            turns red by this; with some, that all of them together turn exactly the declared checks red, and
            which belongs to which is what the test declares.
        when: when all was green again, in UTC.
        commit: of the tests and checks; ends in `+changes` when files differed from it.
    """

    check: str
    controls: tuple[str, ...]
    broken: str
    where: str
    beside: int
    when: datetime
    commit: str


@dataclass(frozen=True)
class Proofs:
    """All of them.

    Attributes:
        breaks: sorted by check.
    """

    breaks: tuple[Break, ...]

    def of(self, control: str) -> tuple[Break, ...]:
        """Those that prove a control's checks able to fail."""
        return tuple(item for item in self.breaks if control in item.controls)

    def covered(self, catalogue: Catalogue) -> frozenset[str]:
        """The automated controls that are proved able to fail."""
        return catalogue.automated & {control for item in self.breaks for control in item.controls}

    @property
    def commits(self) -> tuple[str, ...]:
        """At which commits, the newest first."""
        newest_first = sorted(self.breaks, key=lambda item: item.when, reverse=True)
        return tuple(dict.fromkeys(item.commit for item in newest_first))

    def days(self, now: datetime) -> tuple[int, int]:
        """Age of the newest and of the oldest in whole days; there is at least one."""
        ages = [(now - item.when).days for item in self.breaks]
        return min(ages), max(ages)


def read_proofs(file: Path = FILE) -> Proofs:
    """Read the file.

    Raises:
        RequestError: it is damaged.
    """
    try:
        return Proofs(TypeAdapter(tuple[Break, ...]).validate_json(file.read_bytes()))
    except (OSError, ValidationError) as error:
        raise RequestError(f"{file}: {error}", "Restore the file from Git.") from error


def written(breaks: Iterable[Break]) -> str:
    """The file's text: a line for each, in an order of its own, so that a change is easy to read."""
    rows = sorted(breaks, key=lambda item: (item.check, item.broken, item.where))
    lines = (json.dumps(asdict(row), ensure_ascii=False, default=datetime.isoformat) for row in rows)
    return "[\n" + ",\n".join(lines) + "\n]\n"
