"""Roles: which groups of people may do what in the tenant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from stacks.request.fields import GroupName, Model, example

Groups = tuple[GroupName, ...]


class Roles(Model):
    """Groups of the government's directory, and what each may do. No group stands in two roles.

    The one group that bears the tenant's id is its staff, and has the role member in any case.
    """

    manager: Annotated[Groups, example(["luoyang-it-leads"])] = ()
    """System administration: may also appoint members of the tenant."""
    member: Annotated[Groups, example(["luoyang-it"])] = ()
    """May use the tenant: hosts, volumes, networks within its plan."""
    reader: Annotated[Groups, example(["luoyang-helpdesk"])] = ()
    """May look at everything of the tenant and change nothing."""
    auditor: Annotated[Groups, example(["luoyang-audit"])] = ()
    """Audit administration: reads the tenant and its evidence."""

    def items(self) -> Iterator[tuple[str, Groups]]:
        """Every role with its groups, in the order of the fields."""
        for role in type(self).model_fields:
            yield role, getattr(self, role)
