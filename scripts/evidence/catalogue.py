"""The control catalogue `policies/controls/*.yaml`: MLPS 2.0 level 3 (GB/T 22239-2019) in our own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from stacks.errors import RequestError
from stacks.language import Language
from stacks.settings import REPOSITORY

FOLDER = REPOSITORY / "policies" / "controls"

Text = Annotated[str, StringConstraints(min_length=1)]
Clause = Annotated[str, StringConstraints(pattern=r"^8(\.\d{1,2}){1,3}$")]


class Entry(BaseModel):
    """Base of the catalogue's models: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Entry):
    """A text in both languages of the pages."""

    en: Text
    zh: Text

    def __getitem__(self, language: str) -> str:
        """The text in one language."""
        return self.zh if language == Language.ZH else self.en


class Party(StrEnum):
    """Whom an auditor asks for what no machine shows."""

    DATA_CENTRE = "dc"
    OPERATOR = "op"
    DEPARTMENT = "dep"
    SECURITY = "sec"
    AUDIT = "aud"
    PERSONNEL = "hr"
    LEADERSHIP = "lead"
    DEVELOPERS = "dev"
    PURCHASING = "buy"


class ByHand(Words):
    """What a person looks at, and whom to ask for it."""

    ask: Party


class Severity(StrEnum):
    """How much harm an unmet control allows, in the words of graded assessments."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Control(Entry):
    """One lettered requirement of a clause; a clause without letters has the letter `a`.

    Attributes:
        id: clause and letter, for example `8.1.4.4-b`; what checks are marked with.
        unit: the test unit of GB/T 28448-2019, for example `L3-CES1-18`.
        kind: `automated` when at least one check is evidence for it, `manual` when a person shows it,
            `not_applicable` when it has no subject here.
        by_hand: what a person looks at; for an automated control, what its checks cannot show.
        reason: why it has no subject here.
        checks: checks, as `area/name`, that are evidence for it beside those marked with its id; one that
            goes through a table may have a row in brackets, and means every row otherwise. A control of
            management is shown by what is true on hosts and in the cloud; the checks themselves name the
            technical control that they were written for.
    """

    id: Annotated[str, StringConstraints(pattern=r"^8(\.\d{1,2}){3}-[a-j]$")]
    unit: Annotated[
        str, StringConstraints(pattern=r"^L3-(PES|CNS|ABS|CES|SMC|PSS|ORS|HRS|CMS|MMS)[12]-\d\d$")
    ]
    kind: Literal["automated", "manual", "not_applicable"]
    severity: Severity
    title: Words
    requirement: Words
    by_hand: ByHand | None = None
    reason: Words | None = None
    checks: tuple[Annotated[str, StringConstraints(pattern=r"^[a-z_]+/[a-z0-9_]+(\[.+\])?$")], ...] = ()

    @model_validator(mode="after")
    def _says_how(self) -> Control:
        if self.kind == "manual" and self.by_hand is None:
            raise ValueError(f"{self.id}: a manual control needs `by_hand`")
        if (self.kind == "not_applicable") != (self.reason is not None):
            raise ValueError(
                f"{self.id}: a control that is not applicable needs `reason`, and no other has one"
            )
        if self.checks and self.kind != "automated":
            raise ValueError(f"{self.id}: only an automated control has `checks`")
        return self


class Group(Entry):
    """The controls of one clause."""

    clause: Clause
    title: Words
    controls: Annotated[tuple[Control, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _belongs(self) -> Group:
        strangers = [control.id for control in self.controls if control.id.rpartition("-")[0] != self.clause]
        if strangers:
            raise ValueError(f"not of clause {self.clause}: {', '.join(strangers)}")
        return self


class Chapter(Entry):
    """One file of the catalogue."""

    clause: Clause
    title: Words
    groups: Annotated[tuple[Group, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Catalogue:
    """Every control, in the order of the standard."""

    chapters: tuple[Chapter, ...]

    @property
    def groups(self) -> Iterator[Group]:
        """Every clause with its controls."""
        return (group for chapter in self.chapters for group in chapter.groups)

    @cached_property
    def controls(self) -> dict[str, Control]:
        """Every control by its id."""
        return {control.id: control for group in self.groups for control in group.controls}

    @property
    def automated(self) -> frozenset[str]:
        """Ids of the controls that checks must cover."""
        return frozenset(key for key, control in self.controls.items() if control.kind == "automated")

    @cached_property
    def _by_check(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for control in self.controls.values():
            for check in control.checks:
                found[check] = (*found.get(check, ()), control.id)
        return found

    @property
    def named_checks(self) -> frozenset[str]:
        """Every check, as `area/name`, that a control names."""
        return frozenset(self._by_check)

    def controls_of(self, check: str, marked: Iterable[str]) -> tuple[str, ...]:
        """Every control that a check is evidence for: those it is marked with, and those that name it.

        Args:
            check: as `area/name`, with the row of its table in brackets where it has one.
            marked: ids of its markers.
        """
        named = dict.fromkeys((check, check.partition("[")[0]))
        return tuple(dict.fromkeys((*marked, *(c for name in named for c in self._by_check.get(name, ())))))


@lru_cache
def read_catalogue(folder: Path = FOLDER) -> Catalogue:
    """Read every file of the catalogue.

    Raises:
        RequestError: a file is damaged, or an id is used twice.
    """
    chapters = sorted((_chapter(path) for path in folder.glob("*.yaml")), key=lambda item: order(item.clause))
    catalogue = Catalogue(tuple(chapters))
    ids = [control.id for group in catalogue.groups for control in group.controls]
    twice = sorted({item for item in ids if ids.count(item) > 1})
    if twice or not ids:
        raise RequestError(
            f"the control catalogue {folder} is empty or uses an id twice: {', '.join(twice)}.",
            "Restore it from Git.",
        )
    return catalogue


def order(clause: str) -> tuple[int, ...]:
    """The place of a clause in the standard: 8.1.10 comes after 8.1.2."""
    return tuple(int(part) for part in clause.split("."))


def _chapter(path: Path) -> Chapter:
    try:
        return Chapter.model_validate(yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader))
    except (yaml.YAMLError, ValidationError) as error:
        raise RequestError(f"{path}: {error}", "Correct the control catalogue.") from error
