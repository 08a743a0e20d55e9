"""Who may have to do with whom: what a flow and an exchange have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stacks.request.fields import Classification
from stacks.request.flow_ends import absolute_ends

if TYPE_CHECKING:
    from stacks.request.landing_zone import LandingZone, Source
    from stacks.request.model.exchange import Exchange
    from stacks.request.tenant import Flow, TenantRequest


@dataclass(frozen=True)
class StrangeEnd:
    """An end at a tenant that the one who declares it may have nothing to do with.

    Attributes:
        index: of the flow or exchange in its request.
        key: `from` or `to`.
        own: classification of the tenant that declares it.
        other: classification of the tenant at that end.
    """

    source: Source[TenantRequest]
    index: int
    key: str
    own: Classification
    other: Classification


def strange_ends(
    zone: LandingZone,
    declared: Callable[[TenantRequest], Sequence[Flow | Exchange]],
    owner: Callable[[str], str],
) -> Iterator[StrangeEnd]:
    """Every end whose tenant may be no peer. Classified data has a finding of its own, and is left out.

    Args:
        declared: the flows or the exchanges of a request.
        owner: the tenant whose segment an end (`tenant/segment`) is.
    """
    classes = {request.id: request.classification for request in zone.requests}
    for source in zone.tenants:
        tenant, own = source.value.id, source.value.classification
        for index, item in enumerate(declared(source.value)):
            for key, end in absolute_ends(item, tenant).items():
                at = owner(end)
                other = classes.get(at)
                if at == tenant or other is None or Classification.CLASSIFIED in (own, other):
                    continue
                if not zone.platform.value.peers(own, other):
                    yield StrangeEnd(source, index, key, own, other)
