"""The playbook itself: counted as Ansible counts it, and its roles say what they take."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from scripts.configure.playbook import PLAYBOOKS, SITE, task_count
from scripts.configure.progress import IMPLICIT
from tests.unit.configure.rendering import role_file

ROLES = sorted(path.name for path in (PLAYBOOKS / "roles").iterdir())


def test_the_count_is_that_of_ansible(tmp_path: Path) -> None:
    inventory = tmp_path / "hosts.json"
    hosts: dict[str, dict[str, str]] = {"web-1": {}}
    inventory.write_text(
        json.dumps({"all": {"hosts": hosts, "children": {"workload_portal": {"hosts": hosts}}}})
    )
    command = [sys.executable, "-m", "ansible", "playbook", "--list-tasks", "-i", str(inventory), str(SITE)]
    environment = {
        "ANSIBLE_CONFIG": str(PLAYBOOKS / "ansible.cfg"),
        "HOME": str(tmp_path),
        "PATH": "/usr/bin:/bin",
    }
    listed = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    tasks = [line for line in listed.splitlines() if "TAGS:" in line and "play #" not in line]
    counted = [line for line in tasks if IMPLICIT not in line]
    assert task_count({"workload_portal"}) == len(counted)


def test_a_host_without_a_portal_has_fewer_tasks() -> None:
    assert 0 < task_count({"workload_base"}) < task_count({"workload_portal"})


def test_every_role_says_what_it_takes() -> None:
    for role in ROLES:
        options = role_file(role, "meta/argument_specs.yml")["argument_specs"]["main"]["options"]
        assert all(name.startswith(f"{role}_") and "type" in spec for name, spec in options.items()), role


def test_every_default_is_declared() -> None:
    for role in ROLES:
        options = role_file(role, "meta/argument_specs.yml")["argument_specs"]["main"]["options"]
        declared = {name: spec["default"] for name, spec in options.items() if "default" in spec}
        path = PLAYBOOKS / "roles" / role / "defaults" / "main.yml"
        assert (role_file(role, "defaults/main.yml") if path.exists() else {}) == declared, role
