"""One OpenSSH client configuration a deployment: every host by its name, through the bastion, multiplexed.

Ansible, testinfra, the proof and a person (`ssh -F FILE NAME`) all use the same file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, StrictUndefined, select_autoescape

from scripts.access.sockets import private_folder
from stacks.cloud import CloudAccess
from stacks.outputs import HostOutputs, PlatformOutputs
from stacks.plan.model import Plan
from stacks.settings import Settings

BASTION = "bastion"

TEMPLATE = """\
# Written by govcloud; changes are lost. Use: ssh -F this-file NAME
Host *
  User {{ user }}
  IdentityFile {{ files.key }}
  IdentitiesOnly yes
  PasswordAuthentication no
  UserKnownHostsFile {{ files.known_hosts }}
  StrictHostKeyChecking accept-new
  ConnectTimeout 15
  ServerAliveInterval 15
  ControlMaster auto
  ControlPath {{ sockets }}/%C
  ControlPersist 120
  LogLevel ERROR

Host {{ bastion.name }}
  HostName {{ bastion.address }}
  HostKeyAlias {{ bastion.known_as }}
{% if proxy %}  ProxyCommand nc -X 5 -x {{ proxy }} %h %p
{% endif %}
{% for host in hosts %}
Host {{ host.name }}
  HostName {{ host.address }}
  HostKeyAlias {{ host.known_as }}
  ProxyCommand ssh -F {{ files.config }} -W %h:%p {{ bastion.name }}
{% endfor %}
"""


@dataclass(frozen=True)
class SshFiles:
    """Files of the operator's SSH client; all of them in the deployment's home, mode 0600.

    Attributes:
        sockets: the folder for shared connections; where its path is too long, another takes its place.
    """

    config: Path
    key: Path
    known_hosts: Path
    sockets: Path

    @classmethod
    def of(cls, settings: Settings) -> SshFiles:
        """The deployment's files, whether they exist yet or not."""
        folder = settings.home / "ssh"
        return cls(folder / "config", settings.operator_key, folder / "known_hosts", folder / "mux")


@dataclass(frozen=True)
class Way:
    """How one host is reached.

    Attributes:
        known_as: what its host key is remembered under.
    """

    name: str
    address: str
    known_as: str


def write_config(files: SshFiles, user: str, proxy: str | None, bastion: Way, hosts: Sequence[Way]) -> Path:
    """Write one configuration for the bastion and the hosts behind it.

    Args:
        proxy: `host:port` of the SOCKS5 proxy before the bastion, where there is one.

    Raises:
        MachineError: there is no private place for sockets.
    """
    files.config.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    environment = Environment(
        undefined=StrictUndefined, autoescape=select_autoescape(default_for_string=False)
    )
    text = environment.from_string(TEMPLATE).render(
        user=user,
        files=files,
        sockets=private_folder(files.sockets),
        proxy=proxy,
        bastion=bastion,
        hosts=hosts,
    )
    files.config.write_text(text, encoding="utf-8")
    files.config.chmod(0o600)
    return files.config


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
    hosts = [
        Way(host.name, str(host.address), known_as(built[host.name].id, built[host.name].image))
        for tenant in plan.tenants
        for host in tenant.hosts
        if host.name in built
    ]
    bastion = Way(BASTION, platform.bastion_address, known_as(platform.bastion, platform.image))
    return write_config(files, plan.platform.platform.cloud.image_user, access.proxy_endpoint, bastion, hosts)


def known_as(server: str, image: str) -> str:
    """What a host's key is remembered under: a server that is built anew from its image has other keys."""
    return f"{server}-{image}"
