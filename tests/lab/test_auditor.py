"""The auditor reads everything and changes nothing: hosts and cloud refuse each attempt, and nothing is left.

Source: GB/T 22239-2019 8.1.5.2 a, 8.1.4.2 d.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.access.audit_session import ACCOUNT, COMMAND, QUESTION
from scripts.access.auditor import AuditedDeployment, open_audit
from scripts.access.deployment import Deployment
from scripts.evidence.host.gather import connect
from stacks.plan.grants import AUDITOR_ACCOUNT
from stacks.settings import REPOSITORY
from tests.lab.conftest import Cloud
from tests.lab.test_forbidden_calls import estate
from tests.lab.trespass import FORBIDDEN, Call, filled

pytestmark = [
    pytest.mark.timeout(600),
    # openstacksdk 4.22 warns on every connection of what it calls itself.
    pytest.mark.filterwarnings("ignore::PendingDeprecationWarning"),
]

HOST, TENANT = "taihe-office-oa-1", "taihe-office"
REFUSED = 126
"""What the auditor's one session ends with when it is asked for anything but the audit."""

OVER_SSH = (
    "id",
    "sh -c 'echo broken > /tmp/broken'",
    "touch /tmp/broken",
    "sudo -n sh -c id",
    f"sudo -n {COMMAND}",
    f"{QUESTION}; touch /tmp/broken",
    f"{QUESTION} && sudo -n sh",
    f"{QUESTION}\ntouch /tmp/broken",
    "$(touch /tmp/broken)",
    "/usr/lib/openssh/sftp-server",
    "scp -t /tmp/broken",
    "systemctl stop chrony",
)
"""What is asked of sshd in the auditor's name."""

BEHIND = (
    "echo broken > /etc/broken",
    f"echo '#!/bin/sh' > {COMMAND}",
    f"cp /bin/sh {COMMAND}",
    "echo key >> /etc/ssh/auditor_keys",
    "sudo -n true",
    "sudo -n sh -c id",
    "sudo -n -u debian id",
    "sudo -n -e /etc/passwd",
    f"sudo -n {COMMAND} --help",
    f"sudo -n sh {COMMAND}",
    f"sudo -n PYTHONPATH=/tmp {COMMAND}",
    "su root -c id",
    "systemctl stop chrony",
    "nft flush ruleset",
    "sysctl -w net.ipv4.ip_forward=1",
    "apt-get -y remove sudo",
    "useradd mallory",
    "cat /etc/shadow",
    "journalctl --vacuum-time=1s --root=/",
    "kill 1",
)
"""What even a shell of the account, which it has not, could not do: each must fail by itself."""

