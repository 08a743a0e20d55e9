"""The control catalogue `policies/controls/*.yaml`: MLPS 2.0 level 3 (GB/T 22239-2019) in our own words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from stacks.errors import RequestError
from stacks.settings import REPOSITORY

FOLDER = REPOSITORY / "policies" / "controls"

Text = Annotated[str, StringConstraints(min_length=1)]
Clause = Annotated[str, StringConstraints(pattern=r"^8(\.\d{1,2}){1,3}$")]


class Entry(BaseModel):
    """Base of the catalogue's models: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Title(Entry):
    """A clause's title as people read it."""

    en: Text
    zh: Text


class Control(Entry):
    """One lettered requirement of a clause.

    Attributes:
        id: clause and letter, for example `8.1.4.4-b`; what checks are marked with.
        unit: the test unit of GB/T 28448-2019, for example `L3-CES1-18`.
        kind: `automated` when at least one check is evidence for it, `manual` when a person shows it.
        by_hand: what a person looks at; for an automated control, what its checks cannot show.
    """

    id: Annotated[str, StringConstraints(pattern=r"^8(\.\d{1,2}){3}-[a-h]$")]
    unit: Annotated[str, StringConstraints(pattern=r"^L3-(PES|CNS|ABS|CES|SMC)[12]-\d\d$")]
    kind: Literal["automated", "manual"]
    requirement: Text
    by_hand: Text | None = None

    @model_validator(mode="after")
    def _says_how(self) -> Control:
        if self.kind == "manual" and self.by_hand is None:
            raise ValueError(f"{self.id}: a manual control needs `by_hand`")
        return self


class Group(Entry):
    """The controls of one clause."""

    clause: Clause
    title: Title
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
    title: Title
    groups: Annotated[tuple[Group, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Catalogue:
    """Every control, in the order of the standard."""

    chapters: tuple[Chapter, ...]

    @property
    def groups(self) -> Iterator[Group]:
        """Every clause with its controls."""
        return (group for chapter in self.chapters for group in chapter.groups)

    @property
    def controls(self) -> dict[str, Control]:
        """Every control by its id."""
        return {control.id: control for group in self.groups for control in group.controls}

    @property
    def automated(self) -> frozenset[str]:
        """Ids of the controls that checks must cover."""
        return frozenset(key for key, control in self.controls.items() if control.kind == "automated")


@lru_cache
def read_catalogue(folder: Path = FOLDER) -> Catalogue:
    """Read every file of the catalogue.

    Raises:
        RequestError: a file is damaged, or an id is used twice.
    """
    chapters = sorted((_chapter(path) for path in folder.glob("*.yaml")), key=lambda item: item.clause)
    catalogue = Catalogue(tuple(chapters))
    ids = [control.id for group in catalogue.groups for control in group.controls]
    twice = sorted({item for item in ids if ids.count(item) > 1})
    if twice or not ids:
        raise RequestError(
            f"the control catalogue {folder} is empty or uses an id twice: {', '.join(twice)}.",
            "Restore it from Git.",
        )
    return catalogue


def _chapter(path: Path) -> Chapter:
    try:
        return Chapter.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise RequestError(f"{path}: {error}", "Correct the control catalogue.") from error
