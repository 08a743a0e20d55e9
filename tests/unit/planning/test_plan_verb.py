"""`govcloud plan`: what a department reads before it asks for anything."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from scripts.main import build_app
from scripts.planning.report import reports
from scripts.planning.terminal import detail, summary
from stacks.errors import RequestError
from stacks.plan.landing_zone import plan_from_folder
from stacks.request.ledger import FILE_NAME
from tests.unit.plan.zones import TODAY
from tests.unit.request.cases import Case, read

FLOW = "county/office → city/office : https"


@pytest.fixture
def tenants(tmp_path: Path) -> Path:
    return Case("").apply(tmp_path)


@pytest.fixture
def one_sided(tmp_path: Path) -> Path:
    declared_once = next(case for case in read("GC084.yaml") if case.case.startswith("declared by one"))
    return declared_once.apply(tmp_path)


def printed(item: object) -> str:
    console = Console(width=140, color_system=None)
    with console.capture() as capture:
        console.print(item)
    return capture.get()


def test_a_new_request_is_shown_with_proposed_addresses_and_nothing_is_written(tenants: Path) -> None:
    (city,) = reports(tenants, ["city"], TODAY)
    assert city.provisional
    assert city.agreed == reports(tenants, ["county"], TODAY)[0].agreed
    text = printed(detail(city))
    assert "addresses are proposed; `govcloud allocate` records them" in text
    for line in ("city-web-1", "10.64.0.4", "1 vCPU, 512 MiB, 2 GiB", "www.city.example:443", f"✓ {FLOW}"):
        assert line in text
    assert "city-internal joins office: no way to the outside; other routers through" in text
    assert not (tenants / FILE_NAME).exists()


def test_quota_is_counted(tenants: Path) -> None:
    (city,) = reports(tenants, ["city"], TODAY)
    assert city.quota["instances"] == (3, 4)
    assert city.quota["memory"] == (1536, 4096)
    assert city.quota["floating_ips"] == (2, 3)


def test_a_flow_that_waits_names_the_tenant_that_must_declare_it(one_sided: Path) -> None:
    city, county = reports(one_sided, None, TODAY)
    assert (city.agreed, county.agreed) == ((), ())
    assert f"○ {FLOW}: closed until this request declares it too" in printed(detail(city))
    assert f"○ {FLOW}: closed until tenant city declares it too" in printed(detail(county))
    assert f"○ flow {FLOW}: closed until tenant city declares it too" in printed(summary([city, county]))


def test_an_unknown_tenant_is_refused_with_the_nearest_name(tenants: Path) -> None:
    with pytest.raises(RequestError, match="did you mean 'county'"):
        reports(tenants, ["conty"], TODAY)


def test_json_is_the_plan_itself(tenants: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVCLOUD_TENANTS", str(tenants))
    runner, app = CliRunner(), build_app()
    assert runner.invoke(app, ["allocate"]).exit_code == 0
    result = runner.invoke(app, ["plan", "--json"])
    assert result.exit_code == 0
    rows = json.loads(result.stdout)
    plan = plan_from_folder(tenants)
    assert [row["tenant"] for row in rows] == [tenant.id for tenant in plan.tenants]
    for row, tenant in zip(rows, plan.tenants, strict=True):
        assert row["addresses"] == "recorded"
        assert [host["address"] for host in row["plan"]["hosts"]] == [str(h.address) for h in tenant.hosts]
        assert row["flows"] == {"agreed": [FLOW], "pending": []}
        assert row["quota"]["instances"] == {"used": len(tenant.hosts), "allowed": 4}