OBJECTS = (
    Call("make a network", "POST network /networks", {"network": {"name": "zz-audit"}}),
    Call("change the network", "PUT network /networks/{network}", {"network": {"name": "zz-audit"}}),
    Call("delete the network", "DELETE network /networks/{network}"),
    Call("make a router", "POST network /routers", {"router": {"name": "zz-audit"}}),
    Call("change the router", "PUT network /routers/{router}", {"router": {"admin_state_up": False}}),
    Call("delete the router", "DELETE network /routers/{router}"),
    Call("make a group", "POST network /security-groups", {"security_group": {"name": "zz-audit"}}),
    Call("change the group", "PUT network /security-groups/{group}", {"security_group": {"name": "zz"}}),
    Call("delete the group", "DELETE network /security-groups/{group}"),
    Call(
        "open the group",
        "POST network /security-group-rules",
        {"security_group_rule": {"security_group_id": "{group}", "direction": "ingress"}},
    ),
    Call("change a port", "PUT network /ports/{port}", {"port": {"port_security_enabled": False}}),
    Call("delete a port", "DELETE network /ports/{port}"),
    Call(
        "make a subnet pool",
        "POST network /subnetpools",
        {"subnetpool": {"name": "z", "prefixes": ["10.0.0.0/8"]}},
    ),
    Call(
        "take a floating IP",
        "POST network /floatingips",
        {"floatingip": {"floating_network_id": "{external}"}},
    ),
    Call("raise the network quota", "PUT network /quotas/{project}", {"quota": {"network": 1000}}),
    Call("raise the compute quota", "PUT compute /os-quota-sets/{project}", {"quota_set": {"cores": 1000}}),
    Call(
        "raise the volume quota",
        "PUT block_storage /os-quota-sets/{project}",
        {"quota_set": {"gigabytes": 1000}},
    ),
    Call("make a volume", "POST block_storage /volumes", {"volume": {"name": "zz-audit", "size": 1}}),
    Call("stop a host", "POST compute /servers/{server}/action", {"os-stop": None}),
    Call("reboot a host", "POST compute /servers/{server}/action", {"reboot": {"type": "HARD"}}),
    Call("rename a host", "PUT compute /servers/{server}", {"server": {"name": "zz-audit"}}),
    Call("delete a host", "DELETE compute /servers/{server}"),
    Call(
        "read a console",
        "POST compute /servers/{server}/remote-consoles",
        {"remote_console": {"protocol": "vnc", "type": "novnc"}},
    ),
    Call(
        "make a flavor", "POST compute /flavors", {"flavor": {"name": "zz", "ram": 64, "vcpus": 1, "disk": 1}}
    ),
    Call("make a key pair", "POST compute /os-keypairs", {"keypair": {"name": "zz-audit"}}),
    Call(
        "make a server group",
        "POST compute /os-server-groups",
        {"server_group": {"name": "zz", "policies": ["affinity"]}},
    ),
    Call("make an image", "POST image /images", {"name": "zz-audit"}),
    Call("delete the image", "DELETE image /images/{image}"),
    Call("make a project", "POST identity /projects", {"project": {"name": "zz-audit"}}),
    Call("disable the project", "PATCH identity /projects/{project}", {"project": {"enabled": False}}),
    Call("make a user", "POST identity /users", {"user": {"name": "zz-audit"}}),
    Call("change itself", "PATCH identity /users/{me}", {"user": {"description": "zz"}}),
    Call("become administrator", "PUT identity /projects/{project}/users/{me}/roles/{admin}"),
    Call("make a role", "POST identity /roles", {"role": {"name": "zz-audit"}}),
    Call(
        "hand its rights on",
        "POST identity /OS-TRUST/trusts",
        {
            "trust": {
                "trustor_user_id": "{me}",
                "trustee_user_id": "{user}",
                "project_id": "{project}",
                "roles": [],
                "impersonation": False,
            }
        },
    ),
    Call(
        "keep an application credential",
        "POST identity /users/{me}/application_credentials",
        {"application_credential": {"name": "zz-audit"}},
    ),
    Call(
        "keep an EC2 credential", "POST identity /users/{me}/credentials/OS-EC2", {"tenant_id": "{project}"}
    ),
)


