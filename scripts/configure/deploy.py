"""Configuring the hosts of tenants: greet them, run the playbook, and say what came of it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

from scripts.access.auditor import AuditorFolder, hand_over
from scripts.access.deployment import Deployment
from scripts.configure.attempts import Attempts
from scripts.configure.authority import Authority, ensure_authority
from scripts.configure.greet import part
from scripts.configure.inventory import Controller, Scope, Variables, groups_of, inventory
from scripts.configure.playbook import task_count
from scripts.configure.progress import GREETING, Failure, HostProgress, HostTable
from scripts.configure.run import Run
from scripts.evidence.host.script import script
from scripts.evidence.waiver import read_waivers
from scripts.toolchain import ensure_toolchain
from scripts.toolchain.versions import versions
from stacks.errors import HostError
from stacks.settings import Settings


@dataclass(frozen=True)
class Outcome:
    """What one deployment did.

    Attributes:
        seconds: from the first greeting to the last task.
        records: folder with the inventory and everything that Ansible said.
    """

    hosts: tuple[HostProgress, ...]
    seconds: float
    records: Path

    @property
    def failed(self) -> tuple[HostProgress, ...]:
        """The hosts that were not configured to the end."""
        return tuple(host for host in self.hosts if host.failure)


def deploy(deployment: Deployment, scope: Scope, *, check: bool = False) -> Outcome:
    """Configure every host of the scope; a host that fails does not stop the others.

    Args:
        check: say what would change, and change nothing.

    Raises:
        CloudError: a host has not been built yet.
        HostError: another deployment runs, or Ansible itself failed.
    """
    started = time.monotonic()
    with _alone(deployment.settings):
        content = _inventory(deployment, scope)
        run = Run.create(deployment.settings, content)
        groups = groups_of(deployment.plan, scope)
        with HostTable(HostProgress(name, task_count(groups[name])) for name in groups) as table:
            Attempts(run, table, deployment.ssh_config, check).configure()
        part([name for name, host in table.hosts.items() if host.changed], deployment.ssh_config)
        authority = Authority.of(deployment.settings).certificate
        used = versions(ensure_toolchain(deployment.settings))
        hand_over(deployment.settings, deployment.access, authority, used)
    return Outcome(tuple(table.hosts.values()), time.monotonic() - started, run.folder)


def _inventory(deployment: Deployment, scope: Scope) -> Variables:
    plan = deployment.plan
    authority = ensure_authority(deployment.settings, plan.platform.platform.name)
    controller = Controller(
        deployment.ssh_config,
        authority.certificate,
        authority.key,
        auditor_script=_audit_script(deployment),
        auditor_key=AuditorFolder(deployment.settings.auditor).public_key(),
    )
    waivers = read_waivers(deployment.settings.waivers, plan, deployment.settings.today)
    return inventory(plan, deployment.outputs.tenants, scope, controller, waivers)


def _audit_script(deployment: Deployment) -> Path:
    path = deployment.settings.home / "ansible" / "govcloud-audit"
    path.write_text(script(deployment.plan), encoding="utf-8")
    return path


def explain(outcome: Outcome, ssh_config: Path) -> HostError:
    """One error for all hosts that failed: which, at what, what they said, what to do."""
    said = "\n".join(_sentence(host.name, host.failure) for host in outcome.failed if host.failure)
    example = outcome.failed[0].name
    return HostError(
        said,
        f"Look with `ssh -F {ssh_config} {example}`, or at the records in {outcome.records}; "
        "then run the same command again: it goes on where it stopped.",
    )


def _sentence(host: str, failure: Failure) -> str:
    if failure.task == GREETING:
        return f"host {host} cannot be reached: {failure.message}"
    verb = "was lost" if failure.unreachable else "failed"
    return f"host {host} {verb} at “{failure.task}”: {failure.message}"


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Hold the deployment's lock; the kernel frees it when the process ends, however that comes."""
    path = settings.home / "ansible" / "lock"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("a+") as file:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise HostError(
                f"another `govcloud deploy` of this deployment is running (process {file.read()}).",
                "Wait for it to end; its work is not lost.",
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
