"""The stack `platform`: everything that is shared, from `tenants/platform.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi
import pulumi_openstack as openstack

from stacks.cloud import CloudAccess, cloud_access
from stacks.components.auditor import Auditor
from stacks.components.bastion import Bastion
from stacks.components.hierarchy import Hierarchy, build_nodes
from stacks.components.management import Management
from stacks.components.providers import administrator
from stacks.components.side import SideNetworks
from stacks.outputs import PlatformOutputs
from stacks.plan.grants import DEPLOYER
from stacks.plan.landing_zone import plan_from_folder
from stacks.plan.model import PlatformPlan
from stacks.settings import Settings


def run() -> None:
    """Build the platform and export what tenants refer to (`stacks.outputs.PlatformOutputs`)."""
    settings = Settings.from_environment()
    plan = plan_from_folder(settings.tenants, settings.today)
    built = build(plan.platform, settings)
    for name in PlatformOutputs.model_fields:
        pulumi.export(name, built[name])


def build(plan: PlatformPlan, settings: Settings) -> pulumi.Output[dict[str, Any]]:
    """Translate the platform's plan into resources; the result has the fields of `PlatformOutputs`."""
    cloud = plan.platform.cloud
    provider = administrator(settings.cloud, cloud.region)
    invoke = pulumi.InvokeOptions(provider=provider)
    domain = openstack.identity.get_project_output(name=cloud.domain, is_domain=True, opts=invoke).id
    stays = Hierarchy(domain, invoke).require_nodes_stay(plan.nodes)
    return stays.apply(lambda _: _build(plan, settings, provider, domain))


def _build(
    plan: PlatformPlan, settings: Settings, provider: openstack.Provider, domain: pulumi.Output[str]
) -> pulumi.Output[dict[str, Any]]:
    cloud, access = plan.platform.cloud, cloud_access(settings.cloud)
    options = pulumi.ResourceOptions(provider=provider)
    invoke = pulumi.InvokeOptions(provider=provider)
    external = openstack.networking.get_network_output(name=cloud.external_network, opts=invoke)
    identity = openstack.identity.get_endpoint_output(
        service_type="identity", interface="public", opts=invoke
    )
    sides = {side.side.value: SideNetworks(side, opts=options) for side in plan.sides}
    management = Management(plan, opts=options)
    flavors = _flavors(plan, options)
    image = _image("image", cloud.image, access.image_file, provider)
    bastion = Bastion(
        plan,
        management=management,
        image=image,
        flavor=flavors[plan.platform.management.bastion_flavor].flavor_id,
        public_key=settings.operator_public_key(),
        opts=options,
    )
    Auditor(domain=domain, password=settings.auditor_password(), opts=options)
    outputs = {
        "external_network": external.id,
        "external_network_name": cloud.external_network,
        "sides": {name: side.outputs for name, side in sides.items()},
        "management_network": management.network.id,
        "management_subnet": management.subnet.id,
        "management_router": management.router.id,
        "routes": [f"{route.destination} via {route.next_hop}" for route in plan.tenant_routes],
        "image": image,
        "images": _zone_images(plan, access, provider),
        "flavors": {name: flavor.flavor_id for name, flavor in flavors.items()},
        "volume_types": _volume_types(invoke) if cloud.block_storage else [],
        "roles": {
            DEPLOYER: openstack.identity.Role("deployer", name=DEPLOYER, opts=options).id,
            **{name: openstack.identity.get_role_output(name=name, opts=invoke).id for name in plan.roles},
        },
        "groups": _groups(plan, domain, options),
        "nodes": build_nodes(plan.nodes, domain, options),
        "domain": domain,
        "identity_url": identity.url,
        "certificates": access.certificates,
        "bastion": bastion.server.id,
        "bastion_address": bastion.floating_ip.address,
    }
    return pulumi.Output.from_input(outputs)


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


def _volume_types(invoke: pulumi.InvokeOptions) -> pulumi.Output[list[str]]:
    """Every volume type: Cinder has a quota for each, also for the administrator's own project."""
    project = openstack.identity.get_auth_scope_output(name="platform", opts=invoke).project_id
    quota = openstack.blockstorage.get_quotaset_v3_output(project_id=project, opts=invoke)
    return quota.volume_type_quota.apply(
        lambda limits: sorted(
            name.removeprefix("volumes_") for name in limits or {} if name.startswith("volumes_")
        )
    )


def _zone_images(
    plan: PlatformPlan, access: CloudAccess, provider: openstack.Provider
) -> dict[str, pulumi.Input[str]]:
    """The images of single availability zones, by these."""
    zones = plan.platform.cloud.zone_images
    made = {
        name: _image(f"image-{name}", name, access.image_files.get(name), provider)
        for name in sorted(set(zones.values()))
    }
    return {zone: made[name] for zone, name in zones.items()}


def _image(resource: str, name: str, file: Path | None, provider: openstack.Provider) -> pulumi.Input[str]:
    """Upload the image that the cloud entry names a file for; otherwise use the cloud's own."""
    if file is None:
        options = pulumi.InvokeOptions(provider=provider)
        return openstack.images.get_image_output(name=name, most_recent=True, opts=options).id
    image = openstack.images.Image(
        resource,
        name=name,
        local_file_path=str(file),
        container_format="bare",
        disk_format="qcow2" if file.suffix == ".qcow2" else "raw",
        visibility="public",
        opts=pulumi.ResourceOptions(provider=provider),
    )
    return image.id
