"""Ansible module: a systemd unit that runs with the configuration that is on disk now."""

from __future__ import annotations

DOCUMENTATION = r"""
module: unit
short_description: Run a systemd unit with the configuration that is on disk now
description:
  - Enables and starts a unit, and restarts or reloads it when one of its files is newer than its last change of state.
  - Handlers compare with the last task, so a run that is killed between a change and its handler loses the change for
    good. This module compares with the service itself, so the next run mends it.
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
  description: What was done, in order, as arguments of systemctl.
  type: list
  elements: str
  returned: always
"""

import datetime
import os

from ansible.module_utils.basic import AnsibleModule

PROPERTIES = ("LoadState", "UnitFileState", "ActiveState", "NeedDaemonReload", "StateChangeTimestamp")
JOURNAL_LINES = 8


def newest(paths: list[str]) -> float:
    """The latest modification of the files, and of folders and what is in them, in seconds of the epoch."""
    found = [path for path in paths if os.path.exists(path)]
    inside = [entry.path for path in found if os.path.isdir(path) for entry in os.scandir(path)]
    return max((os.stat(path).st_mtime for path in found + inside), default=0.0)


def changed_at(state: dict[str, str]) -> float:
    """When the unit last changed its state (start, restart, reload), in seconds of the epoch."""
    text = state["StateChangeTimestamp"]
    if not text:
        return 0.0
    moment = datetime.datetime.strptime(text, "%a %Y-%m-%d %H:%M:%S.%f %Z")
    return moment.replace(tzinfo=datetime.timezone.utc).timestamp()


def needed(state: dict[str, str], params: dict) -> list[str]:
    """The systemctl verbs that bring the unit to where it should be, in order."""
    since = changed_at(state)
    own = ["/etc/systemd/system/" + params["name"] + suffix for suffix in ("", ".d")]
    # systemd itself does not notice the first drop-in of a unit: NeedDaemonReload stays at no.
    reread = state["NeedDaemonReload"] == "yes" or newest(own) > since
    actions = []
    if state["LoadState"] == "masked":
        actions.append("unmask")
    if reread:
        actions.append("daemon-reload")
    if state["UnitFileState"] in ("disabled", "masked", "masked-runtime"):
        actions.append("enable")
    if state["ActiveState"] not in ("active", "reloading"):
        actions.append("start")
    elif reread:
        actions.append("restart")
    elif params["force"] or newest(params["files"]) > since:
        actions.append(params["apply"])
    return actions


def show(module: AnsibleModule) -> dict[str, str]:
    """The unit's properties."""
    command = [
        "systemctl",
        "show",
        "--timestamp=us+utc",
        "--property=" + ",".join(PROPERTIES),
        module.params["name"],
    ]
    _, output, _ = module.run_command(command, check_rc=True)
    return dict(line.split("=", 1) for line in output.splitlines())


def act(module: AnsibleModule, action: str) -> None:
    """Run one verb; a failure shows the unit's last log lines."""
    name = module.params["name"]
    code, _, error = module.run_command(["systemctl", action] + ([] if action == "daemon-reload" else [name]))
    if code:
        _, log, _ = module.run_command(["journalctl", "-qn", str(JOURNAL_LINES), "-o", "cat", "-u", name])
        module.fail_json(msg="systemctl %s %s: %s\n%s" % (action, name, error.strip(), log.strip()))


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
        module.fail_json(msg="there is no unit %s on this host" % module.params["name"])
    actions = needed(state, module.params)
    if not module.check_mode:
        for action in actions:
            act(module, action)
    module.exit_json(changed=bool(actions), actions=actions)


if __name__ == "__main__":
    main()
