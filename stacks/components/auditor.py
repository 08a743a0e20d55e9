"""The auditor's account in the cloud: it reads every project, and no policy lets it change anything."""

from __future__ import annotations

import pulumi
import pulumi_openstack as openstack

from stacks.plan.grants import AUDITOR, AUDITOR_ACCOUNT


class Auditor(pulumi.ComponentResource):
    """A role that `policies/openstack` lets read, a user who holds it everywhere, a project to enter by."""

    def __init__(self, *, domain: pulumi.Input[str], password: str, opts: pulumi.ResourceOptions) -> None:
        """Create the account.

        Args:
            domain: where the tenants' projects are; the role holds in each of them.
            password: from the deployment's own folder, like every secret of a person.
        """
        super().__init__("govcloud:identity:Auditor", "auditor", None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = openstack.identity.Role("auditor", name=AUDITOR, opts=child)
        project = openstack.identity.Project(
            "auditor",
            name=AUDITOR_ACCOUNT,
            description="Where the auditor enters; nothing runs here",
            domain_id=domain,
            opts=child,
        )
        user = openstack.identity.User(
            "auditor",
            name=AUDITOR_ACCOUNT,
            description="Reads for the audit; changes nothing",
            domain_id=domain,
            default_project_id=project.id,
            password=pulumi.Output.secret(password),
            opts=child,
        )
        openstack.identity.InheritRoleAssignment(
            "auditor", user_id=user.id, domain_id=domain, role_id=role.id, opts=child
        )
        self.register_outputs({})
