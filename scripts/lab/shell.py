"""Step into the box: a shell, or one command, with the administrator's cloud at hand."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from scripts.lab import box, cgroups, clouds, config, venv
from stacks.errors import LabError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scripts.lab.paths import Lab


def enter(lab: Lab, command: Sequence[str]) -> None:
    """Replace this process by `command`, or by a shell, inside the box.

    Raises:
        LabError: the lab is down.
    """
    running = box.find(lab)
    if not running:
        raise LabError("the lab is down.", "`govcloud lab up`")
    # As a member of the box's cgroups, so that libvirt's own tools find their way there.
    cgroups.join(cgroups.detect(), running.branch)
    env = config.environment(lab.config, venv.folder(lab)) | {
        "TERM": os.environ.get("TERM", "dumb"),
        "PS1": f"{lab.name}:\\w# ",
        "OS_CLOUD": lab.name,
        "OS_CLIENT_CONFIG_FILE": str(clouds.path()),
        "OVN_NB_DB": "unix:/run/ovn/ovnnb_db.sock",
        "OVN_SB_DB": "unix:/run/ovn/ovnsb_db.sock",
        "LIBVIRT_DEFAULT_URI": "lxc:///",
    }
    argv = running.argv(command or ["bash", "--norc"])
    os.execvpe(argv[0], argv, env)  # noqa: S606 - what the operator asked for
