"""The hierarchy of projects in Keystone: its nodes, and that nothing which is built moves in it.

Keystone never moves a project. Pulumi would delete it with everything inside and make it anew, so whoever
would move is refused before anything is touched. The cloud itself is asked, because Pulumi's state may lack
what an interrupted update has made.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, TypeVar

import pulumi
import pulumi_openstack as openstack

from stacks.plan.lineage import NodePlan
from stacks.plan.model import TenantPlan

TAGS = ("managed-by=govcloud", "kind=node")
"""What finds every node."""

NOWHERE = "nowhere"
"""Stands for the id of a project that is not there."""

IMMOVABLE = "Keystone cannot move a project: it would be deleted with everything inside. Nothing was touched."

T = TypeVar("T")


class Hierarchy:
    """Projects as Keystone has them now.

    Args:
        domain: id of the domain that all of them are in.
    """

    def __init__(self, domain: pulumi.Input[str], opts: pulumi.InvokeOptions) -> None:
        self._domain = pulumi.Output.from_input(domain)
        self._opts = opts

    def ids(
        self,
        *,
        name: str | None = None,
        parent: pulumi.Input[str] | None = None,
        tags: list[str] | None = None,
    ) -> pulumi.Output[list[str]]:
        """Ids of the projects that match, disabled ones too."""
        found = [
            openstack.identity.get_project_ids_v3_output(
                name=name,
                parent_id=parent,
                tags=tags,
                domain_id=self._domain,
                enabled=enabled,
                opts=self._opts,
            ).ids
            for enabled in (True, False)
        ]
        return _all(found).apply(_joined)

    def has_moved(self, name: str, parent: pulumi.Input[str]) -> pulumi.Output[bool]:
        """Whether a project of that name is there, but not below that parent."""
        parents: pulumi.Output[list[str]] = self.ids(name=name).apply(self._parents)
        found = pulumi.Output.all(parents, parent)
        return found.apply(lambda both: any(item != both[1] for item in both[0]))

    def _parents(self, projects: list[str]) -> pulumi.Output[list[str]]:
        return _all(self._project(item).parent_id for item in projects)

    def _project(self, project: str) -> pulumi.Output[openstack.identity.GetProjectResult]:
        return openstack.identity.get_project_output(project_id=project, opts=self._opts)

    def require_tenant_stays(self, tenant: TenantPlan, parent: str | None) -> pulumi.Output[None]:
        """Refuse to build a tenant whose project stands elsewhere.

        Args:
            parent: id of the node that the plan puts it in; none for the domain.
        """
        moved = self.has_moved(tenant.project, self._domain if parent is None else parent)
        return moved.apply(partial(_refuse_tenant, tenant))

    def require_nodes_stay(self, nodes: tuple[NodePlan, ...]) -> pulumi.Output[list[None]]:
        """Refuse to move or remove a node that has something built below it."""
        found = {node.tenant: self.ids(name=node.name) for node in nodes}
        stale: pulumi.Output[list[str]] = _all(
            [self.ids(tags=list(TAGS)), _all(found.values()).apply(_joined)]
        ).apply(lambda lists: [item for item in lists[0] if item not in lists[1]])
        checks: list[pulumi.Output[None]] = [stale.apply(self._require_empty)]
        for node in nodes:
            above = found[node.above].apply(_only) if node.above else self._domain
            checks.append(self.has_moved(node.name, above).apply(partial(self._require_unused, node)))
        return _all(checks)

    def _require_empty(self, stale: list[str]) -> pulumi.Output[None]:
        """Refuse to remove nodes with something in them, other than nodes that go as well."""
        inside = _all(self.ids(parent=node) for node in stale).apply(_joined)
        names: pulumi.Output[list[str]] = inside.apply(
            lambda ids: self._names([item for item in ids if item not in stale])
        )
        return names.apply(_refuse_removal)

    def _names(self, projects: list[str]) -> pulumi.Output[list[str]]:
        return _all(self._project(item).name for item in projects)

    def _require_unused(self, node: NodePlan, moved: bool) -> pulumi.Output[None]:
        """Refuse to move a node while a tenant below it is built."""
        built = [self.ids(name=tenant) for tenant in node.below] if moved else []
        return _all(built).apply(partial(_refuse_node, node))


def _all(outputs: Iterable[pulumi.Output[T]]) -> pulumi.Output[list[T]]:
    """As `pulumi.Output.all`, which makes a dictionary out of nothing."""
    listed: list[Any] = list(outputs)
    return pulumi.Output.from_input(listed)


def _joined(lists: list[list[str]]) -> list[str]:
    return [item for ids in lists for item in ids]


def _only(ids: list[str]) -> str:
    return ids[0] if ids else NOWHERE


def _refuse_tenant(tenant: TenantPlan, moved: bool) -> None:
    if moved:
        place = f"below {tenant.lineage[-1]}" if tenant.lineage else "below nobody"
        raise pulumi.RunError(
            f"tenant {tenant.id} is built elsewhere in the hierarchy, and its request puts it {place}. "
            f"{IMMOVABLE} Put `parent` in tenants/{tenant.id}.yaml back, as Git has it; or build it anew: "
            f"`govcloud destroy {tenant.id}`, then `govcloud up {tenant.id}`."
        )


def _refuse_removal(projects: list[str]) -> None:
    if projects:
        names = ", ".join(sorted(projects))
        raise pulumi.RunError(
            f"{names}: built below a tenant that has nobody there, by the requests. {IMMOVABLE} "
            "Put their `parent` back, as Git has it; or build them anew: `govcloud destroy` each of them, "
            "then `govcloud up --all`."
        )


def _refuse_node(node: NodePlan, found: list[list[str]]) -> None:
    built = [tenant for tenant, ids in zip(node.below, found, strict=False) if ids]
    if built:
        raise pulumi.RunError(
            f"tenant {node.tenant} got another parent; below it are built: {', '.join(built)}. {IMMOVABLE} "
            f"Put `parent` in tenants/{node.tenant}.yaml back, as Git has it; or build them anew: "
            f"`govcloud destroy {' '.join(built)}`, then `govcloud up --all`."
        )


def build_nodes(
    nodes: tuple[NodePlan, ...], domain: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> dict[str, pulumi.Output[str]]:
    """Make the nodes, the highest first; their ids by tenant."""
    made: dict[str, pulumi.Output[str]] = {}
    replaced = pulumi.ResourceOptions(delete_before_replace=True)  # two of one name cannot be
    for node in nodes:
        made[node.tenant] = openstack.identity.Project(
            node.name,
            name=node.name,
            description=f"Holds the tenants below {node.tenant}; nothing runs here",
            domain_id=domain,
            parent_id=made[node.above] if node.above else None,
            tags=list(TAGS),
            opts=pulumi.ResourceOptions.merge(opts, replaced),
        ).id
    return made
