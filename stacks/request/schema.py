"""JSON Schema of the request and of the platform file, for editors: made from the models, never by hand."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from stacks.request.fields import OFFERED
from stacks.request.platform import Platform
from stacks.request.reference import reference
from stacks.request.tenant import TenantRequest

TITLES: dict[type[BaseModel], str] = {TenantRequest: "Tenant request", Platform: "Platform file"}


def exports(platform: Platform) -> dict[str, str]:
    """The content of every file of `tenants/schema/`, by its name."""
    tenant, shared = (json_schema(model, platform) for model in TITLES)
    return {
        "tenant.schema.json": _text(tenant),
        "platform.schema.json": _text(shared),
        "reference.md": reference({"tenants/<id>.yaml": tenant, "tenants/platform.yaml": shared}),
    }


def json_schema(model: type[BaseModel], platform: Platform) -> dict[str, Any]:
    """The schema of one file; names that the platform offers are listed, so that an editor offers them."""
    schema = model.model_json_schema(by_alias=True)
    schema |= {"$schema": GenerateJsonSchema.schema_dialect, "title": TITLES[model]}
    _tighten(schema, platform)
    return schema


def _tighten(node: object, platform: Platform) -> None:
    if isinstance(node, list):
        for item in node:
            _tighten(item, platform)
    if isinstance(node, dict):
        for item in node.values():
            _tighten(item, platform)
        if kind := node.pop(OFFERED, None):
            node["enum"] = sorted(getattr(platform, kind))
        if "patternProperties" in node:
            node["additionalProperties"] = False


def _text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
