"""The Ansible inventory, from the plan and what was built. Pure: no file, no clock, no network.

Variables carry the name of the role that reads them; `playbooks/roles/*/meta/argument_specs.yml` types them.
`log_level` concerns several: `playbooks/group_vars/all.yml` says what it is to each.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.access.audit_session import ACCOUNT, COMMAND, KEYS_FILE, SESSION
from scripts.access.ssh import BASTION
from scripts.evidence.target import PLATFORM
from scripts.evidence.waiver import Decision, variables
from stacks.errors import CloudError
from stacks.outputs import HostOutputs, TenantOutputs, VolumeOutputs
from stacks.plan.model import HostPlan, Plan, Rule, TenantPlan, VolumePlan
from stacks.request.platform import LogService

Variables = dict[str, Any]


@dataclass(frozen=True)
class Controller:
    """What the inventory needs to know of the machine that runs Ansible.

    Attributes:
        ssh_config: knows every host by its name.
        authority_certificate: the deployment's CA.
        authority_key: its private key; only its path is ever passed on.
        auditor_script: what every host answers the audit with.
        auditor_key: the auditor's public key.
    """

    ssh_config: Path
    authority_certificate: Path
    authority_key: Path
    auditor_script: Path
    auditor_key: str


@dataclass(frozen=True)
class Scope:
    """Which hosts are configured.

    Attributes:
        tenants: ids; every host of each.
        platform: whether the bastion, which all tenants share, is configured too.
    """

    tenants: tuple[str, ...]
    platform: bool = False


def inventory(
    plan: Plan,
    built: Mapping[str, TenantOutputs],
    scope: Scope,
    controller: Controller,
    waivers: Collection[Decision] = (),
) -> Variables:
    """Every host of the scope, in groups by tenant, zone and workload.

    Args:
        waivers: what they set on a host wins over everything else.

    Raises:
        CloudError: a tenant, or one of its hosts, has not been built yet.
    """
    hosts = {
        host.name: _host(tenant, host, _built(tenant, host, built)) | variables(waivers, host.name, tenant.id)
        for tenant in map(plan.tenant, scope.tenants)
        for host in tenant.hosts
    }
    if scope.platform:
        hosts[BASTION] = _bastion(plan) | variables(waivers, BASTION, PLATFORM)
    members: dict[str, dict[str, Variables]] = defaultdict(dict)
    for name, groups in groups_of(plan, scope).items():
        for group in groups:
            members[group][name] = {}
    children = {group: {"hosts": names} for group, names in sorted(members.items())}
    return {"all": {"hosts": hosts, "vars": _shared(plan, controller), "children": children}}


def groups_of(plan: Plan, scope: Scope) -> dict[str, tuple[str, ...]]:
    """The Ansible groups of every host of the scope: by tenant, by zone, by workload."""
    shared = {BASTION: _groups("platform", "management", "base")} if scope.platform else {}
    return shared | {
        host.name: _groups(tenant.id, tenant.segment(host.segment).zone, host.workload)
        for tenant in map(plan.tenant, scope.tenants)
        for host in tenant.hosts
    }


def _groups(tenant: str, zone: str, workload: str) -> tuple[str, ...]:
    names = (f"tenant_{tenant}", f"zone_{zone}", f"workload_{workload}")
    return tuple(name.replace("-", "_") for name in names)


def language(text: str) -> str:
    """BCP 47 tag of a text: `zh-CN` as soon as it has a Chinese character, else `en`."""
    return "zh-CN" if any(unicodedata.name(char, "").startswith("CJK") for char in text) else "en"


def _built(tenant: TenantPlan, host: HostPlan, built: Mapping[str, TenantOutputs]) -> HostOutputs:
    outputs = built.get(tenant.id)
    there = outputs.hosts.get(host.key) if outputs else None
    if there is None or not {volume.key for volume in host.volumes} <= there.volumes.keys():
        raise CloudError(f"host {host.name} has not been built yet.", f"Run `govcloud up {tenant.id}` first.")
    return there


def _shared(plan: Plan, controller: Controller) -> Variables:
    platform = plan.platform.platform
    core, user = platform.core_services, platform.cloud.image_user
    return {
        "ansible_ssh_args": f"-F {controller.ssh_config}",
        "packages_source": str(core.packages),
        "packages_host": str(core.packages.host),
        "packages_suite": core.packages_suite,
        "packages_keyring": core.packages_key,
        "time_server": str(core.time),
        "accounts_login_user": user,
        "ssh_users": [user, ACCOUNT],
        "auditor_account": ACCOUNT,
        "auditor_command": COMMAND,
        "auditor_key": controller.auditor_key,
        "auditor_keys_file": KEYS_FILE,
        "auditor_script": str(controller.auditor_script),
        "auditor_session": SESSION,
        "services_institution": platform.name,
        "certificate_authority_certificate": str(controller.authority_certificate),
        "certificate_authority_key": str(controller.authority_key),
        **(_remote_log(core.log, controller) if core.log else {}),
    }


def _remote_log(log: LogService, controller: Controller) -> Variables:
    return {
        "remote_log_address": str(log.address),
        "remote_log_port": log.port,
        "remote_log_name": log.name,
        "remote_log_authority": str(controller.authority_certificate),
    }


def _host(tenant: TenantPlan, host: HostPlan, there: HostOutputs) -> Variables:
    rules = [rule_variables(rule) for rule in sorted(set(host.rules))]
    portal = _portal(tenant, host, there.floating_address) if host.workload == "portal" else {}
    volumes = [_volume(volume, there.volumes[volume.key]) for volume in host.volumes]
    return {
        "log_level": tenant.placement.log_level,
        "firewall_rules": rules,
        **({"volumes_attached": volumes} if volumes else {}),
        **portal,
    }


def _volume(plan: VolumePlan, there: VolumeOutputs) -> Variables:
    return {
        "id": there.id,
        "device": there.device,
        "size": plan.size,
        "mount": plan.mount,
        "options": list(plan.options),
    }


def _bastion(plan: Plan) -> Variables:
    management = plan.platform.management
    rules = management.bastion_security_group.rules
    return {
        "log_level": management.log_level,
        "firewall_rules": [rule_variables(rule) for rule in sorted(set(rules))],
        "ssh_forwarding": "local",
        "auditor_forwarding": "local",
    }


def rule_variables(rule: Rule) -> Variables:
    """A rule as the firewall role reads it."""
    return {
        "key": rule.key,
        "direction": str(rule.direction),
        "protocol": rule.protocol,
        "port": rule.port,
        "last_port": rule.ports[-1],
        "remote": rule.remote.with_prefixlen,
        "reason": rule.reason,
    }


def _portal(tenant: TenantPlan, host: HostPlan, floating_address: str | None) -> Variables:
    if host.site is None:
        raise ValueError(f"portal host {host.name} has no site; the request rules forbid that")
    title, names = _text(host.site.title), tenant.request.name
    return {
        "portal_hostnames": list(host.hostnames),
        "portal_addresses": [floating_address] if floating_address else [],
        "portal_ports": list(host.published_ports),
        "portal_publisher": _text(tenant.request.owner.department),
        "portal_other_name": _text(names.en if title["lang"] == "zh-CN" else names.zh),
        "portal_title": title,
        "portal_summary": _text(host.site.summary),
        "portal_services": [_text(service) for service in host.site.services],
    }


def _text(text: str) -> Variables:
    return {"text": text, "lang": language(text)}
