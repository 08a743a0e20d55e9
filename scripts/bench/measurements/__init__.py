"""The measurements, in the order in which they are taken."""

from __future__ import annotations

from scripts.bench.figure import Measurement
from scripts.bench.measurements import (
    check,
    controls,
    hardening,
    hosts,
    lab,
    plan,
    tenants,
    toolchain,
    zone,
)

MEASUREMENTS: dict[str, Measurement] = {
    measurement.name: measurement
    for measurement in (
        check.CHECK,
        plan.PLAN,
        controls.CONTROLS,
        toolchain.TOOLCHAIN,
        lab.LAB,
        zone.ZONE,
        zone.NO_CHANGE,
        tenants.TENANT,
        tenants.TEN,
        hosts.HOST,
        hosts.DEPLOY,
        hosts.AUDIT,
        hosts.RESTART,
        hardening.HARDENING,
        hardening.HARDENING_OWN_KERNEL,
    )
}
