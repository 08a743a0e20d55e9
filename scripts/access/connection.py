"""A connection to the cloud's APIs as the administrator of clouds.yaml."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import openstack
from openstack.connection import Connection

from scripts.access.cloud_errors import translated

PATIENCE = 60.0
"""Seconds that an API may take for one answer."""


@contextmanager
def connected(cloud: str) -> Iterator[Connection]:
    """Connect to the clouds.yaml entry `cloud`; nothing is asked before the first call.

    Raises:
        CloudError: any refusal inside the block, as one paragraph.
    """
    quiet()
    with translated(cloud), openstack.connect(cloud=cloud, api_timeout=PATIENCE) as connection:
        yield connection


def quiet() -> None:
    """Keep the client library to its exceptions: its warnings repeat, less clearly, what they say."""
    logging.getLogger("keystoneauth").setLevel(logging.ERROR)
