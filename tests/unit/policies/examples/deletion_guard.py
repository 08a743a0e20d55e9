"""Examples for the rule deletion-guard."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.policies.zone import PORTAL, planned

PROJECT, HOST = ("identity/Project", PORTAL), ("compute/Instance", "xiangyang-portal-web-1")
PASSING = [
    planned(PORTAL, *PROJECT),
    replace(planned("kept", *PROJECT), protect=True),
    replace(planned("held", *HOST), protect=True),
    planned("kept", *HOST),
]
FAILING = [
    ("protect=True is missing", planned("kept", *PROJECT)),
    ("protect=True is missing", planned("held", *PROJECT)),
    ("protect=True is missing", planned("held", *HOST)),
]
