"""A tenant's own deployment user: its password out of Pulumi's state, and a connection as that user."""

from __future__ import annotations

import json
import subprocess

import openstack

from scripts.access.deployment import Deployment
from scripts.engine import environment
from stacks.settings import REPOSITORY, Settings
from tests.lab.conftest import Cloud


def password(settings: Settings, tenant: str) -> str:
    """The password in plain text, decrypted by Pulumi."""
    shown = subprocess.run(
        ["pulumi", "stack", "export", "--show-secrets", "--stack", tenant],
        env=environment.full(settings),
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    resources = json.loads(shown.stdout)["deployment"]["resources"]
    (user,) = (item for item in resources if item["type"].endswith(":User"))
    plain: str = json.loads(user["outputs"]["password"]["plaintext"])
    return plain


def connect(deployment: Deployment, tenant: str) -> Cloud:
    """The cloud's API as the tenant's provider in Pulumi uses it; nothing of the operator's entry is read."""
    cloud = deployment.plan.platform.platform.cloud
    return openstack.connect(
        load_yaml_config=False,
        load_envvars=False,
        region_name=cloud.region,
        auth={
            "auth_url": deployment.outputs.platform.identity_url,
            "username": f"{tenant}-deployer",
            "password": password(deployment.settings, tenant),
            "user_domain_name": cloud.domain,
            "project_id": deployment.outputs.tenants[tenant].project,
        },
    )
