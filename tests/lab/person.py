"""Somebody of a group: a user of the tests' own, for the length of a test."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import openstack

from scripts.access.deployment import Deployment
from tests.lab.conftest import Cloud


@contextmanager
def of(deployment: Deployment, cloud: Cloud, *, group: str, project: str) -> Iterator[Cloud]:
    """The cloud's API as a new member of the group, in a project that the group has a role in.

    Args:
        cloud: the administrator's API, which makes the user and removes it.
        project: its id.
    """
    platform, password = deployment.outputs.platform, secrets.token_urlsafe(24)
    user = cloud.identity.create_user(
        name=f"zz-{secrets.token_hex(4)}", password=password, domain_id=platform.domain
    )
    try:
        found = cloud.identity.find_group(group, ignore_missing=False)
        cloud.identity.add_user_to_group(user, found)
        yield openstack.connect(
            load_yaml_config=False,
            load_envvars=False,
            region_name=deployment.plan.platform.platform.cloud.region,
            auth={
                "auth_url": platform.identity_url,
                "user_id": user.id,
                "password": password,
                "project_id": project,
            },
        )
    finally:
        cloud.identity.delete_user(user)
