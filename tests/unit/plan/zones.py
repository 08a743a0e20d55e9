"""Random landing zones: what Hypothesis draws requests from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import strategies as st

from stacks.plan.allocation import allocate
from stacks.plan.landing_zone import plan_landing_zone
from stacks.plan.model import Plan
from stacks.request.fields import Side
from stacks.request.ledger import Ledger
from stacks.request.platform import Platform
from stacks.request.tenant import TenantRequest

TODAY = date(2026, 11, 22)
LIMITS = ("instances", "cores", "memory", "networks", "routers", "ports")
MORE_LIMITS = ("floating_ips", "security_groups", "security_group_rules")
SIDES = {"portal": Side.EXTERNAL, "external": Side.EXTERNAL, "internal": Side.INTERNAL}
TENANTS = ("alpha", "beta", "gamma", "delta", "omega")
WIRED = ("beta", "omega")
"""Their second segment, where they have one, is a dedicated network."""
SERVICES = ("https", "postgresql", "names", "voice")


def platform(pool: str = "10.64.0.0/12", adopted: Sequence[str] = (), **management: str) -> Platform:
    """A platform whose external pool, and management network, may be made scarce."""
    return Platform.model_validate(
        {
            "name": "Test cloud",
            "cloud": {"external_network": "public", "services_network": "services", "image": "debian"},
            "sides": {
                "external": {"pool": pool, "backbone": "10.80.0.0/20", "adopted": adopted},
                "internal": {"pool": "10.128.0.0/12", "backbone": "10.144.0.0/20"},
            },
            "zones": {
                name: {"side": side, "publish": name == "portal", "accepts": ["public"]}
                for name, side in SIDES.items()
            },
            "management": {
                "network": "10.255.0.0/20",
                "bastion_flavor": "small",
                "operators": ["203.0.113.0/24"],
                **management,
            },
            "core_services": {"packages": "http://198.18.0.2/", "time": "198.18.0.2", "names": "198.18.0.3"},
            "flavors": {"small": {"vcpus": 1, "memory": 512, "disk": 2}},
            "quota_classes": {"any": dict.fromkeys((*LIMITS, *MORE_LIMITS), 10**6)},
            "services": {
                "https": {"port": 443},
                "postgresql": {"port": 5432},
                "names": {"protocol": "udp", "port": 53},
                "voice": {"protocol": "udp", "ports": [5060, "10000-10199"]},
            },
            "dedicated_networks": {
                "physical_network": "vpn",
                "vlans": {f"{tenant}/s1": 2101 + number for number, tenant in enumerate(WIRED)},
            },
            "shared_services": {
                "data": {
                    "provider": TENANTS[0],
                    "services": ["https", "voice"],
                    "approved": [TENANTS[0], TENANTS[1]],
                }
            },
        }
    )


def request(tenant: str, **fields: Any) -> TenantRequest:  # noqa: ANN401  what a YAML file may hold
    """A request with the given segments, hosts, publications and flows."""
    return TenantRequest.model_validate(
        {
            "id": tenant,
            "name": {"en": tenant, "zh": tenant},
            "tier": "city",
            "owner": {"department": tenant, "contact": tenant, "email": "a@b.example"},
            "classification": "public",
            "quota": {"class": "any"},
            **fields,
        }
    )


@dataclass(frozen=True)
class Shape:
    """The segments of one tenant: each a zone, a size, and how many hosts stand in it."""

    tenant: str
    segments: tuple[tuple[str, int, int], ...]

    def fields(self) -> dict[str, Any]:
        wired = self.tenant in WIRED and len(self.segments) > 1
        return {
            "dedicated_network": {"segments": ["s1"], "reason": "imaging"} if wired else None,
            "segments": [
                {"name": f"s{number}", "zone": zone, "size": size}
                for number, (zone, size, _) in enumerate(self.segments)
            ],
            "hosts": [
                {"name": f"h{number}", "segment": f"s{number}", "flavor": "small", "count": count}
                for number, (_, _, count) in enumerate(self.segments)
                if count
            ],
        }


SEGMENTS = st.tuples(st.sampled_from(sorted(SIDES)), st.integers(4, 1000), st.integers(0, 4))


def shapes() -> st.SearchStrategy[list[Shape]]:
    """Up to five tenants with up to three segments each."""
    shape = st.builds(Shape, st.sampled_from(TENANTS), st.lists(SEGMENTS, min_size=1, max_size=3).map(tuple))
    return st.lists(shape, min_size=1, max_size=5, unique_by=lambda item: item.tenant)


@st.composite
def requests(draw: st.DrawFn) -> tuple[TenantRequest, ...]:
    """Tenants with hosts, publications, and flows that any of them may declare, rightly or not."""
    drawn = draw(shapes())
    ends = [f"{shape.tenant}/s{number}" for shape in drawn for number in range(len(shape.segments))]
    ends += ["shared/data", "shared/data", "shared/unknown"]
    flow = st.builds(
        lambda source, target, service: {"from": source, "to": target, "service": service},
        st.sampled_from(ends),
        st.sampled_from(ends),
        st.sampled_from(SERVICES),
    )
    pool = draw(st.lists(flow, max_size=8))
    return tuple(
        request(
            shape.tenant,
            **shape.fields(),
            publish=_published(shape, published=draw(st.booleans())),
            flows=[item for item in pool if draw(st.booleans())],
        )
        for shape in drawn
    )


def _published(shape: Shape, *, published: bool) -> list[dict[str, str]]:
    return [
        {"hostname": f"h{number}.{shape.tenant}.example", "host": f"h{number}"}
        for number, (zone, _, count) in enumerate(shape.segments)
        if published and zone == "portal" and count
    ]


def plan(tenants: tuple[TenantRequest, ...]) -> Plan:
    """The plan of requests that are new to the ledger."""
    roomy = platform()
    return plan_landing_zone(roomy, tenants, allocated(roomy, tenants))


def allocated(shared: Platform, tenants: tuple[TenantRequest, ...]) -> Ledger:
    """The ledger of requests that are new to it."""
    return allocate(shared, tenants, Ledger(), TODAY)
