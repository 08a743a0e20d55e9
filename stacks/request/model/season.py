"""Seasons: the parts of the year in which a tenant needs more hosts."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from stacks.request.fields import Model, MonthDay, Name, example


class Season(Model):
    """A part of every year in which some host groups are larger."""

    first: MonthDay = Field(alias="from", serialization_alias="from", examples=["04-01"])
    """First day, as month and day."""
    last: MonthDay = Field(alias="to", serialization_alias="to", examples=["10-31"])
    """Last day. A season may pass the end of the year: from `11-15` to `03-15`."""
    factor: Annotated[int, Field(ge=2, le=10, strict=True, examples=[3])]
    """How many times the usual count of hosts; the quota grows alike."""
    hosts: Annotated[tuple[Name, ...], example(["web"])] = ()
    """The host groups that grow; without it, those that are published."""

    def holds(self, day: date) -> bool:
        """Whether the day lies in the season, both ends included."""
        return self.holds_on(f"{day:%m-%d}")

    def holds_on(self, written: str) -> bool:
        """Whether a day of every year, as `04-01`, lies in the season."""
        if self.first <= self.last:
            return self.first <= written <= self.last
        return written >= self.first or written <= self.last
