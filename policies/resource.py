"""A resource as the rules see it: plain values, unknown ones marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

PROVIDER = "pulumi:providers:"
"""How the type of a provider begins."""

NO_VALUES: Mapping[str, Any] = {}


class Unknown(Enum):
    """What stands for a value that is known only after another resource is made."""

    UNKNOWN = "known only later"

    def __repr__(self) -> str:
        """As messages show it."""
        return self.value


UNKNOWN = Unknown.UNKNOWN


@dataclass(frozen=True)
class Resource:
    """One resource of a stack.

    Attributes:
        type: Pulumi's token, for example `openstack:networking/secGroupRule:SecGroupRule`.
        name: its name in the program.
        urn: unique in the state back end; names the stack.
        values: what the program asks for.
        provider: the provider that makes it.
        protect: whether the engine refuses to delete it.
        id: what the cloud calls it; `None` where that is not known yet.
        depends_on: URNs of everything that must exist before it.
        references: for each property that was made from others, their URNs.
    """

    type: str
    name: str
    urn: str
    values: Mapping[str, Any] = field(default_factory=lambda: NO_VALUES)
    provider: Resource | None = None
    protect: bool = False
    id: str | None = None
    depends_on: frozenset[str] = frozenset()
    references: Mapping[str, frozenset[str]] = field(default_factory=lambda: NO_VALUES)

    @property
    def kind(self) -> str:
        """The type without what every type repeats: `networking/SecGroupRule`, `providers/openstack`."""
        package, module, name = self.type.split(":", 2)
        if self.type.startswith(PROVIDER):
            return f"providers/{name}"
        own = module.split("/")[0]
        return f"{own}/{name}" if package == "openstack" else self.type

    @property
    def stack(self) -> str:
        """The stack that it belongs to."""
        return self.urn.removeprefix("urn:pulumi:").split("::")[0]

    def value(self, name: str) -> Any:  # noqa: ANN401 - a property holds anything
        """A property; `None` where the program does not set it."""
        return self.values.get(name)
