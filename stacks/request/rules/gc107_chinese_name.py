"""The Chinese display name is written in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stacks.request.diagnostics import Diagnostic

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone

CODE = "GC107"

HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
"""A character of the unified Han ideographs."""


def check(zone: LandingZone) -> Iterator[Diagnostic]:
    """Yield every Chinese name without a Chinese character."""
    for source in zone.tenants:
        if not HAN.search(source.value.name.zh):
            yield source.finding(CODE, "name", "zh")
