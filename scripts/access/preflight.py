"""Before anything is touched: does the cloud answer, and does it know us?"""

from __future__ import annotations

import openstack

from scripts.access.cloud_errors import translated
from stacks.cloud import cloud_access
from stacks.settings import Settings


def require_cloud(settings: Settings) -> None:
    """Get a token and look at each service that stacks write to.

    Raises:
        CloudError: unknown name, wrong password, nothing answers, or a service is out of order.
    """
    cloud_access(settings.cloud)
    with translated(settings.cloud):
        cloud = openstack.connect(cloud=settings.cloud)
        cloud.authorize()
        for listed in (cloud.network.networks, cloud.compute.flavors, cloud.image.images):
            next(listed(limit=1, paginated=False), None)
