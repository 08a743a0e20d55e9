"""Exchanges: the declared, approved and inspected crossings of the wall (政务信息交换)."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field

from stacks.request.fields import DataClass, Day, FlowEnd, Model, Name, Text, example

ALWAYS = "malware"
"""What every file is examined for, whatever else is asked."""

APPROVERS = ("owner", "security")
"""Who must approve: the department that owns the data, and the security office; two different people."""


class Approval(Model):
    """The word of one named person."""

    role: Annotated[Literal["owner", "security"], example("owner")]
    """On whose behalf: the `owner` of the data, or the `security` office."""
    by: Annotated[Text, example("Zhang Min")]
    """The person who approved."""
    date: Annotated[Day, example("2026-11-02")]
    """The day of the approval."""


class Exchange(Model):
    """Files that go from one side of the wall to the other, through the exchange platform.

    Recorded, checked and planned; a later release builds the gateway. Until then nothing crosses.
    """

    name: Annotated[Name, example("bulletins")]
    """Unique among the tenant's exchanges."""
    source: FlowEnd = Field(alias="from", serialization_alias="from", examples=["office"])
    """Where the files come from: a segment of this tenant, or `tenant/segment`."""
    target: FlowEnd = Field(alias="to", serialization_alias="to", examples=["xiangyang-portal/portal"])
    """Where they go to, on the other side: a segment of this tenant, or `tenant/segment`."""
    data_class: Annotated[DataClass, example("public")]
    """The most sensitive data in the files; no end may hold less than that."""
    direction: Literal["one-way", "two-way"] = "one-way"
    """`two-way` lets answers travel back the same way, inspected alike."""
    inspection: Annotated[
        tuple[Literal["malware", "format", "keywords"], ...], example(["malware", "format"])
    ] = ("malware",)
    """What every file is examined for; `malware` always."""
    approvals: Annotated[
        tuple[Approval, ...],
        example(
            [
                {"role": "owner", "by": "Zhang Min", "date": "2026-11-02"},
                {"role": "security", "by": "Zhao Lei", "date": "2026-11-05"},
            ]
        ),
    ] = ()
    """Two are needed: one by the `owner`, one by the `security` office, from different people."""
    expiry: Annotated[Day, example("2027-10-31")]
    """The last day on which it is open, at most a year after the later approval."""

    @property
    def approved_on(self) -> datetime.date:
        """The day of the latest approval, from which on it counts.

        Raises:
            ValueError: nobody has approved it.
        """
        return max(item.date for item in self.approvals)
