"""What can carry tags says whose it is, how it is classified and what manages it."""

from __future__ import annotations

from collections.abc import Iterator

from policies.context import Context
from policies.resource import UNKNOWN, Resource
from policies.rule import Rule

NEEDED = ("tenant", "classification", "environment", "managed-by")


def _check(resource: Resource, context: Context) -> Iterator[str]:
    if context.tenant is None:
        return
    given = resource.value("tags")
    tags = given if isinstance(given, list) and UNKNOWN not in given else []
    missing = [tag for tag in context.tenant.tags if tag not in tags]
    if missing:
        yield f"the tags {', '.join(missing)} are missing"
    said: dict[str, int] = {}
    for tag in tags:
        said[tag.partition("=")[0]] = said.get(tag.partition("=")[0], 0) + 1
    twice = [name for name in NEEDED if said.get(name, 0) > 1]
    if twice:
        yield f"the tag {', '.join(twice)} is given twice"


RULE = Rule(
    title="Whatever can carry tags says whose it is and how it is classified",
    controls=("8.1.4.2-g", "8.2.5.1-a"),
    check=_check,
    kinds=frozenset(
        {
            "compute/Instance",
            "identity/Project",
            "networking/FloatingIp",
            "networking/Network",
            "networking/Router",
            "networking/SecGroup",
        }
    ),
)
