"""One run of the playbook through ansible-runner, over every host at once."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import ansible_runner

from scripts.configure.playbook import PLAYBOOKS, SITE
from scripts.configure.progress import HostTable
from stacks.errors import HostError, MachineError
from stacks.settings import Settings

KEPT_RUNS = 20
FORKS = 32
# The operator's other variables (cloud passwords, tokens) stay out of Ansible and of its records.
PASSED_ON = ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR", "USER")
RUNNER_OWN = ("ANSIBLE_", "AWX_", "RUNNER_")


@dataclass(frozen=True)
class Run:
    """One run and where its records are: `settings.home/ansible/runs/<id>`.

    Attributes:
        facts: what was learnt about hosts; shared by all runs.
    """

    folder: Path
    facts: Path

    @classmethod
    def create(cls, settings: Settings, inventory: Mapping[str, Any]) -> Run:
        """A new run with its inventory written; the oldest runs' records are removed."""
        runs = settings.home / "ansible" / "runs"
        folder = runs / f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}"
        (folder / "inventory").mkdir(parents=True, mode=0o700)
        text = json.dumps(inventory, indent=1, ensure_ascii=False)
        (folder / "inventory" / "hosts.json").write_text(text, encoding="utf-8")
        for old in sorted(runs.iterdir())[:-KEPT_RUNS]:
            shutil.rmtree(old, ignore_errors=True)
        return cls(folder, settings.home / "ansible" / "facts")

    def play(self, attempt: int, hosts: Collection[str], table: HostTable, *, check: bool) -> None:
        """Run the playbook on the hosts; failures of single hosts are in the table afterwards.

        Args:
            attempt: number of the attempt; names its records.
            check: say what would change, and change nothing.

        Raises:
            HostError: Ansible itself failed, before or beside any host.
        """
        runner = ansible_runner.interface.init_runner(
            private_data_dir=str(self.folder),
            playbook=str(SITE),
            ident=f"attempt-{attempt}",
            limit=",".join(sorted(hosts)),
            cmdline="--check --diff" if check else None,
            envvars=_environment(),
            fact_cache=str(self.facts),
            event_handler=table.watch,
            quiet=True,
            suppress_env_files=True,
        )
        runner.config.env = _clean(runner.config.env)
        runner.config.command = [*_launcher(), *runner.config.command[1:]]
        _, code = runner.run()
        if code and not any(host.failure for host in table.hosts.values()):
            log = Path(runner.config.artifact_dir) / "stdout"
            words = " ".join(log.read_text(encoding="utf-8", errors="replace").split("\n")[-6:]).strip()
            raise HostError(f"Ansible ended with code {code}: {words}", f"Read {log}.")


def _launcher() -> list[str]:
    """`ansible-playbook` of this interpreter, ended by the kernel when we are killed.

    ansible-runner lets it outlive us, and a second run would then meet the first one on the hosts.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise MachineError("the program setpriv is missing.", "Install util-linux.")
    return [setpriv, "--pdeathsig", "TERM", sys.executable, "-m", "ansible", "playbook"]


def _environment() -> dict[str, str]:
    mitogen = find_spec("ansible_mitogen")
    if mitogen is None or mitogen.origin is None:
        raise MachineError("the package mitogen is missing.", "Install this project with its lock file.")
    return {
        "ANSIBLE_CONFIG": str(PLAYBOOKS / "ansible.cfg"),
        "ANSIBLE_STRATEGY_PLUGINS": str(Path(mitogen.origin).parent / "plugins" / "strategy"),
        "ANSIBLE_STRATEGY": "mitogen_linear",
        "ANSIBLE_FORKS": str(FORKS),
        "ANSIBLE_NOCOLOR": "1",
    }


def _clean(environment: Mapping[str, str]) -> dict[str, str]:
    kept = {
        name: value for name, value in environment.items() if name in PASSED_ON or name.startswith(RUNNER_OWN)
    }
    # ansible-runner switches it off, and with it the host keys that the greeting has remembered.
    return {**kept, "ANSIBLE_HOST_KEY_CHECKING": "True"}
