"""Examples for the rule hosts-as-planned."""

from __future__ import annotations

from tests.unit.policies.zone import PLATFORM, PORTAL, WIRED, planned, resource

HOST = ("compute/Instance", "xiangyang-portal-web-1")
KEY = ("compute/Keypair", PORTAL)
ADDRESS = ("networking/FloatingIp", "xiangyang-portal-web-1")
VOLUME = ("blockstorage/Volume", "xiangyang-portal-oa-1.files")
ATTACHMENT = ("compute/VolumeAttach", "xiangyang-portal-oa-1.files")
FLAVOR = ("compute/Flavor", "flavor-small")
PASSING = [
    planned(PORTAL, *HOST, powerState="active", stopBeforeDestroy=False),
    planned(PORTAL, *KEY),
    planned(PORTAL, *ADDRESS),
    planned(PLATFORM, *FLAVOR, rxTxFactor=1.0),
    planned(WIRED, *VOLUME),
    planned(WIRED, *ATTACHMENT),
]
FAILING = [
    ("the plan has no compute/Instance", resource("compute/Instance", "xiangyang-portal-miner-1")),
    ("the plan has no networking/FloatingIp", resource("networking/FloatingIp", "xiangyang-portal-oa-1")),
    ("the plan has no compute/Keypair", resource("compute/Keypair", "taihe-office")),
    ("publicKey is 'ssh-ed25519 another'", planned(PORTAL, *KEY, publicKey="ssh-ed25519 another")),
    ("name is 'taihe-office'", planned(PORTAL, *KEY, name="taihe-office")),
    ("userData is", planned(PORTAL, *HOST, userData="#!/bin/sh")),
    ("powerState is 'shutoff'", planned(PORTAL, *HOST, powerState="shutoff")),
    ("rxTxFactor is 2.0", planned(PLATFORM, *FLAVOR, rxTxFactor=2.0)),
    ("flavorName is 'huge'", planned(PORTAL, *HOST, flavorName="huge")),
    ("securityGroups is", planned(PORTAL, *HOST, securityGroups=["default"])),
    ("the plan has no blockstorage/Volume", resource("blockstorage/Volume", "xiangyang-portal-oa-1.loot")),
    ("size is 50", planned(WIRED, *VOLUME, size=50)),
    ("imageId is", planned(WIRED, *VOLUME, imageId="an-image")),
    ("sourceVolId is", planned(WIRED, *VOLUME, sourceVolId="another-volume")),
    ("metadata.classification is", planned(WIRED, *VOLUME, metadata={"classification": "public!"})),
    ("multiattach is True", planned(WIRED, *ATTACHMENT, multiattach=True)),
    ("pool is 'other'", planned(PORTAL, *ADDRESS, pool="other")),
]
