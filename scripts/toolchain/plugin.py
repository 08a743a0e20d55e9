"""The OpenStack provider in a `PULUMI_HOME` of its own, cut off from the operator's credentials."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from scripts.toolchain import pins
from stacks.errors import MachineError

NAME = "pulumi-resource-openstack"
REAL = f"{NAME}.real"

LAUNCHER = f"""#!/bin/sh
# What a Provider resource says is all that counts: the provider would fill what is left open from OS_*, and
# OS_CLOUD or OS_TOKEN even win over a tenant's own user: docs/adr/0003-toolchain-from-modules.md.
for name in $(env | sed -n 's/^\\(OS_[A-Z0-9_]*\\)=.*/\\1/p'); do
    case $name in OS_CLIENT_*_FILE | OS_CACERT | OS_DEBUG) ;; *) unset "$name" ;; esac
done
exec "${{0%/*}}/{REAL}" "$@"
"""


def placed(home: Path) -> Path:
    """Where a `PULUMI_HOME` has the provider of the pinned version, if it has it."""
    return home / "plugins" / f"resource-openstack-v{pins.PROVIDER}" / NAME


def installed() -> Path | None:
    """The official provider of the pinned version, where this user has installed it."""
    home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    binary = placed(home)
    ours = binary.with_name(REAL).exists()
    return binary if binary.exists() and not ours else None


def register(pulumi: Path, home: Path, provider: Path) -> None:
    """Install a provider binary, behind the launcher, into a `PULUMI_HOME`.

    Raises:
        MachineError: `pulumi` refused it.
    """
    source = home.with_name("plugin")
    source.mkdir()
    (source / NAME).write_text(LAUNCHER)
    (source / NAME).chmod(0o755)
    shutil.copy(provider, source / REAL)
    answer = subprocess.run(
        [pulumi, "plugin", "install", "resource", "openstack", f"v{pins.PROVIDER}", "--file", source],
        env=os.environ | {"PULUMI_HOME": str(home), "PULUMI_SKIP_UPDATE_CHECK": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    shutil.rmtree(source)
    _keep_no_log(home)
    if answer.returncode:
        raise MachineError(
            f"{pulumi} cannot register the OpenStack provider: {answer.stderr.strip()}",
            "run the same command again; if it stays, delete the folder `toolchain` in the cache",
        )


def _keep_no_log(home: Path) -> None:
    """Keep `pulumi` from logging the inputs of every resource into one folder for all clouds of this machine.

    It has no switch for that log, but does without where the folder cannot be made. What a run says is in the
    deployment's own `logs`.
    """
    shutil.rmtree(home / "logs", ignore_errors=True)
    (home / "logs").touch()
