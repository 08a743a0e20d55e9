"""Tenants that tests make, change, break and remove again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from tests.lab.conftest import Command


def request(tenant: str, *, hosts: int = 0, **changes: object) -> dict[str, Any]:
    """A small request on the internal side."""
    group = [{"name": "node", "segment": "office", "flavor": "small", "count": hosts}] if hosts else []
    return {
        "id": tenant,
        "name": {"en": "Throw-away", "zh": "临时测试"},
        "tier": "city",
        "owner": {"department": "Tests", "contact": "Nobody", "email": "nobody@tests.example"},
        "classification": "internal",
        "quota": {"class": "small"},
        "segments": [{"name": "office", "zone": "internal", "size": 10}],
        "hosts": group,
        **changes,
    }


def write(folder: Path, content: dict[str, Any]) -> Path:
    """Put a request into a tenants folder."""
    path = folder / f"{content['id']}.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


@contextmanager
def tenant(govcloud: Command, content: dict[str, Any]) -> Iterator[str]:
    """A request that exists for the length of a test; whatever was built of it is removed."""
    path = write(Path(govcloud.environment["GOVCLOUD_TENANTS"]), content)
    try:
        yield content["id"]
    finally:
        ended = govcloud("destroy", content["id"], "--yes")
        path.unlink()
        assert ended.returncode == 0, ended.stderr
