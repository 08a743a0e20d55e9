"""Nothing secret gets into what Ansible leaves behind, and private keys stay where they were made."""

from __future__ import annotations

import subprocess
from pathlib import Path

from scripts.access.deployment import Deployment
from scripts.configure.authority import Authority
from tests.lab.conftest import Command

ENVIRONMENT = "an-operators-password-in-the-environment"


def holding(folder: Path, text: str) -> list[str]:
    """Files below the folder that hold the text."""
    ran = subprocess.run(["grep", "-rlF", "-e", text, folder], capture_output=True, text=True, check=False)
    assert ran.returncode in (0, 1), ran.stderr
    return ran.stdout.splitlines()


def test_records_of_runs_hold_no_secret(deployment: Deployment, govcloud: Command) -> None:
    result = govcloud("deploy", "luoyang-tourism", OS_PASSWORD=ENVIRONMENT, AWS_SECRET_ACCESS_KEY=ENVIRONMENT)
    assert result.returncode == 0, result.stderr
    records = deployment.settings.home / "ansible"
    assert holding(records, "Harden every host"), "the records are not where they were looked for"
    keys = [deployment.settings.operator_key, Authority.of(deployment.settings).key]
    secrets = [key.read_text().splitlines()[1] for key in keys]
    for secret in (
        *secrets,
        ENVIRONMENT,
        "PRIVATE KEY",
        deployment.settings.passphrase_file.read_text().strip(),
    ):
        assert holding(records, secret) == []


def test_the_key_of_a_portal_is_only_on_its_host(deployment: Deployment) -> None:
    for tenant in deployment.plan.tenants:
        for host in (host for host in tenant.hosts if host.workload == "portal"):
            path = "/etc/nginx/tls/key.pem"
            command = f"sudo stat -c %a:%U {path}; sudo sed -n 2p {path}; sudo find / -xdev -name ca.key"
            full = ["ssh", "-F", str(deployment.ssh_config), host.name, command]
            done = subprocess.run(full, capture_output=True, text=True, check=True, timeout=60)
            mode, secret, *rest = done.stdout.splitlines()
            assert mode == "600:root"
            assert holding(deployment.settings.home, secret) == []
            assert rest == []
