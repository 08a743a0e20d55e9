"""`govcloud up`: what is refused leaves the ledger as it was; what is built is recorded before."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from scripts.access.servers import Ways
from scripts.access.ssh import Way
from scripts.engine.addresses import propose_addresses
from scripts.engine.pulumi import Pulumi
from scripts.engine.volumes import VOLUME
from scripts.main import build_app
from scripts.verbs import up as verb
from stacks.errors import CloudError, GovcloudError, PlanError
from stacks.plan.model import Plan
from stacks.request.ledger import FILE_NAME, read_ledger
from stacks.settings import Settings
from tests.unit.request.cases import Case

TENANT, STAYS, LEAVES = "county", "county-oa-1", "county-oa-2"
ONE = "  - {name: oa, segment: office, flavor: small}\n"
TWO = """\
  - name: oa
    segment: office
    flavor: small
    count: 2
    volumes:
      - {name: files, size: 1, mount: /srv/files}
"""
OFFER = [
    ("image: debian-12", "image: debian-12\n  block_storage: true"),
    ("security_group_rules: 40}", "security_group_rules: 40, volumes: 4, volume_storage: 40}"),
]


@dataclass
class Stage:
    """A landing zone whose tenant has two hosts, is built, and now asks for one host less.

    Attributes:
        leaving: servers that the cloud has and the plan has not.
        done: what was done to hosts and stacks, with the tenant's addresses recorded by then.
    """

    settings: Settings
    leaving: tuple[Way, ...] = ()
    done: list[tuple[str, list[str]]] = field(default_factory=list)
    trouble: GovcloudError | None = None

    @property
    def ledger(self) -> Path:
        return self.settings.tenants / FILE_NAME

    @property
    def recorded(self) -> list[str]:
        return sorted(read_ledger(self.settings.tenants).tenants[TENANT].hosts)

    def shrink(self) -> None:
        path = self.settings.tenants / f"{TENANT}.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace("count: 2", "count: 1"), encoding="utf-8")

    def built_with(self, *volumes: str) -> None:
        """The state of the tenant's stack holds these protected volumes."""
        pulumi = Pulumi(self.settings)
        resources = [
            {"urn": f"urn:pulumi:{TENANT}::govcloud::{VOLUME}::{name}", "type": VOLUME}
            | {"custom": True, "id": name, "protect": True}
            for name in volumes
        ]

        async def write() -> None:
            await pulumi.create_stack(TENANT)
            state = await pulumi.state(TENANT)
            state["deployment"]["resources"] = resources
            file = self.settings.home / "state.json"
            file.write_text(json.dumps(state))
            done = await pulumi.run("stack", "import", "--stack", TENANT, "--file", str(file), "--force")
            assert done.code == 0, done.errors

        asyncio.run(write())

    def up(self, *arguments: str) -> Result:
        return CliRunner().invoke(build_app(), ["up", *(arguments or (TENANT,))])


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    edit = {"county.yaml": [(ONE, TWO)], "platform.yaml": OFFER}
    monkeypatch.setenv("GOVCLOUD_TENANTS", str(Case("", edit=edit).apply(tmp_path)))
    monkeypatch.setenv("GOVCLOUD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GOVCLOUD_DATE", "2026-11-22")
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)
    (tmp_path / "home").mkdir()
    stage = Stage(Settings.from_environment())
    propose_addresses(stage.settings, stage.settings.today).record(stage.settings.tenants)
    assert stage.recorded == ["oa-1", "oa-2"]

    @contextmanager
    def cloud(_: Settings) -> Iterator[None]:
        if isinstance(stage.trouble, CloudError):
            raise stage.trouble
        yield None

    def found(_: None, plan: Plan) -> Ways:
        leaving = {tenant.id: stage.leaving if tenant.id == TENANT else () for tenant in plan.tenants}
        return Ways(Way("bastion", "10.255.0.2", "bastion"), (), leaving, {})

    def drain(*_: object) -> dict[str, str]:
        stage.done.append(("drain", stage.recorded))
        return {}

    async def build(*_: object, **__: object) -> list[Any]:
        stage.done.append(("build", stage.recorded))
        if stage.trouble:
            raise stage.trouble
        return []

    for name, fake in {"required_cloud": cloud, "ways": found, "drain": drain, "bring_up": build}.items():
        monkeypatch.setattr(verb, name, fake)
    monkeypatch.setattr(verb, "cloud_access", lambda _: None)
    return stage


