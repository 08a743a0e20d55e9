"""What the platform does for a tenant's hosts: names, hardening, backup."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from stacks.request.fields import Day, Hostname, Model, Name, Text, example


class Dns(Model):
    """The tenant's names. Recorded and checked; the operators tell the government's own name servers."""

    zone: Annotated[Hostname, example("luoyang.example")]
    """Every published host name lies in this zone."""
    ttl: Annotated[int, Field(ge=60, le=86400, strict=True)] = 300
    """Seconds for which an answer may be kept."""


class BaselineException(Model):
    """A hardening control that the tenant's hosts do not meet, for a time."""

    control: Annotated[Text, example("host-firewall")]
    """The control, as the evidence names it."""
    reason: Annotated[Text, example("the vendor's agent needs the kernel module until its next release")]
    """Why it cannot be met."""
    approved_by: Annotated[Text, example("Zhao Lei")]
    """Who accepted the risk."""
    until: Annotated[Day, example("2027-03-31")]
    """The last day of the exception."""


class Baseline(Model):
    """Hardening. All controls of the MLPS level hold for every host; here stand the exceptions.

    Recorded and checked; the audit still reports the control until a later release reads exceptions.
    """

    exceptions: tuple[BaselineException, ...] = ()
    """What is not met, each with a reason and an end."""


class Backup(Model):
    """Copies of the hosts' data. Recorded; a later release makes them."""

    every: Literal["day", "week"] = "day"
    """How often."""
    keep: Annotated[int, Field(ge=1, le=3650, strict=True)] = 30
    """Days for which a copy is kept."""
    hosts: Annotated[tuple[Name, ...], example(["db"])] = ()
    """The host groups that are copied; without it, all."""


class DedicatedNetwork(Model):
    """A virtual private network of the department's own (虚拟专网): VLANs that nobody shares.

    Its segments hang on routers of their own, one a side, which no other segment joins. Flows from and to
    them are declared like all others.
    """

    segments: Annotated[tuple[Name, ...], Field(min_length=1, examples=[["office"]])]
    """The segments that lie on VLANs; the operators write each one's number into `platform.yaml`."""
    reason: Annotated[Text, example("hospital imaging, 40 TB a year, by line to seven county hospitals")]
    """Why the shared network is not enough."""
