"""What every policy owes, and that the stacks' own programs keep all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from pulumi.runtime import MockResourceArgs
from pulumi_policy import ResourceValidationPolicy

import policies
from policies import pack
from policies.context import Context
from policies.resource import PROVIDER, Resource
from policies.rule import Rule
from policies.rules import RULES
from scripts.evidence.catalogue import read_catalogue
from stacks.outputs import PlatformOutputs
from stacks.plan.model import TenantPlan
from stacks.programs import platform
from stacks.settings import Settings
from tests.contract.conftest import Recorder
from tests.contract.test_components import PLAN, TENANTS, WIRED, build, run_program, settings

__all__ = ["settings"]

FOLDER = Path(policies.__file__).parent
EACH = pytest.mark.parametrize(("name", "rule"), RULES.items(), ids=list(RULES))
CONTROLS = set(read_catalogue().controls)


@EACH
def test_has_a_page_that_says_the_same(name: str, rule: Any) -> None:  # noqa: ANN401 - either kind of rule
    page = (FOLDER / "docs" / f"{name}.md").read_text()
    assert page.startswith(f"# {name}\n\n{rule.title}.\n")
    assert {"## Refused", "## What to do"} <= set(page.splitlines())
    assert page.endswith(f"\nControls: {', '.join(rule.controls)}.\n")


@EACH
def test_serves_controls_of_the_catalogue(name: str, rule: Any) -> None:  # noqa: ANN401 - as above
    assert rule.controls, name
    assert set(rule.controls) <= CONTROLS


@EACH
def test_has_good_and_bad_examples(name: str, rule: Any) -> None:  # noqa: ANN401 - as above
    found = import_module(f"tests.unit.policies.examples.{name.replace('-', '_')}")
    assert found.PASSING, rule.title
    assert found.FAILING, rule.title


def test_every_page_and_example_has_its_rule() -> None:
    pages = {path.stem for path in (FOLDER / "docs").glob("*.md")} - {"README"}
    tests = Path(__file__).parents[1] / "unit" / "policies" / "examples"
    examples = {path.stem.replace("_", "-") for path in tests.glob("*.py")} - {"--init--"}
    assert pages == examples == set(RULES)


def test_the_index_of_pages_is_complete() -> None:
    index = (FOLDER / "docs" / "README.md").read_text()
    for name, rule in RULES.items():
        assert f"| [{name}]({name}.md) | {rule.title} |" in index


def test_every_rule_is_in_the_pack_and_cannot_be_switched_off() -> None:
    made = {
        policy.name: policy
        for policy in pack.Run(lambda _: pytest.fail("no resource, no context")).policies()
    }
    assert set(made) == set(RULES)
    for name, policy in made.items():
        assert policy.enforcement_level is None, "the pack's own level counts: mandatory"
        assert policy.config_schema is None
        assert isinstance(policy, ResourceValidationPolicy) == isinstance(RULES[name], Rule)


def seen(recorder: Recorder, stack: str) -> Iterator[Resource]:
    """What the programs registered, as the pack would see it."""
    made: dict[str, Resource] = {}
    for item in recorder.resources:
        urn = f"urn:pulumi:{stack}::govcloud::{item.typ}::{item.name}"
        if item.typ.startswith(PROVIDER):
            made[item.name] = Resource(item.typ, item.name, urn, item.inputs)
    for item in recorder.resources:
        if item.typ.startswith((PROVIDER, "openstack:")):
            urn = f"urn:pulumi:{stack}::govcloud::{item.typ}::{item.name}"
            protect = recorder.protected[item.typ, item.name]
            yield Resource(item.typ, item.name, urn, item.inputs, _provider(item, made), protect)


def _provider(item: MockResourceArgs, made: dict[str, Resource]) -> Resource | None:
    return made.get(item.provider.split("::")[-2]) if item.provider else None


def violations(recorder: Recorder, context: Context) -> dict[tuple[str, str], list[str]]:
    rules = {name: rule for name, rule in RULES.items() if isinstance(rule, Rule)}
    found = {
        (name, resource.urn): list(rule.violations(resource, context))
        for resource in seen(recorder, context.stack)
        for name, rule in rules.items()
    }
    assert found
    return {key: texts for key, texts in found.items() if texts}


def complete(recorder: Recorder, context: Context, *, without: frozenset[str] = frozenset()) -> bool:
    """Whether everything that the rules expect of a stack was registered."""
    made = {(item.kind, item.name) for item in seen(recorder, context.stack)}
    return set(context.objects) - made == {key for key in context.objects if key[1] in without}


@TENANTS
def test_the_tenants_programs_keep_every_rule(
    recorder: Recorder, plan: TenantPlan, platform_outputs: PlatformOutputs, settings: Settings
) -> None:
    build(plan, platform_outputs, settings)
    whole = PLAN if plan in PLAN.tenants else WIRED
    context = Context.of(plan.id, whole, settings)
    assert violations(recorder, context) == {}
    assert complete(recorder, context)


def test_the_platforms_program_keeps_every_rule(
    recorder: Recorder, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clouds = tmp_path / "clouds.yaml"
    clouds.write_text("clouds: {lab: {auth: {auth_url: 'https://identity.example/v3'}}}")
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(clouds))
    run_program(lambda: platform.build(PLAN.platform, settings))
    context = Context.of("platform", PLAN, settings)
    assert violations(recorder, context) == {}
    assert complete(recorder, context, without=frozenset({"image"}))


def test_an_image_of_a_zone_is_uploaded_as_the_plan_has_it(
    recorder: Recorder, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = {
        "auth": {"auth_url": "https://identity.example/v3"},
        "govcloud": {"image_file": "/images/a.raw", "image_files": {"own": "/images/b.qcow2"}},
    }
    clouds = tmp_path / "clouds.yaml"
    clouds.write_text(yaml.safe_dump({"clouds": {"with-images": entry}}))
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(clouds))
    shared = PLAN.platform.platform
    cloud = shared.cloud.model_copy(update={"zone_images": {"own-kernel": "own"}})
    changed = replace(PLAN.platform, platform=shared.model_copy(update={"cloud": cloud}))
    settings = replace(settings, cloud="with-images")
    run_program(lambda: platform.build(changed, settings))
    context = Context.of("platform", replace(PLAN, platform=changed), settings)
    assert violations(recorder, context) == {}
    assert complete(recorder, context)
    images = [item for item in seen(recorder, "platform") if item.kind == "images/Image"]
    assert {item.name: item.value("diskFormat") for item in images} == {"image": "raw", "image-own": "qcow2"}
