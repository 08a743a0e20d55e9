"""Why a rule exists, in the reader's language. The plan and the cloud hold the same English for everybody."""

from __future__ import annotations

from stacks.language import knows, say
from stacks.plan.matrix import SERVICES, Reach

FLOW = "flow "
"""What the reason of a flow's rule begins with; the flow in absolute names follows."""


def spoken(reason: str) -> str:
    """The reason of a rule, in the current language; as it is where the catalogue has no words for it."""
    if reason.startswith(FLOW):
        return say("reason.flow", flow=reason.removeprefix(FLOW))
    entry = reason.lower().replace(" ", "-")
    return say(f"reason.{entry}") if knows(f"reason.{entry}") else reason


def service(reach: Reach) -> str:
    """What is reached: the platform's own services are called like the reason of their rule."""
    return spoken(reach.service) if reach.target == SERVICES else reach.service
