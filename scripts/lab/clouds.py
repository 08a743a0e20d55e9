"""The lab's entry in the operator's `clouds.yaml`; other entries are kept as they are."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from scripts.lab import image, machine_image, seed
from scripts.lab.config import write_private
from stacks.errors import MachineError

if TYPE_CHECKING:
    from scripts.lab.paths import Lab


def path() -> Path:
    """The file that OpenStack clients read: `OS_CLIENT_CONFIG_FILE`, else the one in the home folder."""
    return Path(os.environ.get("OS_CLIENT_CONFIG_FILE") or Path.home() / ".config/openstack/clouds.yaml")


def entry(lab: Lab) -> dict[str, Any]:
    """How to reach the lab; `govcloud` is this project's own key, which clients ignore."""
    own: dict[str, Any] = {
        "proxy": f"socks5h://127.0.0.1:{lab.ports.socks}",
        "image_file": str(image.image_file(lab)),
    }
    if lab.own_kernel:
        own["image_files"] = {machine_image.NAME: str(machine_image.image_file(lab))}
    return seed.account(lab) | {"govcloud": own}


def _read(file: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(file.read_text()) if file.exists() else {}
    except yaml.YAMLError as error:
        raise MachineError(
            f"{file} is not YAML: {error}", "mend or move it, then run the command again."
        ) from error
    return content or {}


def write(lab: Lab) -> None:
    """Add or replace the lab's entry.

    Raises:
        MachineError: the file is there and is not YAML.
    """
    content = _read(path())
    clouds = content.setdefault("clouds", {})
    if clouds.get(lab.name) != (wanted := entry(lab)):
        clouds[lab.name] = wanted
        write_private(path(), yaml.safe_dump(content, sort_keys=False))


def remove(lab: Lab) -> None:
    """Take the lab's entry out.

    Raises:
        MachineError: the file is there and is not YAML.
    """
    content = _read(path())
    if content.get("clouds", {}).pop(lab.name, None):
        write_private(path(), yaml.safe_dump(content, sort_keys=False))
