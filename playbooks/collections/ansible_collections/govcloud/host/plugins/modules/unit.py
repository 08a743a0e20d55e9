"""Ansible module: a systemd unit that runs with the configuration that is on disk now."""

from __future__ import annotations

import os
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: unit
short_description: Run a systemd unit with the configuration that is on disk now
description:
  - Enables and starts a unit, and applies its files when one is newer than the unit's last change of state.
  - Handlers compare with the last task, so a run that is killed between a change and its handler loses the
    change for good. This module compares with the service itself, so the next run mends it.
options:
  name:
    description: Name of the unit, with its suffix.
    type: str
    required: true
  files:
    description: Files and folders that the unit reads when it starts or reloads.
    type: list
    elements: path
    default: []
  apply:
    description: How changed files take effect.
    type: str
    choices: [reload, restart]
    default: restart
  force:
    description: Apply the files even when none is newer.
    type: bool
    default: false
author: The govcloud authors
"""

EXAMPLES = r"""
- name: Serve time with the configuration above
  govcloud.host.unit:
    name: chrony.service
    files: [/etc/chrony/chrony.conf]
"""

RETURN = r"""
actions:
  description: What was done, in order, as verbs of systemctl.
  type: list
  elements: str
  returned: always
"""

PROPERTIES = ("LoadState", "UnitFileState", "ActiveState", "NeedDaemonReload", "StateChangeTimestamp")
DROP_INS = "/etc/systemd/system"
ACTIVE = ("active", "reloading")
JOURNAL_LINES = "8"
PAUSE = 1.0
"""Seconds before a verb that failed is tried again."""

State = dict[str, str]


def newest(names: list[str]) -> float:
    """The latest modification of files, and of folders and what is in them, in seconds of the epoch."""
    found = [path for path in map(Path, names) if path.exists()]
    inside = [entry for path in found if path.is_dir() for entry in path.iterdir()]
    return max((path.lstat().st_mtime for path in found + inside), default=0.0)


def changed_at(state: State) -> float:
    """When the unit last changed its state (start, restart, reload), in seconds of the epoch."""
    text = state["StateChangeTimestamp"]
    if not text:
        return 0.0
    moment = datetime.strptime(text, "%a %Y-%m-%d %H:%M:%S.%f %Z")
    return moment.replace(tzinfo=timezone.utc).timestamp()  # noqa: UP017 - Ubuntu 22.04 has Python 3.10


def needed(state: State, params: dict[str, Any]) -> list[str]:
    """The verbs of systemctl that bring the unit to where it should be, in order."""
    since = changed_at(state)
    own = [f"{DROP_INS}/{params['name']}{suffix}" for suffix in ("", ".d")]
    # systemd itself does not notice the first drop-in of a unit: NeedDaemonReload stays at no.
    reread = state["NeedDaemonReload"] == "yes" or newest(own) > since
    actions = ["unmask"] if state["LoadState"] == "masked" else []
    if reread:
        actions.append("daemon-reload")
    if state["UnitFileState"] in ("disabled", "masked", "masked-runtime"):
        actions.append("enable")
    if state["ActiveState"] not in ACTIVE:
        actions.append("start")
    elif reread:
        actions.append("restart")
    elif params["force"] or newest(params["files"]) > since:
        actions.append(params["apply"])
    return actions


def show(module: AnsibleModule) -> State:
    """The unit's properties."""
    properties = f"--property={','.join(PROPERTIES)}"
    command = ["systemctl", "show", "--timestamp=us+utc", properties, module.params["name"]]
    _, output, _ = module.run_command(command, check_rc=True)
    return dict(line.split("=", 1) for line in output.splitlines())


def act(module: AnsibleModule, action: str) -> None:
    """Carry out one verb, twice if need be.

    In a container the kernel may be removing the unit's empty cgroup at the moment when systemd wants to
    put a process into it (systemd.exec(5), status 219/CGROUP).
    """
    name = module.params["name"]
    command = ["systemctl", action, *([] if action == "daemon-reload" else [name])]
    code, _, error = module.run_command(command)
    if code:
        time.sleep(PAUSE)
        code, _, error = module.run_command(command)
    if code:
        fail(module, f"systemctl {action}: {error.strip()}")


def fail(module: AnsibleModule, what: str) -> None:
    """End with what went wrong and the unit's last log lines."""
    name = module.params["name"]
    # A reload that failed has changed the unit's state too; the next run shall not take it for done.
    for path in filter(os.path.exists, module.params["files"]):
        os.utime(path)
    _, log, _ = module.run_command(["journalctl", "-qn", JOURNAL_LINES, "-o", "cat", "-u", name])
    module.fail_json(msg=f"{name}: {what}\n{log.strip()}")


def main() -> None:
    """Bring the unit to where it should be, or say in check mode what would be done."""
    module = AnsibleModule(
        argument_spec={
            "name": {"type": "str", "required": True},
            "files": {"type": "list", "elements": "path", "default": []},
            "apply": {"type": "str", "choices": ["reload", "restart"], "default": "restart"},
            "force": {"type": "bool", "default": False},
        },
        supports_check_mode=True,
    )
    state = show(module)
    if state["LoadState"] == "not-found" and not module.check_mode:
        module.fail_json(msg=f"there is no unit {module.params['name']} on this host")
    actions = needed(state, module.params)
    if not module.check_mode:
        for action in actions:
            act(module, action)
        # A unit whose condition is not met is skipped, and systemctl calls that a success.
        if actions and show(module)["ActiveState"] not in ACTIVE:
            fail(module, f"is not active after: {', '.join(actions)}")
    module.exit_json(changed=bool(actions), actions=actions)


if __name__ == "__main__":
    main()
