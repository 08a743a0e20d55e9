"""Builds the floor of tenants with openstacksdk, and removes it.

A program of its own, because what it is compared with is one too: both pay for their start.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated

import openstack
import typer

from scripts.bench.floor import Call, Ref, calls, resolved
from scripts.bench.objects import KINDS, Cloud
from stacks.outputs import PlatformOutputs
from stacks.plan.landing_zone import plan_from_folder
from stacks.settings import Settings

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=__doc__)


@app.command()
def build(
    tenants: list[str],
    platform: Annotated[Path, typer.Option(help="The platform's outputs, as JSON.")],
    record: Annotated[Path, typer.Option(help="What is made is written here, for its removal.")],
    threads: Annotated[int, typer.Option(help="Tenants that are built at the same time.")] = 1,
) -> None:
    """Make the objects of tenants without hosts; each tenant's objects one after the other."""
    settings = Settings.from_environment()
    outputs = PlatformOutputs.model_validate_json(platform.read_text())
    plan = plan_from_folder(settings.tenants, settings.today)
    shared = plan.platform.platform
    administrator = openstack.connect(cloud=settings.cloud)
    administrator.authorize()

    def one(tenant: str) -> None:
        wanted = list(
            calls(
                plan.tenant(tenant),
                outputs,
                str(shared.core_services.names),
                block_storage=shared.cloud.block_storage,
            )
        )
        builder = Builder(administrator, outputs, shared.cloud.region, record)
        builder.build(wanted)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(one, tenants))


@app.command()
def remove(record: Path) -> None:
    """Remove what a record names, newest first; then the record."""
    cloud = openstack.connect(cloud=Settings.from_environment().cloud)
    for line in reversed(record.read_text().splitlines()):
        kind, item = json.loads(line)
        KINDS[kind].remove(cloud, item)
    record.unlink()


class Builder:
    """Makes the objects of one tenant."""

    def __init__(self, administrator: Cloud, platform: PlatformOutputs, region: str, record: Path) -> None:
        self._administrator, self._platform, self._region = administrator, platform, region
        self._record = record
        self._ids: dict[Ref, str] = {}

    def build(self, wanted: Sequence[Call]) -> None:
        """Make everything in this order; the tenant logs in when its first own object comes."""
        own: Cloud = None
        for call in wanted:
            if not call.shared:
                own = own or self._login(wanted)
            item = KINDS[call.kind].make(
                self._administrator if call.shared else own, resolved(call.body, self._ids)
            )
            self._ids[Ref(call.kind, call.name)] = item
            with self._record.open("a") as file:
                file.write(json.dumps([call.kind, item]) + "\n")

    def _login(self, wanted: Sequence[Call]) -> Cloud:
        user = next(call for call in wanted if call.kind == "User")
        project = next(call for call in wanted if call.kind == "Project")
        return openstack.connect(
            load_yaml_config=False,
            load_envvars=False,
            auth={
                "auth_url": self._platform.identity_url,
                "username": user.name,
                "password": user.body["password"],
                "user_domain_id": self._platform.domain,
                "project_id": self._ids[Ref("Project", project.name)],
            },
            region_name=self._region,
            cacert=self._platform.certificates or None,
        )


if __name__ == "__main__":
    app()
