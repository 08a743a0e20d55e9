"""Rows of the tables that checks are run over: one value of a host, and what it must be; one result a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from scripts.evidence.said import Said, listed, said


class Wanted(Protocol):
    """Values that are allowed."""

    def allows(self, value: str) -> bool:
        """Whether a value is one of them."""

    @property
    def phrase(self) -> str:
        """As a finding shows it."""


@dataclass(frozen=True)
class Exactly:
    """One value, or one of a few."""

    values: tuple[str, ...]

    def allows(self, value: str) -> bool:
        """Whether it is one of them."""
        return value in self.values

    @property
    def phrase(self) -> str:
        """As a finding shows it."""
        return listed(self.values, " or ")


@dataclass(frozen=True)
class Between:
    """A whole number within bounds, both included; `None` is no bound."""

    least: int | None
    most: int | None

    def allows(self, value: str) -> bool:
        """Whether it is a number, and within."""
        words = value.split()
        try:
            number = int(words[0]) if words else None
        except ValueError:
            return False
        if number is None:
            return False
        return (self.least is None or number >= self.least) and (self.most is None or number <= self.most)

    @property
    def phrase(self) -> str:
        """As a finding shows it."""
        if self.least is None:
            return said("at most {most}", most=self.most)
        if self.most is None:
            return said("at least {least}", least=self.least)
        return said("{least} to {most}", least=self.least, most=self.most)


@dataclass(frozen=True)
class Setting:
    """A row of a table.

    Attributes:
        name: what the host calls it.
        controls: ids of the catalogue for which it is evidence.
    """

    name: str
    wanted: Wanted
    controls: tuple[str, ...]

    @property
    def phrase(self) -> Said:
        """The row in a few words."""
        return said("{name} {wanted}", name=self.name, wanted=self.wanted.phrase)


def exactly(controls: str, **values: str) -> tuple[Setting, ...]:
    """Settings of the same controls; alternatives are separated by `|`.

    Args:
        controls: ids, separated by blanks.
    """
    marks = tuple(controls.split())
    return tuple(Setting(name, Exactly(tuple(value.split("|"))), marks) for name, value in values.items())


def named(controls: str, value: str, names: str) -> tuple[Setting, ...]:
    """Settings of the same controls with one value, for names that are no Python words."""
    return exactly(controls, **dict.fromkeys(names.split(), value))


def between(controls: str, least: int | None, most: int | None, *names: str) -> tuple[Setting, ...]:
    """Settings of the same controls and bounds."""
    return tuple(Setting(name, Between(least, most), tuple(controls.split())) for name in names)


@dataclass(frozen=True)
class Item:
    """A row that is a name alone: a package, a service."""

    name: str
    controls: tuple[str, ...]

    @property
    def phrase(self) -> str:
        """The row in a few words."""
        return self.name


def items(controls: str, names: str) -> tuple[Item, ...]:
    """Rows of the same controls, names separated by blanks."""
    return tuple(Item(name, tuple(controls.split())) for name in names.split())


@dataclass(frozen=True)
class Protected:
    """A file or folder that belongs to root and is closed as far as the limit says.

    Attributes:
        limit: the mode bits that it may have.
        groups: the groups that may own it.
        optional: whether a host may do without it.
    """

    name: str
    limit: int
    controls: tuple[str, ...]
    groups: tuple[str, ...] = ("root",)
    optional: bool = False

    @property
    def phrase(self) -> Said:
        """The row in a few words."""
        return said("{name}, at most {mode}", name=self.name, mode=f"{self.limit:04o}")


def protected(
    controls: str, limit: int, names: str, *, groups: str = "root", optional: bool = False
) -> tuple[Protected, ...]:
    """Files of the same controls and limit, names separated by blanks."""
    marks, owners = tuple(controls.split()), tuple(groups.split())
    return tuple(Protected(name, limit, marks, owners, optional) for name in names.split())
