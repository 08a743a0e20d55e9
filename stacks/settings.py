"""Where a deployment keeps its things, and which cloud it serves. The only reader of `GOVCLOUD_*`."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from stacks.errors import MachineError
from stacks.language import say

REPOSITORY = Path(__file__).resolve().parent.parent
HIGHEST_OFFSET = 50000
"""Of the lab's loopback ports, the highest of which is 10800 without one; TCP has 65535."""


@dataclass(frozen=True)
class Settings:
    """Folders and names of one deployment.

    Attributes:
        home: state that must survive: Pulumi state, keys, evidence (`GOVCLOUD_HOME`).
        cache: what can be made again: toolchain, images, package mirror, lab (`GOVCLOUD_CACHE`).
        cloud: the `clouds.yaml` entry with administrator rights (`GOVCLOUD_CLOUD` or `OS_CLOUD`, else `lab`).
        tenants: the folder with `platform.yaml` and one YAML per tenant (`GOVCLOUD_TENANTS`).
        backend: Pulumi state back end URL (`PULUMI_BACKEND_URL`, else a folder under `home`).
        lab_port_offset: added to every loopback port of the lab (`GOVCLOUD_LAB_PORT_OFFSET`), so that a
            machine can run several labs.
        waivers: the folder of the decisions that checks may fail (`GOVCLOUD_WAIVERS`).
        today: the day that is planned (`GOVCLOUD_DATE`, as in 2027-05-01; else the calendar of this machine).
    """

    home: Path
    cache: Path
    cloud: str
    tenants: Path
    backend: str
    lab_port_offset: int = 0
    waivers: Path = REPOSITORY / "policies" / "waivers"
    today: date = field(default_factory=lambda: _today(""))

    @classmethod
    def from_environment(cls) -> Settings:
        """Read the settings; every one has a default that works on a fresh machine.

        Raises:
            MachineError: the day or the port offset is none.
        """
        env = os.environ
        home = Path(env.get("GOVCLOUD_HOME") or Path.home() / ".local/share/govcloud").absolute()
        cache = Path(env.get("GOVCLOUD_CACHE") or Path.home() / ".cache/govcloud").absolute()
        return cls(
            home=home,
            cache=cache,
            cloud=env.get("GOVCLOUD_CLOUD") or env.get("OS_CLOUD") or "lab",
            tenants=Path(env.get("GOVCLOUD_TENANTS") or REPOSITORY / "tenants").absolute(),
            backend=env.get("PULUMI_BACKEND_URL") or f"file://{home / 'pulumi'}",
            waivers=Path(env.get("GOVCLOUD_WAIVERS") or REPOSITORY / "policies" / "waivers").absolute(),
            lab_port_offset=_offset(env.get("GOVCLOUD_LAB_PORT_OFFSET") or "0"),
            today=_today(env.get("GOVCLOUD_DATE") or ""),
        )

    @property
    def operator_key(self) -> Path:
        """Private key of the operators, generated per deployment; its public half ends in `.pub`."""
        return self.home / "keys" / "operator"

    @property
    def passphrase_file(self) -> Path:
        """Passphrase that encrypts the secrets in Pulumi's state, generated per deployment."""
        return self.home / "keys" / "passphrase"

    @property
    def auditor(self) -> Path:
        """The folder that an auditor is given: keys, password, entry of `clouds.yaml`, hosts' keys."""
        return self.home / "auditor"

    def auditor_password(self) -> str:
        """The password of the auditor's account in the cloud.

        Raises:
            MachineError: the deployment has no keys yet.
        """
        path = self.auditor / "password"
        if not path.exists():
            raise MachineError(
                f"the auditor's password {path} does not exist.", 'Run `eval "$(govcloud env)"`.'
            )
        return path.read_text(encoding="utf-8").strip()

    def operator_public_key(self) -> str:
        """The operators' public key, in OpenSSH's one-line form.

        Raises:
            MachineError: the deployment has no keys yet.
        """
        path = self.operator_key.with_suffix(".pub")
        if not path.exists():
            raise MachineError(f"the operators' key {path} does not exist.", 'Run `eval "$(govcloud env)"`.')
        return path.read_text(encoding="utf-8").strip()


def _offset(written: str) -> int:
    if not (written.isascii() and written.isdigit() and int(written) <= HIGHEST_OFFSET):
        raise MachineError(
            say("verb.no-offset-variable", value=written), say("verb.write-offset", highest=HIGHEST_OFFSET)
        )
    return int(written)


def _today(written: str) -> date:
    if not written:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise MachineError(say("verb.no-day-variable", value=written), say("verb.write-day")) from error
