"""JSON Schema of the request and of the platform file, for editors: made from the models, never by hand."""

from __future__ import annotations

import ast
import inspect
import json
from itertools import pairwise
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core.core_schema import ModelSchema

from stacks.request.fields import OFFERED
from stacks.request.landing_zone import OWN_KEYS
from stacks.request.platform import Platform
from stacks.request.reference import reference
from stacks.request.tenant import TenantRequest

Schema = dict[str, Any]

TITLES: dict[type[BaseModel], str] = {TenantRequest: "Tenant request", Platform: "Platform file"}

DRAFT = "http://json-schema.org/draft-07/schema#"
"""What editors' YAML plug-ins understand; newer drafts only in part."""

WITHOUT_TEMPLATE = ("classification", "quota", "segments")
"""Required keys that a template may bring."""

EXTENDED = ("Segment", "Host", "Volume", "Exchange", "Quota")
"""Parts that a request may write in part, because its template holds the rest; the check sees the whole."""


def exports(platform: Platform) -> dict[str, str]:
    """The content of every file of `tenants/schema/`, by its name."""
    tenant, shared = (json_schema(model, platform) for model in TITLES)
    return {
        "tenant.schema.json": _text(_request(tenant)),
        "template.schema.json": _text(_template(tenant)),
        "platform.schema.json": _text(shared),
        "reference.md": reference({"tenants/<id>.yaml": tenant, "tenants/platform.yaml": shared}),
    }


def _request(tenant: Schema) -> Schema:
    """What an editor asks of a request: less where a template may bring the rest."""
    own = [name for name in tenant["required"] if name not in WITHOUT_TEMPLATE]
    choice = {"if": {"required": ["template"]}, "else": {"required": list(WITHOUT_TEMPLATE)}}
    return {**tenant, "$defs": _loosened(tenant["$defs"]), "required": own, **choice}


def _template(tenant: Schema) -> Schema:
    properties = {name: part for name, part in tenant["properties"].items() if name not in OWN_KEYS}
    whole = {name: part for name, part in tenant.items() if name != "required"}
    return {**whole, "title": "Template", "properties": properties, "$defs": _loosened(tenant["$defs"])}


def _loosened(parts: Schema) -> Schema:
    """The parts without required keys that another layer may bring; a name stays, entries are found by it."""
    return {
        name: {**part, "required": [key for key in part["required"] if key == "name"]}
        if name in EXTENDED
        else part
        for name, part in parts.items()
    }


def json_schema(model: type[BaseModel], platform: Platform) -> dict[str, Any]:
    """The schema of one file; names that the platform offers are listed, so that an editor offers them."""
    schema = model.model_json_schema(by_alias=True, schema_generator=_WithMeanings)
    schema |= {"$schema": DRAFT, "title": TITLES[model]}
    _tighten(schema, platform)
    return schema


class _WithMeanings(GenerateJsonSchema):
    """A schema whose fields are described by the text that stands below each in the model's source."""

    def model_schema(self, schema: ModelSchema) -> Schema:
        made: Schema = super().model_schema(schema)
        model = schema["cls"]
        for name, meaning in _meanings(model).items():
            made["properties"][model.model_fields[name].alias or name]["description"] = meaning
        return made


def _meanings(model: type[BaseModel]) -> dict[str, str]:
    (whole,) = ast.parse(inspect.getsource(model)).body
    return {
        field.target.id: inspect.cleandoc(text.value.value)
        for field, text in pairwise(whole.body if isinstance(whole, ast.ClassDef) else ())
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
        if isinstance(text.value.value, str)
    }


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


def _text(schema: Schema) -> str:
    return json.dumps(_draft_07(schema), ensure_ascii=False, indent=2) + "\n"


def _draft_07(node: Any) -> Any:  # noqa: ANN401  JSON
    """The same by draft-07: there `$ref` hides what stands beside it, and parts are `definitions`."""
    if isinstance(node, list):
        return [_draft_07(item) for item in node]
    if not isinstance(node, dict):
        return node
    renamed = {{"$defs": "definitions"}.get(name, name): _draft_07(item) for name, item in node.items()}
    if isinstance(target := renamed.pop("$ref", None), str):
        link = {"$ref": target.replace("#/$defs/", "#/definitions/")}
        return {**renamed, "allOf": [link]} if renamed else link
    return renamed