@pytest.fixture(scope="module")
def handed(deployment: Deployment, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An auditor's machine: this checkout, the folder that was handed over, and nothing else."""
    home = tmp_path_factory.mktemp("audit")
    shutil.copytree(deployment.settings.auditor, home / "auditor", ignore=shutil.ignore_patterns("mux"))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OS_", "PULUMI_"))}
    return kept | {"GOVCLOUD_HOME": str(home), "OS_CLOUD": deployment.settings.cloud, "HOME": str(home)}


@pytest.fixture(scope="module")
def auditor(deployment: Deployment) -> AuditedDeployment:
    return open_audit(deployment.settings)


def test_the_folder_is_all_that_an_audit_needs(handed: dict[str, str]) -> None:
    environment = {name: value for name, value in handed.items() if name != "OS_CLIENT_CONFIG_FILE"}
    done = subprocess.run(
        [Path(sys.executable).with_name("govcloud"), "audit", TENANT, "platform", "--json"],
        env=environment, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    found = json.loads(done.stdout)
    hosts = {name: sum(r["host"] == name for r in found["results"]) for name in (HOST, "bastion")}
    assert min(hosts.values()) >= 300
    assert set(found["evidence"]) == {TENANT, "platform"}


def test_the_suite_runs_by_itself(handed: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/audit", "--tenant", TENANT, "-q", "-p", "no:cacheprovider"],
        env=handed, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]


def test_without_its_password_the_auditor_learns_why(handed: dict[str, str], tmp_path: Path) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("govcloud"), "audit", TENANT],
        env=handed | {"GOVCLOUD_HOME": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode not in (0, 7)
    assert "An operator runs `govcloud deploy`" in done.stderr.replace("\n", " ")


def fingerprint(deployment: Deployment) -> str:
    """Everything on the host that an attempt could have changed."""
    commands = (
        "find /etc /usr/local /home /root /boot /opt -xdev -type f -exec sha256sum {} + | sort",
        f"ls -la /tmp /home/{ACCOUNT}",
        "systemctl is-active chrony nftables ssh",
        "nft list ruleset | grep -v counter",
    )
    machine = connect(HOST, deployment.ssh_config)
    return str(machine.check_output("sudo -n sh -c %s", "; ".join(commands)))


def ask(auditor: AuditedDeployment, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["ssh", "-F", auditor.ssh_config, *words],
        capture_output=True, text=True, check=False, timeout=60, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def test_every_attempt_on_a_host_is_refused(deployment: Deployment, auditor: AuditedDeployment) -> None:
    before = fingerprint(deployment)
    for host in (HOST, "bastion"):
        for command in OVER_SSH:
            assert ask(auditor, host, command).returncode == REFUSED, command
        assert ask(auditor, "-tt", host).returncode == REFUSED, "a terminal"
        assert ask(auditor, "-s", host, "sftp").returncode == REFUSED
    assert ask(auditor, "-W", "127.0.0.1:22", HOST).returncode != 0, "a way through a host"
    assert ask(auditor, "-W", "127.0.0.1:80", "bastion").returncode != 0, "a way to another port"
    machine = connect(HOST, deployment.ssh_config)
    for command in BEHIND:
        done = machine.run("sudo -n runuser -u %s -- sh -c %s", ACCOUNT, command)
        assert done.rc != 0, f"{command}: {done.stdout}"
    assert fingerprint(deployment) == before


def test_a_changed_script_does_not_run(deployment: Deployment, auditor: AuditedDeployment) -> None:
    machine = connect(HOST, deployment.ssh_config)
    machine.check_output("sudo -n sh -ec %s", f"cp -a {COMMAND} /root/kept; echo '# more' >> {COMMAND}")
    try:
        assert ask(auditor, HOST, QUESTION).returncode != 0
    finally:
        machine.check_output("sudo -n mv /root/kept %s", COMMAND)
    assert ask(auditor, HOST, QUESTION).returncode == 0


def test_every_attempt_on_the_cloud_is_refused(
    deployment: Deployment, auditor: AuditedDeployment, cloud: Cloud
) -> None:
    outputs, platform = deployment.outputs.tenants[TENANT], deployment.outputs.platform
    server = next(iter(outputs.hosts.values())).id
    facts = {
        "project": outputs.project,
        "network": next(iter(outputs.networks.values())),
        "router": next(iter(outputs.routers.values())),
        "group": next(iter(outputs.security_groups.values())),
        "server": server,
        "port": next(cloud.network.ports(device_id=server)).id,
        "image": platform.image,
        "external": platform.external_network,
        "admin": cloud.identity.find_role("admin").id,
        "me": cloud.identity.find_user(AUDITOR_ACCOUNT, ignore_missing=False).id,
        "user": cloud.identity.find_user(f"{TENANT}-deployer", ignore_missing=False).id,
    }
    before = estate(cloud, [outputs.project])
    allowed = []
    for place in (None, outputs.project):
        with auditor.connected(place) as connection:
            for call in OBJECTS:
                method, service, path = filled(call.request, facts).split(" ")
                answer = getattr(connection, service).request(path, method, json=filled(call.body, facts))
                if answer.status_code not in (FORBIDDEN, 404):
                    allowed.append(f"{call.name}: {answer.status_code} {answer.text[:200]}")
    assert allowed == []
    assert estate(cloud, [outputs.project]) == before
