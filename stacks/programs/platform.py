"""The stack `platform`: everything that is shared, from `tenants/platform.yaml`."""

from __future__ import annotations

from pathlib import Path

import pulumi
import pulumi_openstack as openstack

from stacks.cloud import cloud_access
from stacks.components.bastion import Bastion
from stacks.components.management import Management
from stacks.components.providers import administrator
from stacks.components.side import SideNetworks
from stacks.plan.landing_zone import plan_from_folder
from stacks.plan.model import PlatformPlan
from stacks.settings import Settings


def run() -> None:
    """Build the platform and export what tenants refer to (`stacks.outputs.PlatformOutputs`)."""
    settings = Settings.from_environment()
    plan = plan_from_folder(settings.tenants, settings.today)
    build(plan.platform, settings)


def build(plan: PlatformPlan, settings: Settings) -> None:
    """Translate the platform's plan into resources."""
    cloud, access = plan.platform.cloud, cloud_access(settings.cloud)
    provider = administrator(settings.cloud, cloud.region)
    options = pulumi.ResourceOptions(provider=provider)
    invoke = pulumi.InvokeOptions(provider=provider)
    external = openstack.networking.get_network_output(name=cloud.external_network, opts=invoke)
    domain = openstack.identity.get_project_output(name=cloud.domain, is_domain=True, opts=invoke)
    identity = openstack.identity.get_endpoint_output(
        service_type="identity", interface="public", opts=invoke
    )
    sides = {side.side.value: SideNetworks(side, opts=options) for side in plan.sides}
    management = Management(plan, opts=options)
    flavors = _flavors(plan, options)
    image = _image(plan, access.image_file, provider)
    bastion = Bastion(
        plan,
        management=management,
        image=image,
        flavor=flavors[plan.platform.management.bastion_flavor].flavor_id,
        public_key=settings.operator_public_key(),
        opts=options,
    )
    outputs = {
        "external_network": external.id,
        "external_network_name": cloud.external_network,
        "sides": {name: side.outputs for name, side in sides.items()},
        "management_network": management.network.id,
        "management_subnet": management.subnet.id,
        "management_router": management.router.id,
        "routes": [f"{route.destination} via {route.next_hop}" for route in plan.tenant_routes],
        "image": image,
        "flavors": {name: flavor.flavor_id for name, flavor in flavors.items()},
        "roles": {name: openstack.identity.get_role_output(name=name, opts=invoke).id for name in plan.roles},
        "groups": _groups(plan, domain.id, options),
        "domain": domain.id,
        "identity_url": identity.url,
        "certificates": access.certificates,
        "bastion": bastion.server.id,
        "bastion_address": bastion.floating_ip.address,
    }
    for name, value in outputs.items():
        pulumi.export(name, value)


def _groups(
    plan: PlatformPlan, domain: pulumi.Input[str], options: pulumi.ResourceOptions
) -> dict[str, pulumi.Output[str]]:
    return {
        group.name: openstack.identity.GroupV3(
            group.name, name=group.name, description=group.description, domain_id=domain, opts=options
        ).id
        for group in plan.groups
    }


def _flavors(plan: PlatformPlan, options: pulumi.ResourceOptions) -> dict[str, openstack.compute.Flavor]:
    return {
        name: openstack.compute.Flavor(
            f"flavor-{name}",
            name=f"govcloud-{name}",
            vcpus=flavor.vcpus,
            ram=flavor.memory,
            disk=flavor.disk,
            is_public=True,
            opts=options,
        )
        for name, flavor in plan.platform.flavors.items()
    }


def _image(plan: PlatformPlan, file: Path | None, provider: openstack.Provider) -> pulumi.Input[str]:
    """Upload the image that the cloud entry names a file for; otherwise use the cloud's own."""
    name = plan.platform.cloud.image
    if file is None:
        options = pulumi.InvokeOptions(provider=provider)
        return openstack.images.get_image_output(name=name, most_recent=True, opts=options).id
    image = openstack.images.Image(
        "image",
        name=name,
        local_file_path=str(file),
        container_format="bare",
        disk_format="raw",
        visibility="public",
        opts=pulumi.ResourceOptions(provider=provider),
    )
    return image.id
