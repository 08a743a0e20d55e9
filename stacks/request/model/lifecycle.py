"""The life of a tenant: from when to when, whether it may be removed, and where it came from."""

from __future__ import annotations

from typing import Annotated, Literal

from stacks.request.fields import Day, Label, Model, Text, example


class LegalHold(Model):
    """An order to keep everything as it is."""

    reason: Annotated[Text, example("inquiry 2026-17 of the audit office")]
    """The order, by its number."""
    by: Annotated[Text, example("Zhao Lei")]
    """Who gave it."""
    since: Annotated[Day, example("2026-11-02")]
    """From which day."""


class Lifecycle(Model):
    """From when to when the tenant lives, and whether it may be removed.

    `govcloud destroy` obeys `deletion` and `legal_hold`. The dates and the state are recorded and checked;
    a later release acts on them.
    """

    start: Annotated[Day | None, example("2026-12-01")] = None
    """The first day."""
    expiry: Annotated[Day | None, example("2029-11-30")] = None
    """The last day; without it the tenant does not expire."""
    state: Literal["active", "suspended"] = "active"
    """`suspended` asks for hosts that are stopped and keep their data."""
    deletion: Literal["allow", "prevent"] = "allow"
    """`prevent` refuses to remove the tenant until a change of this line is approved."""
    legal_hold: LegalHold | None = None
    """While it stands, nothing of the tenant is removed."""


class Adoption(Model):
    """A project that exists in the cloud already and is taken over; recorded, a later release imports it."""

    project: Annotated[Label, example("tourism-2019")]
    """The name of the existing project."""
