"""Examples for the rule deletion-guard."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.policies.zone import PORTAL, WIRED, planned

PROJECT, HOST = ("identity/Project", PORTAL), ("compute/Instance", "xiangyang-portal-web-1")
VOLUME = ("blockstorage/Volume", "xiangyang-portal-oa-1.files")
PASSING = [
    planned(PORTAL, *PROJECT),
    replace(planned("kept", *PROJECT), protect=True),
    replace(planned("held", *HOST), protect=True),
    planned("kept", *HOST),
    planned(WIRED, *VOLUME),
]
FAILING = [
    ("protect=True is missing", planned("kept", *PROJECT)),
    ("protect=True is missing", planned("held", *PROJECT)),
    ("protect=True is missing", planned("held", *HOST)),
    ("it holds data", replace(planned(WIRED, *VOLUME), protect=False)),
]
