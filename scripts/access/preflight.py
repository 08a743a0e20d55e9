"""Before anything is touched: does the cloud answer, and does it know us?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from openstack.connection import Connection

from scripts.access.connection import connected
from stacks.cloud import cloud_access
from stacks.settings import Settings


@contextmanager
def required_cloud(settings: Settings) -> Iterator[Connection]:
    """The cloud, once there is a token and each service that stacks write to has answered.

    Raises:
        CloudError: unknown name, wrong password, nothing answers, or a service is out of order.
    """
    cloud_access(settings.cloud)
    with connected(settings.cloud) as cloud:
        cloud.authorize()
        for listed in (cloud.network.networks, cloud.compute.flavors, cloud.image.images):
            next(listed(limit=1, paginated=False), None)
        yield cloud