HOST = Way(LEAVES, "10.128.1.5", "known")


@pytest.mark.parametrize("leaving", [(HOST,), ()], ids=["its server stands", "its server is gone already"])
def test_a_volume_that_would_be_lost_leaves_the_ledger_as_it_was(
    stage: Stage, leaving: tuple[Way, ...]
) -> None:
    stage.built_with(f"{STAYS}.files", f"{LEAVES}.files")
    stage.shrink()
    stage.leaving, before = leaving, stage.ledger.read_bytes()
    refused = stage.up()
    assert isinstance(refused.exception, CloudError)
    assert f"{LEAVES}.files: it is protected and stays" in refused.exception.what
    assert "released" not in refused.stderr
    assert (stage.ledger.read_bytes(), stage.done) == (before, [])


def no_cloud(stage: Stage) -> None:
    stage.trouble = CloudError("nothing answers")


def no_state(stage: Stage) -> None:
    folder = stage.settings.home / "pulumi"
    folder.mkdir()
    (folder / "cloud").write_text("another", encoding="utf-8")


@pytest.mark.parametrize(
    ("broken", "arguments", "said"),
    [
        (no_cloud, (TENANT,), "nothing answers"),
        (no_state, (TENANT,), "holds the state of the cloud 'another'"),
        (lambda _: None, ("conty",), "conty"),
    ],
    ids=["no cloud", "no state", "no such tenant"],
)
def test_any_other_refusal_does_so_too(
    stage: Stage, broken: Callable[[Stage], None], arguments: tuple[str, ...], said: str
) -> None:
    stage.shrink()
    broken(stage)
    before = stage.ledger.read_bytes()
    refused = stage.up(*arguments)
    assert isinstance(refused.exception, GovcloudError)
    assert said in refused.exception.what
    assert (stage.ledger.read_bytes(), stage.done) == (before, [])


def test_hosts_leave_and_come_with_their_addresses_recorded(stage: Stage) -> None:
    stage.built_with(f"{STAYS}.files")
    stage.shrink()
    stage.leaving = (HOST,)
    done = stage.up()
    assert done.exit_code == 0, done.output
    assert f"addresses released: {TENANT}/oa-2" in done.stderr
    assert stage.done == [("drain", ["oa-1"]), ("build", ["oa-1"])]


def test_an_interrupted_run_goes_on_with_the_same_addresses(stage: Stage) -> None:
    stage.ledger.unlink()
    stage.trouble = PlanError("interrupted")
    assert isinstance(stage.up().exception, PlanError)
    written, stage.trouble = stage.ledger.read_bytes(), None
    again = stage.up()
    assert again.exit_code == 0
    assert "addresses" not in again.stderr
    assert stage.ledger.read_bytes() == written
    assert [name for name, _ in stage.done] == ["build", "build"]


def test_what_another_command_recorded_meanwhile_is_not_lost(stage: Stage) -> None:
    settings, before = stage.settings, stage.ledger.read_bytes()
    stage.shrink()
    one, other = (propose_addresses(settings, settings.today) for _ in range(2))
    one.record(settings.tenants)
    other.record(settings.tenants)  # the same
    assert stage.recorded == ["oa-1"]
    text = stage.ledger.read_text(encoding="utf-8")
    stage.ledger.write_bytes(before.replace(b"oa-2", b"oa-3"))
    with pytest.raises(PlanError, match="has changed since"):
        one.record(settings.tenants)
    assert "oa-3" in stage.ledger.read_text(encoding="utf-8")
    assert "oa-3" not in text
