"""One OpenSSH client configuration a deployment: every host by its name, through the bastion, multiplexed.

Ansible, testinfra, the proof and a person (`ssh -F FILE NAME`) all use the same file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, StrictUndefined, select_autoescape

from stacks.cloud import CloudAccess
from stacks.outputs import HostOutputs, PlatformOutputs
from stacks.plan.model import Plan
from stacks.settings import Settings

BASTION = "bastion"

TEMPLATE = """\
# Written by govcloud; changes are lost. Use: ssh -F this-file NAME
Host *
  User {{ user }}
  IdentityFile {{ key }}
  IdentitiesOnly yes
  PasswordAuthentication no
  UserKnownHostsFile {{ known_hosts }}
  StrictHostKeyChecking accept-new
  ConnectTimeout 15
  ServerAliveInterval 15
  ControlMaster auto
  ControlPath {{ sockets }}/%C
  ControlPersist 120
  LogLevel ERROR

Host {{ bastion }}
  HostName {{ bastion_address }}
  HostKeyAlias {{ bastion_id }}
{% if proxy %}  ProxyCommand nc -X 5 -x {{ proxy }} %h %p
{% endif %}
{% for name, address, id in hosts %}
Host {{ name }}
  HostName {{ address }}
  HostKeyAlias {{ id }}
  ProxyCommand ssh -F {{ file }} -W %h:%p {{ bastion }}
{% endfor %}
"""


@dataclass(frozen=True)
class SshFiles:
    """Files of the operator's SSH client; all of them in the deployment's home, mode 0600."""

    config: Path
    key: Path
    known_hosts: Path
    sockets: Path

    @classmethod
    def of(cls, settings: Settings) -> SshFiles:
        """The deployment's files, whether they exist yet or not."""
        folder = settings.home / "ssh"
        return cls(folder / "config", settings.operator_key, folder / "known_hosts", folder / "mux")


def write_ssh_config(
    settings: Settings,
    access: CloudAccess,
    plan: Plan,
    platform: PlatformOutputs,
    built: Mapping[str, HostOutputs],
) -> Path:
    """Write the configuration for the bastion and every host that exists.

    Host keys are remembered by server and image, so a host that was built anew does not look like an attack.

    Args:
        built: each existing host, by host name.
    """
    files = SshFiles.of(settings)
    files.sockets.mkdir(parents=True, exist_ok=True, mode=0o700)
    hosts = [
        (host.name, str(host.address), _identity(built[host.name].id, built[host.name].image))
        for tenant in plan.tenants
        for host in tenant.hosts
        if host.name in built
    ]
    text = (
        Environment(undefined=StrictUndefined, autoescape=select_autoescape(default_for_string=False))
        .from_string(TEMPLATE)
        .render(
            user=plan.platform.platform.cloud.image_user,
            key=files.key,
            known_hosts=files.known_hosts,
            sockets=files.sockets,
            bastion=BASTION,
            bastion_address=platform.bastion_address,
            bastion_id=_identity(platform.bastion, platform.image),
            proxy=access.proxy_endpoint,
            hosts=hosts,
            file=files.config,
        )
    )
    files.config.write_text(text, encoding="utf-8")
    files.config.chmod(0o600)
    return files.config


def _identity(server: str, image: str) -> str:
    return f"{server}-{image}"
