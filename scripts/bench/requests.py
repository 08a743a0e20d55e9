"""Tenants that exist for measurements only."""

from __future__ import annotations

from typing import Any

Request = dict[str, Any]


def empty(number: int) -> Request:
    """A tenant without hosts, on both sides of the wall: two networks, two routers, sixteen rules."""
    return {
        "id": f"bench-empty-{number}",
        "name": {"en": "Measured", "zh": "测量"},
        "tier": "city",
        "owner": {"department": "Measurements", "contact": "Nobody", "email": "nobody@bench.example"},
        "classification": "public",
        "quota": {"class": "medium"},
        "segments": [
            {"name": "portal", "zone": "portal", "size": 20},
            {"name": "office", "zone": "internal", "size": 20},
        ],
    }


def portal() -> Request:
    """A tenant with one portal host that is published."""
    site = {"title": "测量", "summary": "A portal that is measured.", "services": ["12345"]}
    host = {"name": "web", "segment": "portal", "flavor": "small", "workload": "portal", "site": site}
    return {
        **empty(0),
        "id": "bench-portal",
        "segments": [{"name": "portal", "zone": "portal", "size": 20}],
        "hosts": [host],
        "publish": [{"hostname": "www.bench.example", "host": "web"}],
    }


def single() -> Request:
    """A tenant with one bare host on the internal side."""
    return {
        **empty(0),
        "id": "bench-single",
        "segments": [{"name": "office", "zone": "internal", "size": 10}],
        "hosts": [{"name": "node", "segment": "office", "flavor": "small"}],
    }
