"""A province's worth of requests: many tenants whose offices talk to one another; the same every time."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import yaml

from scripts.bench.requests import Request
from stacks.request.landing_zone import PLATFORM_FILE
from stacks.settings import REPOSITORY

STRIDE = 7
"""Peers are this far apart, so that neighbours in the alphabet are no peers; prime to round numbers."""


def write_crowd(folder: Path, tenants: int, flows: int) -> None:
    """Requests of that many tenants, with that many flows between them that both ends declare.

    Args:
        folder: gets a copy of the repository's platform file, and one request per tenant.
        tenants: how many; more than `flows / tenants * STRIDE`, so that no two flows are the same.
        flows: how many, shared out evenly.
    """
    folder.mkdir(parents=True)
    shutil.copy(REPOSITORY / "tenants" / PLATFORM_FILE, folder)
    for number in range(tenants):
        text = yaml.dump(
            member(number, tenants, flows // tenants), Dumper=yaml.CSafeDumper, allow_unicode=True
        )
        (folder / f"{_name(number)}.yaml").write_text(text, encoding="utf-8")


def member(number: int, tenants: int, peers: int) -> Request:
    """One tenant with three segments and four hosts, that calls `peers` others and is called by as many."""
    calls = ((number + STRIDE * step) % tenants for step in range(1, peers + 1))
    called = ((number - STRIDE * step) % tenants for step in range(1, peers + 1))
    own: list[Any] = [{"from": "portal", "to": "data", "service": "postgresql"}]
    return {
        "id": _name(number),
        "name": {"en": f"Department {number}", "zh": f"部门{number}"},
        "tier": "city",
        "owner": {"department": "Measurements", "contact": "Nobody", "email": "nobody@bench.example"},
        "classification": "public",
        "quota": {"class": "large"},
        "segments": [
            {"name": "portal", "zone": "portal", "size": 20},
            {"name": "data", "zone": "external", "size": 10},
            {"name": "office", "zone": "internal", "size": 50},
        ],
        "hosts": [
            _host("web", "portal", 2) | {"workload": "portal", "site": {"title": "部门"}},
            _host("db", "data", 1),
            _host("oa", "office", 1),
        ],
        "publish": [{"hostname": f"www{number}.bench.example", "host": "web"}],
        "flows": own
        + [{"from": "office", "to": f"{_name(peer)}/office", "service": "https"} for peer in calls]
        + [{"from": f"{_name(peer)}/office", "to": "office", "service": "https"} for peer in called],
    }


def _host(name: str, segment: str, count: int) -> Request:
    return {"name": name, "segment": segment, "flavor": "small", "count": count}


def _name(number: int) -> str:
    return f"crowd-{number:04}"
