"""The provider answers to every type of the installed pulumi-openstack package, property by property."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import warnings
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_origin

import pulumi
import pytest
from pulumi._types import input_type_types
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from tests.unit.toolchain.plugins import running

if TYPE_CHECKING:
    from collections.abc import Iterator

Schema = dict[str, Any]
SHAPES: dict[object, str] = {bool: "boolean", int: "integer", float: "number", str: "string"}


@pytest.fixture(scope="module")
def schema(provider: Path) -> Schema:
    with running(provider) as channel:
        answer = provider_pb2_grpc.ResourceProviderStub(channel).GetSchema(provider_pb2.GetSchemaRequest())
    parsed: Schema = json.loads(answer.schema)
    return parsed


@pytest.fixture(scope="module")
def sources() -> list[Path]:
    package = find_spec("pulumi_openstack")
    assert package
    assert package.origin
    return sorted(Path(package.origin).parent.rglob("*.py"))


@pytest.fixture(scope="module")
def package_inputs() -> dict[str, type]:
    """Token → the class of its inputs, of every resource in the package."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the package imports its own earlier tokens
        return {kind.pulumi_type: arguments for kind, arguments in _resources()}


def _resources() -> Iterator[tuple[Any, type]]:
    package = importlib.import_module("pulumi_openstack")
    for found in pkgutil.walk_packages(package.__path__, "pulumi_openstack."):
        module = importlib.import_module(found.name)
        for name, kind in vars(module).items():
            if (
                isinstance(kind, type)
                and issubclass(kind, pulumi.CustomResource)
                and kind.__module__ == found.name
            ):
                yield kind, getattr(module, f"{name}Args")


def test_resource_tokens_are_those_of_the_package(schema: Schema, package_inputs: dict[str, type]) -> None:
    wanted = {token for token in package_inputs if token.startswith("openstack:")}
    assert len(wanted) == 114
    assert set(schema["resources"]) == wanted


def test_function_tokens_are_those_of_the_package(schema: Schema, sources: list[Path]) -> None:
    wanted = {
        token
        for source in sources
        for token in re.findall(r"invoke(?:_output)?\('(openstack:[^']+)'", source.read_text())
    }
    assert len(wanted) == 65
    assert set(schema["functions"]) == wanted


def test_input_properties_have_the_names_and_shapes_of_the_package(
    schema: Schema, package_inputs: dict[str, type]
) -> None:
    for token, described in schema["resources"].items():
        types = input_type_types(package_inputs[token])
        assert set(described["inputProperties"]) == set(types), token
        for name, kind in types.items():
            shape = described["inputProperties"][name]["type"]
            expected = SHAPES.get(kind) or ("array" if get_origin(kind) is Sequence else "object")
            assert shape == expected, f"{token} {name}: {kind}"


def test_function_arguments_have_the_names_of_the_package(schema: Schema, sources: list[Path]) -> None:
    checked = 0
    for source in sources:
        text = source.read_text()
        tokens = set(re.findall(r"invoke\('(openstack:[^']+)'", text))
        for token in tokens:
            asked = set(re.findall(r"__args__\['(\w+)'\]", text))
            assert set(schema["functions"][token]["inputs"]["properties"]) == asked, token
            checked += 1
    assert checked == 65


def test_the_version_is_that_of_the_package(schema: Schema) -> None:
    package = find_spec("pulumi_openstack")
    assert package
    assert package.origin
    pinned = json.loads(Path(package.origin).with_name("pulumi-plugin.json").read_text())
    assert schema["version"] == pinned["version"]
