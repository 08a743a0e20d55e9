"""A tenant is an ordinary stack: built by `pulumi` alone, in a shell, as docs/ops.md tells."""

from __future__ import annotations

import os
import subprocess

import pytest

from tests.lab import throwaway
from tests.lab.conftest import GOVCLOUD, Cloud, Command

NAME = "zz-plain"
TYPED = """
set -eu
eval "$(govcloud env)"
govcloud allocate
pulumi up --yes --skip-preview --stack platform
pulumi stack init "$1"
pulumi up --yes --stack "$1"
pulumi up --yes --expect-no-changes --stack "$1"
"""


@pytest.mark.usefixtures("deployment")
def test_a_tenant_is_built_by_pulumi_alone(cloud: Cloud, govcloud: Command) -> None:
    path = f"{GOVCLOUD.parent}{os.pathsep}{govcloud.environment['PATH']}"
    with throwaway.tenant(govcloud, throwaway.request(NAME)):
        ran = subprocess.run(
            ["sh", "-c", TYPED, "sh", NAME],
            env={**govcloud.environment, "PATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-4000:]
        project = cloud.identity.find_project(NAME, ignore_missing=False).id
        assert list(cloud.network.networks(project_id=project))
    assert cloud.identity.find_project(NAME) is None
