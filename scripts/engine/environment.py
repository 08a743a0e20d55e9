"""The environment that every `pulumi` command of this deployment runs in."""

from __future__ import annotations

import os

from scripts.engine import state
from scripts.engine.keys import ensure_keys
from scripts.engine.project import ensure_project
from scripts.toolchain.ensure import ensure_toolchain
from stacks.settings import REPOSITORY, Settings

OPENSTACK_VARIABLES = ("OS_CLIENT_CONFIG_FILE", "OS_CACERT")
"""Which of the operator's OS_* variables Pulumi may see: where clouds.yaml is, never who to be."""


def additions(settings: Settings) -> dict[str, str]:
    """What `govcloud env` prints: toolchain, project, policy pack, state back end, passphrase, cloud."""
    toolchain = ensure_toolchain(settings)
    ensure_keys(settings)
    state.prepare_folder(settings)
    return {
        **toolchain.environment,
        "PULUMI_BACKEND_URL": state.url(settings),
        "PULUMI_OPTION_CWD": str(ensure_project(settings)),
        "PULUMI_OPTION_POLICY_PACK": str(REPOSITORY / "policies"),
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(settings.passphrase_file),
        "GOVCLOUD_CLOUD": settings.cloud,
    }


def full(settings: Settings) -> dict[str, str]:
    """The whole environment of a `pulumi` process.

    Variables such as OS_PASSWORD or OS_CLOUD are removed: the provider would mix them into the
    tenants' credentials. The cloud's name reaches the program as GOVCLOUD_CLOUD. The day is fixed, so that
    all stacks of one run plan the same season even when it passes midnight.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("OS_") or name in OPENSTACK_VARIABLES
    }
    return {**kept, **additions(settings), "GOVCLOUD_DATE": settings.today.isoformat()}
