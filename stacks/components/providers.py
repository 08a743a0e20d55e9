"""The two hands that touch the cloud: the administrator's and the tenant's own."""

from __future__ import annotations

import pulumi
import pulumi_openstack as openstack


def administrator(cloud: str, region: str) -> openstack.Provider:
    """The provider of the `clouds.yaml` entry; only for what a tenant must not be able to do itself."""
    return openstack.Provider("administrator", cloud=cloud, region=region)


def tenant(
    name: str,
    *,
    identity_url: pulumi.Input[str],
    certificates: str,
    region: str,
    domain: str,
    project: pulumi.Input[str],
    user: pulumi.Input[str],
    password: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> openstack.Provider:
    """The provider that acts as the tenant, scoped to its project.

    `cloud` is empty on purpose: otherwise OS_CLOUD of the operator's shell would win, and the
    tenant's resources would be made with the administrator's rights. The SDK fills the other fixed
    arguments from the shell too where they are left out.

    Args:
        certificates: file with the authorities that sign the cloud's certificates; empty for the system's.
    """
    return openstack.Provider(
        name,
        cloud="",
        insecure=False,
        endpoint_type="",
        auth_url=identity_url,
        cacert_file=certificates or None,
        region=region,
        tenant_id=project,
        user_name=user,
        user_domain_name=domain,
        password=password,
        opts=opts,
    )
