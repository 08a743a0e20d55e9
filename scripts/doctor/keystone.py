"""Keystone as the checks see it: version 3, and the token that it gave."""

from __future__ import annotations

from datetime import datetime

from keystoneauth1.access import AccessInfo
from keystoneauth1.identity.base import BaseIdentityPlugin
from openstack.connection import Connection
from openstack.identity.v3._proxy import Proxy

from stacks.errors import CloudError


def identity(cloud: Connection) -> Proxy:
    """The identity API.

    Raises:
        CloudError: the cloud speaks an older version.
    """
    if not isinstance(cloud.identity, Proxy):
        raise CloudError(
            "Keystone does not speak version 3.", "Set `identity_api_version: 3` in clouds.yaml."
        )
    return cloud.identity


def token(cloud: Connection) -> AccessInfo:
    """What Keystone said of the login; asked once."""
    return _plugin(cloud).get_access(cloud.session)


def issued(cloud: Connection) -> datetime:
    """Keystone's time now, from a token made for this question."""
    fresh = _plugin(cloud).get_auth_ref(cloud.session)
    if fresh is None or fresh.issued is None:
        raise CloudError("Keystone's token does not say when it was made.", "Upgrade the cloud.")
    return fresh.issued


def _plugin(cloud: Connection) -> BaseIdentityPlugin:
    plugin = cloud.session.auth
    if not isinstance(plugin, BaseIdentityPlugin):
        raise CloudError(
            "the entry in clouds.yaml does not log in to Keystone.",
            "Set `auth` with user name, password and project; docs/ops-existing-cloud.md shows an entry.",
        )
    return plugin
