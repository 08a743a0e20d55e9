"""Hosts, their keys, volumes and floating IPs are exactly the plan's."""

from __future__ import annotations

from policies.planned import as_planned
from policies.rule import Rule

RULE = Rule(
    title="Hosts, their keys, volumes and floating IPs are those of the plan, and no others",
    controls=("8.2.4.3-b", "8.2.4.4-a"),
    check=as_planned,
    kinds=frozenset(
        {
            "compute/Instance",
            "compute/Keypair",
            "compute/VolumeAttach",
            "blockstorage/Volume",
            "networking/FloatingIp",
            "compute/Flavor",
            "images/Image",
        }
    ),
)
