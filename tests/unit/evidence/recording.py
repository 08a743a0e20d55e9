"""A real audit of the lab, recorded: what a hardened portal host, its portal and the cloud answered.

`python -m tests.unit.evidence.recording` records it anew from the deployment that the environment names.
"""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from scripts.access.audit_session import COMMAND
from scripts.access.auditor import open_audit
from scripts.configure.playbook import PLAYBOOKS
from scripts.evidence.cloud.facts import CloudFacts
from scripts.evidence.estate import open_estate
from scripts.evidence.host.facts import Answer, HostFacts
from scripts.evidence.host.questions import MODULES
from scripts.evidence.host.script import checksum
from scripts.evidence.portal.facts import PortalFacts
from scripts.evidence.role import written
from scripts.evidence.target import Target, targets
from stacks.plan.model import Plan
from stacks.settings import Settings
from tests.unit.configure.rendering import render, role_file

FILE = Path(__file__).parent / "recording.json"
HOST = "xiangyang-portal-web-1"


@dataclass(frozen=True)
class Recording:
    """Everything that checks are given."""

    plan: Plan
    target: Target
    facts: HostFacts
    portal: PortalFacts
    cloud: CloudFacts
    operator_keys: frozenset[str]
    auditor_keys: frozenset[str]

    @property
    def own_kernel(self) -> HostFacts:
        """The same host as it would answer with a kernel of its own.

        Invented, since the recorded host is a container; tests/lab/test_own_kernel.py asks a real one.
        """
        hardened = {
            "kernel.randomize_va_space": 2,
            "kernel.kptr_restrict": 2,
            "kernel.dmesg_restrict": 1,
            "kernel.yama.ptrace_scope": 1,
            "kernel.unprivileged_bpf_disabled": 1,
            "kernel.perf_event_paranoid": 3,
            "kernel.sysrq": 0,
            "fs.protected_hardlinks": 1,
            "fs.protected_symlinks": 1,
            "fs.protected_fifos": 2,
            "fs.protected_regular": 2,
            "fs.suid_dumpable": 0,
            "net.core.bpf_jit_harden": 2,
            "kernel.perf_cpu_time_max_percent": 1,
            "kernel.perf_event_max_sample_rate": 1,
            "kernel.panic_on_oops": 1,
            "kernel.panic": 10,
            "vm.mmap_min_addr": 65536,
        }
        lines = "".join(f"{name} = {value}\n" for name, value in hardened.items())
        words = (
            "root=LABEL=root ro audit=1 lockdown=integrity slab_nomerge=yes page_alloc.shuffle=1 "
            "init_on_alloc=1 randomize_kstack_offset=on vsyscall=none l1tf=full,force mds=full,nosmt "
            "spec_store_bypass_disable=seccomp spectre_v2=on iommu=force\n"
        )
        answers = {
            "virtualization": "none\n1\n",
            "sysctl": self.facts.raw("sysctl") + lines,
            "audit_status": "enabled 2\nfailure 1\n",
            "audit_rules": _listed(written("audit", "audit.rules.j2")),
            "apparmor": "Y\n",
            "command_line": words.replace(" ", "\n"),
            "web_confinement": "nginx (enforce)\nnginx (enforce)\n",
            "modules": "".join(f"{name} install /bin/false\n" for name in MODULES.split()),
        }
        return answered(self.facts, {name: Answer(0, text, "") for name, text in answers.items()})


def _listed(rules: str) -> str:
    """Rules of a file as `auditctl -l` shows them when the kernel has them."""
    lines = []
    for line in rules.splitlines():
        if line.startswith("-w"):
            lines.append(re.sub(r"/ -p", " -p", line))
        elif line.startswith("-a"):
            shown = re.sub(r"-F path", "-S all -F path", line).replace("!=unset", "!=-1")
            lines.append(shown.replace(" -k ", " -F key="))
    return "".join(f"{line}\n" for line in lines)


def answered(facts: HostFacts, answers: dict[str, Answer]) -> HostFacts:
    """The same host with other answers."""
    return replace(facts, answers={**facts.answers, **answers})


@cache
def recording() -> Recording:
    """The recording, read once; a host that was deployed from this commit has this commit's files."""
    found = TypeAdapter(Recording).validate_json(FILE.read_bytes())
    script = Answer(0, f"{checksum(found.plan)}  {COMMAND}\n", "")
    sender = Answer(0, _sender(found.plan), "")
    return replace(found, facts=answered(found.facts, {"audit_script": script, "log_sender": sender}))


def _sender(plan: Plan) -> str:
    """The sender's settings as the role writes them on a host with a portal, for the recorded plan."""
    log = plan.platform.platform.core_services.log
    assert log is not None
    group = yaml.safe_load((PLAYBOOKS / "group_vars" / "workload_portal.yml").read_text(encoding="utf-8"))
    options = {"address": log.address, "port": log.port, "name": log.name, "files": group["workload_logs"]}
    defaults = role_file("remote_log", "defaults/main.yml") | role_file("remote_log", "vars/main.yml")
    given = defaults | {f"remote_log_{name}": value for name, value in options.items()}
    return render("remote_log", "rsyslog.conf.j2", **given)


def _trimmed(facts: HostFacts, mark: str) -> HostFacts:
    """Without lines that no check looks at: other requests, other kernel parameters."""
    kept = {
        "web_requests": mark,
        "web_records": mark,
        "sysctl": r"net\.ipv[46]\.(conf\.(all|default)|ip_|icmp_|tcp_)",
    }
    answers = {
        name: Answer(
            0, "".join(line + "\n" for line in facts.raw(name).splitlines() if re.search(pattern, line)), ""
        )
        for name, pattern in kept.items()
    }
    return answered(facts, answers)


def record() -> None:
    """Audit the deployment and keep what it answered."""
    deployment = open_audit(Settings.from_environment())
    with ThreadPoolExecutor() as pool:
        estate = open_estate(deployment, {HOST}, pool)
        found = Recording(
            plan=deployment.plan,
            target=next(item for item in targets(deployment.plan) if item.name == HOST),
            facts=_trimmed(estate.host(HOST), estate.portal(HOST).mark),
            portal=estate.portal(HOST),
            cloud=estate.cloud,
            operator_keys=deployment.operator_keys,
            auditor_keys=deployment.auditor_keys,
        )
    data = TypeAdapter(Recording).dump_python(found, mode="json", by_alias=True)
    FILE.write_text(json.dumps(data, ensure_ascii=False, sort_keys=True, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    record()
