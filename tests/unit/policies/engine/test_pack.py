"""The pack in the real engine: it lets the landing zone's own programs pass, and nobody else's."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from stacks.settings import REPOSITORY
from tests.unit.policies import zone
from tests.unit.policies.engine.conftest import Engine

PREVIEW = ("preview", "--stack", zone.PORTAL)

ISLAND = """
network = openstack.networking.Network("island", name="island", shared=True, opts=own)
group = openstack.networking.SecGroup("open", name="open", opts=own)
openstack.networking.SecGroupRule(
    "everything", security_group_id=group.id, direction="ingress", ethertype="IPv4",
    remote_ip_prefix="0.0.0.0/0", opts=own,
)
port = openstack.networking.Port("naked", network_id=network.id, port_security_enabled=False, opts=own)
openstack.networking.FloatingIp("xiangyang-portal-oa-1", pool="public", port_id=port.id, opts=own)
openstack.compute.Instance(
    "miner", name="miner", image_id="i", flavor_id="f", key_pair="taihe-office", user_data="PASSWORD=abc",
    networks=[{"port": port.id}, {"uuid": network.id}], opts=own,
)
openstack.networking.RbacPolicyV2(
    "gift", action="access_as_shared", object_id=network.id, object_type="network", target_tenant="*",
    opts=pulumi.ResourceOptions(provider=administrator),
)
openstack.Provider("mine", cloud="lab")
"""
REFUSED = {
    "guarded-ports  (openstack:networking:Port: naked)",
    "hosts-as-planned  (openstack:compute:Instance: miner)",
    "known-kinds  (openstack:networking:RbacPolicyV2: gift)",
    "networks-as-planned  (openstack:networking:Network: island)",
    "no-default-egress  (openstack:networking:SecGroup: open)",
    "no-inside-floating-ip  (openstack:networking:FloatingIp: xiangyang-portal-oa-1)",
    "no-open-ingress  (openstack:networking:SecGroupRule: everything)",
    "no-plain-secrets  (openstack:compute:Instance: miner)",
    "not-shared  (openstack:networking:Network: island)",
    "nothing-missing  (pulumi:pulumi:Stack: govcloud-xiangyang-portal)",
    "one-footed-hosts  (openstack:compute:Instance: miner)",
    "own-hands  (openstack:networking:RbacPolicyV2: gift)",
    "own-hands  (pulumi:providers:openstack: mine)",
    "quota-first  (pulumi:providers:openstack: tenant)",
    "security-groups-as-planned  (openstack:networking:SecGroupRule: everything)",
    "tagged  (openstack:networking:Network: island)",
}

DISGUISED = """
tags = TAGS
inside = openstack.networking.SecGroup(
    "xiangyang-portal-office", name="xiangyang-portal-office", delete_default_rules=True, tags=tags,
    description="Every host of segment xiangyang-portal/office", opts=own,
)
openstack.networking.SecGroupRule(
    "xiangyang-portal-web-published-ingress-tcp-443-0.0.0.0_0", security_group_id=inside.id,
    direction="ingress", ethertype="IPv4", protocol="tcp", port_range_min=443, port_range_max=443,
    remote_ip_prefix="0.0.0.0/0", description="published to the outside", opts=own,
)
""".replace("TAGS", repr(list(zone.PLAN.tenant(zone.PORTAL).tags)))
"""The rule is the plan's in every property; only the group is another."""


def test_a_tenants_own_program_passes(engine: Engine, tmp_path: Path) -> None:
    """Under a legal hold, so that the stack has to protect what it makes."""
    tenants = tmp_path / "tenants"
    shutil.copytree(zone.SETTINGS.tenants, tenants)
    request = tenants / f"{zone.PORTAL}.yaml"
    content = {**yaml.safe_load(request.read_text()), "lifecycle": zone.HOLD}
    request.write_text(yaml.safe_dump(content, allow_unicode=True))
    ran = engine(*PREVIEW, GOVCLOUD_TENANTS=str(tenants))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "✅ govcloud@v" in ran.stdout
    assert "can't run policy" not in ran.stdout


def test_a_planned_rule_on_another_group_is_refused_in_a_preview(engine: Engine) -> None:
    said = engine.by_hand(DISGUISED)
    assert "security-groups-as-planned" not in said
    assert "is made from xiangyang-portal-office; the plan says xiangyang-portal-web-published" in said


def test_code_written_by_hand_is_refused_in_a_preview(engine: Engine) -> None:
    said = engine.by_hand(ISLAND)
    assert {wanted for wanted in REFUSED if f"[mandatory]  {wanted}" not in said} == set()


def test_an_update_stops_before_anything_is_made(engine: Engine) -> None:
    said = engine.by_hand(ISLAND, "up", "--yes", "--skip-preview")
    assert "[mandatory]" in said
    stacks = engine("stack", "ls", "--json").stdout
    assert stacks.count('"resourceCount"') == 3
    exported = engine("stack", "export", "--stack", zone.PORTAL).stdout
    assert '"openstack:' not in exported


def test_a_stack_that_nobody_requested_is_refused(engine: Engine) -> None:
    said = engine.by_hand("", stack=zone.NOBODY)
    assert "known-stack" in said
    assert "tenants/nobodys-tenant.yaml" in said


@pytest.mark.parametrize("flags", [(), ("--policy-pack", "OTHER")], ids=["no-pack", "another-pack"])
def test_nothing_is_built_without_the_pack(engine: Engine, flags: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "PulumiPolicy.yaml").write_text(
        f"{{name: other, runtime: {{name: python, options: {{virtualenv: {REPOSITORY / '.venv'}}}}}}}"
    )
    (tmp_path / "__main__.py").write_text(
        "from pulumi_policy import PolicyPack, ResourceValidationPolicy\n"
        "PolicyPack('other', [ResourceValidationPolicy('lax', 'All is well', lambda args, report: None)])\n"
    )
    given = [str(tmp_path) if flag == "OTHER" else flag for flag in flags]
    ran = engine(*PREVIEW, *given, PULUMI_OPTION_POLICY_PACK="")
    assert ran.returncode != 0
    assert "the policy pack does not watch this run" in ran.stdout


@pytest.mark.parametrize("attached", [True, False], ids=["served-there", "started"])
@pytest.mark.parametrize("pack", [REPOSITORY / "policies", ""], ids=["watched", "no-pack"])
def test_the_process_that_runs_all_programs_is_watched_too(
    engine: Engine, pack: Path | str, *, attached: bool
) -> None:
    command = [sys.executable, "-m", "scripts.engine.programs"]
    with subprocess.Popen(command, env=engine.variables, stdout=subprocess.PIPE, text=True) as programs:
        assert programs.stdout is not None
        port = int(programs.stdout.readline())
        client = f"--client=127.0.0.1:{port}"
        more = {"PULUMI_DEBUG_LANGUAGES": f"python:{port}"} if attached else {}
        ran = engine(*PREVIEW, client, "--exec-kind=auto.inline", PULUMI_OPTION_POLICY_PACK=str(pack), **more)
        programs.terminate()
    assert ("the policy pack does not watch this run" in ran.stdout) == (not pack)
    assert (ran.returncode == 0) == bool(pack), ran.stdout
