"""The auditor's own way in: a folder that is handed over, by which hosts and cloud are read and not changed.

It holds a key, a password, an entry of `clouds.yaml`, and what hosts and portals are known by. Nothing else
of the deployment is needed, least of all Pulumi's state, which is judged too.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import yaml
from openstack.config import OpenStackConfig
from openstack.connection import Connection

from scripts.access.audit_session import ACCOUNT
from scripts.access.cloud_errors import translated
from scripts.access.connection import PATIENCE, quiet
from scripts.access.servers import ways
from scripts.access.ssh import SshFiles, write_config
from scripts.engine.keys import write_private
from stacks.cloud import CloudAccess, access_of
from stacks.errors import MachineError
from stacks.language import say
from stacks.plan.grants import AUDITOR_ACCOUNT
from stacks.plan.landing_zone import plan_from_folder
from stacks.plan.model import Plan
from stacks.settings import Settings


@dataclass(frozen=True)
class AuditorFolder:
    """What the auditor is given."""

    path: Path

    @property
    def key(self) -> Path:
        """The private key for hosts."""
        return self.path / "key"

    @property
    def clouds(self) -> Path:
        """A `clouds.yaml` with the auditor's entry alone."""
        return self.path / "clouds.yaml"

    @property
    def authority(self) -> Path:
        """The certificate of the deployment's CA, by which portals are known."""
        return self.path / "authority.pem"

    @property
    def operators(self) -> Path:
        """The operators' public key: the only one that their account may accept."""
        return self.path / "operators.pub"

    @property
    def known_hosts(self) -> Path:
        """The host keys that the operators have met."""
        return self.path / "known_hosts"

    @property
    def programs(self) -> Path:
        """The versions of the programs by which the operators built; older deployments left none."""
        return self.path / "programs.json"

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of files that are not there."""
        wanted = (self.key, self.clouds, self.authority, self.operators, self.known_hosts)
        return tuple(file.name for file in wanted if not file.exists())

    def public_key(self) -> str:
        """The public half of the key, in OpenSSH's one-line form."""
        return self.key.with_suffix(".pub").read_text(encoding="utf-8").strip()


@dataclass(frozen=True)
class AuditedDeployment:
    """An auditor's view of a running deployment: the requests' plan, and the way to what was built.

    Attributes:
        ssh_config: OpenSSH client configuration that knows every host by its plan name.
        floating_ips: the address on the outside of each fixed address that has one, as the cloud says.
    """

    settings: Settings
    plan: Plan
    folder: AuditorFolder
    access: CloudAccess
    ssh_config: Path
    floating_ips: Mapping[IPv4Address, IPv4Address]

    @contextmanager
    def connected(self, project: str | None = None) -> Iterator[Connection]:
        """The cloud's APIs as the auditor; with a project's id, inside of that project.

        Raises:
            CloudError: any refusal inside the block, as one paragraph.
        """
        with _connected(self.settings.cloud, self.folder, project) as connection:
            yield connection

    @property
    def programs(self) -> Mapping[str, str]:
        """Versions of the programs that built it all, by name, as the operators' machine said."""
        file = self.folder.programs
        found: dict[str, str] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        return found

    @cached_property
    def operator_keys(self) -> frozenset[str]:
        """The only keys that the operators' account may accept, as `type blob`."""
        text = self.folder.operators.read_text(encoding="utf-8")
        return frozenset(" ".join(line.split()[:2]) for line in text.splitlines() if line.strip())

    @cached_property
    def auditor_keys(self) -> frozenset[str]:
        """The only keys that the auditor's account may accept."""
        return frozenset({" ".join(self.folder.public_key().split()[:2])})


def hand_over(settings: Settings, access: CloudAccess, authority: Path, programs: Mapping[str, str]) -> None:
    """Fill the auditor's folder with what the operators know; key and password are there already.

    Args:
        authority: certificate of the deployment's CA.
        programs: versions of the programs that built it all, by name.
    """
    folder = AuditorFolder(settings.auditor)
    entry = dict(OpenStackConfig().cloud_config["clouds"][settings.cloud])
    domain = {
        f"{kind}_domain_name": entry["auth"].get(f"{kind}_domain_name", "Default")
        for kind in ("user", "project")
    }
    entry["auth"] = {
        "auth_url": entry["auth"]["auth_url"],
        "username": AUDITOR_ACCOUNT,
        "password": settings.auditor_password(),
        "project_name": AUDITOR_ACCOUNT,
        **domain,
    }
    entry["govcloud"] = {"proxy": access.proxy} if access.proxy else {}
    write_private(folder.clouds, yaml.safe_dump({"clouds": {settings.cloud: entry}}).encode())
    shutil.copyfile(authority, folder.authority)
    shutil.copyfile(f"{settings.operator_key}.pub", folder.operators)
    shutil.copyfile(SshFiles.of(settings).known_hosts, folder.known_hosts)
    write_private(folder.programs, json.dumps(dict(programs)).encode())


def open_audit(settings: Settings) -> AuditedDeployment:
    """Read the plan, ask the cloud where its hosts are, and write the auditor's SSH configuration.

    Raises:
        MachineError: the folder is not complete.
        CloudError: the cloud does not answer, or refuses the auditor.
        RequestError: the requests are wrong.
    """
    plan = plan_from_folder(settings.tenants, settings.today)
    folder = AuditorFolder(settings.auditor)
    if folder.missing:
        raise MachineError(
            say("audit.folder", path=folder.path, files=folder.missing), say("audit.hand-over")
        )
    entry = yaml.safe_load(folder.clouds.read_text(encoding="utf-8"))["clouds"].get(settings.cloud)
    if entry is None:
        raise MachineError(
            say("audit.no-cloud", file=folder.clouds, name=settings.cloud), say("audit.set-cloud")
        )
    access = access_of(settings.cloud, entry)
    with _connected(settings.cloud, folder, None) as cloud:
        found = ways(cloud, plan)
    files = SshFiles(folder.path / "ssh_config", folder.key, folder.known_hosts, folder.path / "mux")
    config = write_config(files, ACCOUNT, access.proxy_endpoint, found.bastion, found.hosts)
    return AuditedDeployment(settings, plan, folder, access, config, found.outside)


@contextmanager
def _connected(cloud: str, folder: AuditorFolder, project: str | None) -> Iterator[Connection]:
    quiet()
    config = OpenStackConfig(
        config_files=[str(folder.clouds)], vendor_files=[], secure_files=[], load_envvars=False
    )
    place: Mapping[str, Any] = {"project_id": project, "project_name": None} if project else {}
    region = config.get_one(cloud, api_timeout=PATIENCE, **place)
    with translated(cloud), Connection(config=region) as connection:
        yield connection
