"""Whatever a file holds, the check answers with findings: it never raises, hangs or opens something."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stacks.request.landing_zone import check
from stacks.request.platform import Platform
from stacks.request.tenant import TenantRequest
from tests.unit.request.cases import BASE, Case

some = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])

TOKENS = st.sampled_from(
    [
        *"a\n\t[]{},'\"|>#~@%城\u2028\ufeff",
        "  ",
        ": ",
        "- ",
        "? ",
        "&x",
        "*x",
        "!!int ",
        "!t ",
        "---\n",
        "<<: ",
    ]
)
WORDS = st.sampled_from(["0x1F", "1e999", "2026-02-30", "12:30:45", ".inf", "id: city\n", "segments:\n"])
KEYS = [*TenantRequest.model_fields, *Platform.model_fields, "from", "to", "class", "en", "port", "cidr"]
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8), st.dates()
)
DATA = st.dictionaries(
    st.sampled_from(KEYS),
    st.recursive(
        SCALARS,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=3)
        ),
        max_leaves=8,
    ),
    max_size=8,
)


def _positions_are_real(city: bytes, platform: bytes | None = None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        zone = Case("").apply(Path(folder))
        (zone / "city.yaml").write_bytes(city)
        if platform is not None:
            (zone / "platform.yaml").write_bytes(platform)
        found = check(zone)[1]
        lines = {path: len(path.read_bytes().splitlines()) + 1 for path in zone.iterdir()}
        for finding in found:
            assert 1 <= finding.position.line <= lines[finding.position.file] + 1
            assert finding.position.column >= 1
            assert finding.message
            assert "\n" not in str(finding)


@some
@given(st.lists(TOKENS | WORDS, max_size=40).map("".join))
def test_yaml_like_text(text: str) -> None:
    _positions_are_real(text.encode(), text.encode())


@some
@given(st.binary(max_size=200))
def test_bytes(content: bytes) -> None:
    _positions_are_real(content)


@some
@given(DATA, st.booleans())
def test_valid_yaml_of_the_wrong_shape(data: dict[str, Any], both: bool) -> None:
    content = yaml.safe_dump(data, allow_unicode=True).encode()
    _positions_are_real(content, content if both else None)


@some
@given(st.sampled_from(["city.yaml", "platform.yaml"]), st.data())
def test_one_value_replaced(name: str, draw: st.DataObject) -> None:
    data: Any = yaml.safe_load((BASE / name).read_text(encoding="utf-8"))
    parent, key = draw.draw(st.sampled_from(list(_places(data))))
    parent[key] = draw.draw(st.one_of(SCALARS, DATA, st.lists(SCALARS, max_size=2)))
    content = yaml.safe_dump(data, allow_unicode=True).encode()
    base = (BASE / "city.yaml").read_bytes()
    _positions_are_real(*((content,) if name == "city.yaml" else (base, content)))


def _places(data: dict[Any, Any] | list[Any]) -> Iterator[tuple[Any, Any]]:
    for key, value in list(data.items() if isinstance(data, dict) else enumerate(data)):
        yield data, key
        if isinstance(value, dict | list):
            yield from _places(value)
