"""Ansible module: folders that are mounts of their own, with options that forbid what has no place there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.govcloud.host.plugins.module_utils.fstab import FSTAB, MOUNTED, entry, read, write

DOCUMENTATION = r"""
module: mounts
short_description: Give folders mount options, at boot and now
description:
  - A folder that /etc/fstab mounts already, from a partition or a volume, keeps its line and gets the
    options.
  - Any other folder is mounted onto itself. That bounds what can be done in it, not how much it can hold.
  - What is mounted is compared as well, so options that somebody took away by hand come back.
options:
  mounts:
    description: The folders, a folder before what is in it.
    type: list
    elements: dict
    required: true
    suboptions:
      path:
        description: Where it is mounted.
        type: path
        required: true
      options:
        description: Options that it must have.
        type: list
        elements: str
        required: true
  types:
    description: File system type of what is no folder of the disk, such as C(proc).
    type: dict
    default: {}
  overrides:
    description: Other options for some of the folders; what is left out of O(mounts) so is taken away.
    type: dict
    default: {}
author: The govcloud authors
"""

EXAMPLES = r"""
- name: Keep programs out of the folders for data
  govcloud.host.mounts:
    mounts:
      - {path: /var/log, options: [nosuid, nodev, noexec]}
"""

RETURN = r"""
actions:
  description: What was done, in order.
  type: list
  elements: str
  returned: always
"""

BIND = "none"
"""Type of a folder that is mounted onto itself."""

Mount = dict[str, Any]


def wanted(params: dict[str, Any]) -> list[Mount]:
    """The mounts as they should be, each with its type and the options that it must not have."""
    return [
        {
            "path": mount["path"],
            "options": options,
            "without": [option for option in mount["options"] if option not in options],
            "type": params["types"].get(mount["path"], BIND),
        }
        for mount in params["mounts"]
        for options in [params["overrides"].get(mount["path"], mount["options"])]
    ]


def merged(present: str, options: list[str], without: Sequence[str] = ()) -> str:
    """Options of a line, with those that it must have; opposites of them go, and what it must not have."""
    surplus = {option[2:] for option in options if option.startswith("no")} | set(without)
    names = {option.split("=")[0] for option in options}
    kept = [
        option
        for option in present.split(",")
        if option not in surplus and (option.split("=")[0] not in names or option in options)
    ]
    return ",".join(kept + [option for option in options if option not in kept]) or "defaults"


def opposite(option: str) -> str:
    """What takes an option away from a mount that has it."""
    name = option.split("=", maxsplit=1)[0]
    return f"{name}=off" if name != option else option.removeprefix("no")


def table(lines: list[str], mounts: list[Mount]) -> list[str]:
    """The lines of fstab(5) as they should be."""
    named = {mount["path"]: mount for mount in mounts}
    present = {fields[1] for fields in map(entry, lines) if fields}
    kept = [corrected(line, named) for line in lines]
    return kept + [added(mount) for mount in mounts if mount["path"] not in present]


def corrected(line: str, named: dict[str, Mount]) -> str:
    """A line of fstab(5) with the options that its path must have."""
    fields = entry(line)
    if not fields or fields[1] not in named:
        return line
    mount = named[fields[1]]
    options = merged(fields[3], mount["options"], mount["without"])
    return line if options == fields[3] else " ".join([*fields[:3], options, *fields[4:]])


def added(mount: Mount) -> str:
    """A new line of fstab(5)."""
    kind, path = mount["type"], mount["path"]
    options = ",".join((["bind"] if kind == BIND else []) + mount["options"]) or "defaults"
    return f"{path if kind == BIND else kind} {path} {kind} {options} 0 0"


def needed(mounted: list[str], mounts: list[Mount]) -> list[list[str]]:
    """The calls of mount(8) that bring what is mounted to where it should be, in order."""
    present = {fields[1]: set(fields[3].split(",")) for fields in map(entry, mounted) if fields}
    calls = []
    for mount in mounts:
        path, options = mount["path"], mount["options"]
        if path not in present:
            calls.append(["mount", path])
            continue
        surplus = [option for option in mount["without"] if option in present[path]]
        if surplus or not set(options) <= present[path]:
            bind = ["bind"] if mount["type"] == BIND else []
            words = ["remount", *bind, *map(opposite, surplus), *options]
            calls.append(["mount", "-o", ",".join(words), path])
    return calls


def main() -> None:
    """Bring table and mounts to where they should be, or say in check mode what would be done."""
    suboptions = {
        "path": {"type": "path", "required": True},
        "options": {"type": "list", "elements": "str", "required": True},
    }
    module = AnsibleModule(
        argument_spec={
            "mounts": {"type": "list", "elements": "dict", "required": True, "options": suboptions},
            "types": {"type": "dict", "default": {}},
            "overrides": {"type": "dict", "default": {}},
        },
        supports_check_mode=True,
    )
    mounts = wanted(module.params)
    before = read(FSTAB)
    lines = table(before, mounts)
    calls = needed(read(MOUNTED), mounts)
    actions = ([f"write {FSTAB}"] if lines != before else []) + [" ".join(call) for call in calls]
    if not module.check_mode:
        if lines != before:
            write(module, lines)
        for call in calls:
            module.run_command(call, check_rc=True)
    module.exit_json(changed=bool(actions), actions=actions)


if __name__ == "__main__":
    main()
