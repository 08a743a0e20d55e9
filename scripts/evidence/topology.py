"""Pictures of what was audited: a tenant's segments, routers and borders, and the platform over all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from scripts.evidence.words import Say
from stacks.plan.model import HostPlan, Plan, RouterPlan, TenantPlan
from stacks.request.fields import Side

WIDTH = 960
LEFT, MIDDLE, RIGHT = 20, 250, 490
"""Where the three columns begin: what a router reaches, the routers, the segments."""

BOX, LINE, GAP, HOST, HOST_WIDTH = 40, 17, 14, 24, 219
"""Heights of a box, of a line of text, between boxes, of a host; width of a host. All in pixels."""

WALL, TITLE = 46, 30


@dataclass(frozen=True)
class Box:
    """A rectangle with lines of text; `kind` is its class in the style sheet."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Wire:
    """A straight line from one box to another."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Picture:
    """Everything that is drawn, and what it is called and shows, in words."""

    title: str
    description: str
    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]
    height: float


def tenant_picture(tenant: TenantPlan, word: Say) -> Picture:
    """A tenant: one lane a side, a wall between them."""
    boxes: list[Box] = []
    wires: list[Wire] = []
    y = 10.0
    for place, side in enumerate((Side.EXTERNAL, Side.INTERNAL)):
        if place:
            boxes.append(_wall(y, word))
            y += WALL
        y = _lane(tenant, side, y, (boxes, wires), word)
    title = word(
        "picture-tenant", tenant=tenant.request.name.zh if word.language == "zh" else tenant.request.name.en
    )
    return Picture(title, _told(tenant, word), tuple(boxes), tuple(wires), y)


def platform_picture(plan: Plan, word: Say) -> Picture:
    """The platform: the tenants of each side around its backbone, and the management network below."""
    boxes: list[Box] = []
    y = 10.0
    for place, side in enumerate(plan.platform.sides):
        if place:
            boxes.append(_wall(y, word))
            y += WALL
        words = (word(f"side-{side.side}"), word("backbone", network=side.backbone))
        here = [_held(tenant, side.side, word) for tenant in plan.tenants]
        boxes.append(Box(f"lane {side.side}", LEFT, y, WIDTH - 2 * LEFT, TITLE, (" · ".join(words),)))
        found = list(_grid(filter(None, here), y + TITLE + GAP))
        boxes += found
        y = max((box.y + box.height for box in found), default=y + TITLE) + GAP
    management = plan.platform.management
    text = word("picture-management", network=management.network, bastion=management.bastion)
    boxes.append(Box("management", LEFT, y + GAP, WIDTH - 2 * LEFT, BOX, (text,)))
    ids = ", ".join(tenant.id for tenant in plan.tenants)
    return Picture(word("picture-platform"), ids, tuple(boxes), (), y + GAP + BOX + 10)


def _held(tenant: TenantPlan, side: Side, word: Say) -> tuple[str, ...]:
    """What a tenant has on one side, in two lines; nothing where it has nothing."""
    segments = {segment.key for segment in tenant.segments if segment.side is side}
    hosts = sum(host.segment in segments for host in tenant.hosts)
    return (tenant.id, word("holds", segments=len(segments), hosts=hosts)) if segments else ()


def _grid(cells: Iterable[tuple[str, ...]], y: float) -> Iterator[Box]:
    width = (WIDTH - 2 * LEFT - 3 * GAP) / 4
    for place, lines in enumerate(cells):
        row, column = divmod(place, 4)
        yield Box("segment", LEFT + column * (width + GAP), y + row * (BOX + GAP), width, BOX, lines)


def _wall(y: float, word: Say) -> Box:
    return Box("wall", LEFT, y + 10, WIDTH - 2 * LEFT, WALL - 20, (word("wall"),))


def _lane(tenant: TenantPlan, side: Side, y: float, drawn: tuple[list[Box], list[Wire]], word: Say) -> float:
    """Draw one side from `y` downwards; returns where it ends."""
    boxes, wires = drawn
    boxes.append(Box(f"lane {side}", LEFT, y, WIDTH - 2 * LEFT, TITLE, (word(f"side-{side}"),)))
    y += TITLE + GAP
    routers = [router for router in tenant.routers if router.side is side]
    if not routers:
        boxes.append(Box("nothing", LEFT, y, WIDTH - 2 * LEFT, BOX, (word("nothing-here"),)))
        return y + BOX + GAP
    for router in routers:
        segments = list(_segments(tenant, router, y))
        reaches = list(_reaches(router, y, word))
        end = max(box.y + box.height for box in chain(segments, reaches))
        centre = (y + end) / 2
        boxes += [*segments, *reaches]
        boxes.append(Box("router", MIDDLE, centre - BOX / 2, 180, BOX, (word("router"), router.name)))
        wires += [Wire(MIDDLE + 180, centre, RIGHT, b.y + BOX / 2) for b in segments if b.kind == "segment"]
        wires += [Wire(MIDDLE, centre, LEFT + 190, box.y + BOX / 2) for box in reaches]
        y = end + GAP
    return y


def _reaches(router: RouterPlan, y: float, word: Say) -> Iterator[Box]:
    found = [("management", word("management"), str(router.management))]
    if router.backbone:
        found.insert(0, ("backbone", word("other-tenants"), str(router.backbone)))
    if router.external_gateway:
        found.insert(0, ("outside", word("outside"), word("published-only")))
    for place, (kind, name, detail) in enumerate(found):
        yield Box(kind, LEFT, y + place * (BOX + GAP), 190, BOX, (name, detail))


def _segments(tenant: TenantPlan, router: RouterPlan, y: float) -> Iterator[Box]:
    for key in router.segments:
        segment = tenant.segment(key)
        hosts = [host for host in tenant.hosts if host.segment == key]
        height = BOX + -(-len(hosts) // 2) * (HOST + 4) + (6 if hosts else 0)
        name = f"{segment.key} · {segment.zone}"
        yield Box("segment", RIGHT, y, WIDTH - LEFT - RIGHT, height, (name, str(segment.cidr)))
        for place, host in enumerate(hosts):
            row, column = divmod(place, 2)
            x = RIGHT + 6 + column * HOST_WIDTH
            yield Box("host", x, y + BOX + row * (HOST + 4), HOST_WIDTH - 6, HOST, (_host(host),))
        y += height + GAP


def _host(host: HostPlan) -> str:
    ports = f" ⇠{','.join(map(str, host.published_ports))}" if host.published_ports else ""
    return f"{host.key} {host.address}{ports}"


def _told(tenant: TenantPlan, word: Say) -> str:
    """The picture in words, for people who do not see it."""
    told = []
    for segment in tenant.segments:
        hosts = ", ".join(_host(host) for host in tenant.hosts if host.segment == segment.key)
        told.append(
            f"{segment.key} ({word(f'side-{segment.side}')}, {segment.cidr}): {hosts or word('no-host')}"
        )
    return "; ".join(told)
