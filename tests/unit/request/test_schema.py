"""What editors and the reference page say agrees with what the check does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from jsonschema import Draft7Validator
from pydantic import BaseModel

from stacks.request.fields import Limit
from stacks.request.landing_zone import load_platform
from stacks.request.loader import read_document
from stacks.request.platform import Platform, QuotaClass
from stacks.request.reference import example
from stacks.request.schema import TITLES, exports, json_schema
from stacks.request.tenant import TenantRequest
from stacks.settings import REPOSITORY

TENANTS = REPOSITORY / "tenants"
SCHEMAS = TENANTS / "schema"
REQUESTS = sorted(path for path in TENANTS.glob("*.yaml") if path.name != "addresses.yaml")
TEMPLATES = sorted(TENANTS.glob("templates/*.yaml"))


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return json_schema(model, load_platform(TENANTS))


def test_the_committed_files_are_fresh() -> None:
    now = exports(load_platform(TENANTS))
    stale = [name for name, content in now.items() if (SCHEMAS / name).read_text(encoding="utf-8") != content]
    if stale:
        pytest.fail(f"{', '.join(stale)} in tenants/schema: run `govcloud schema` and commit.", pytrace=False)
    assert {path.name for path in SCHEMAS.iterdir()} == set(now)


@pytest.mark.parametrize("path", [*REQUESTS, *TEMPLATES], ids=lambda path: str(path.stem))
def test_every_request_names_its_schema_and_fits_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    first = text.splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    schema = json.loads((path.parent / first.partition("=")[2]).read_text(encoding="utf-8"))
    Draft7Validator.check_schema(schema)
    assert "$defs" not in schema
    data = read_document(path)[0].data
    assert [error.message for error in Draft7Validator(schema).iter_errors(data)] == []


def test_an_editor_asks_for_less_where_a_template_may_bring_the_rest() -> None:
    schema = json.loads((SCHEMAS / "tenant.schema.json").read_text(encoding="utf-8"))
    text = (TENANTS / "xiangyang-portal.yaml").read_text(encoding="utf-8")
    whole = yaml.safe_load(text)
    own = {key: whole[key] for key in ("id", "name", "tier", "owner")}
    assert list(Draft7Validator(schema).iter_errors(own))
    layered = {**own, "template": "portal", "hosts": [{"name": "web", "site": {"title": "x"}}]}
    assert list(Draft7Validator(schema).iter_errors(layered)) == []
    assert list(Draft7Validator(schema).iter_errors({**layered, "owner": {}}))


@pytest.mark.parametrize(
    ("old", "new"),
    [("zone: portal", "zone: portl"), ("tier: city", "tiers: city"), ("class: medium", "class: huge")],
)
def test_an_editor_marks_what_the_check_refuses(old: str, new: str) -> None:
    text = (TENANTS / "xiangyang-portal.yaml").read_text(encoding="utf-8").replace(old, new)
    assert list(Draft7Validator(_schema(TenantRequest)).iter_errors(yaml.safe_load(text)))


@pytest.mark.parametrize("model", TITLES, ids=lambda model: str(model.__name__))
def test_every_key_has_a_meaning_and_a_valid_example(model: type[BaseModel]) -> None:
    schema = _schema(model)
    parts = [schema, *(part for part in schema["$defs"].values() if "properties" in part)]
    for part in parts:
        for name, field in part["properties"].items():
            assert field.get("description") or "$ref" in field, f"{part['title']}.{name} has no docstring"
        whole = {name: example(field, schema) for name, field in part["properties"].items()}
        found = Draft7Validator({**part, "$defs": schema["$defs"]}).iter_errors(whole)
        assert [error.message for error in found] == [], part["title"]


def test_the_examples_make_a_request_and_a_platform() -> None:
    for model in (TenantRequest, Platform):
        schema = _schema(model)
        model.model_validate({name: example(field, schema) for name, field in schema["properties"].items()})


def test_overrides_know_every_limit() -> None:
    assert list(get_args(Limit)) == list(QuotaClass.model_fields)
