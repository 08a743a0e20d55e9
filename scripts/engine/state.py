"""Pulumi's state in the deployment's own folder, and the one cloud that it describes."""

from __future__ import annotations

import shutil
from pathlib import Path

from stacks.errors import CloudError
from stacks.settings import Settings

CLOUD_FILE = "cloud"
"""Beside the state: the name of the cloud that it describes."""


def prepare_folder(settings: Settings) -> None:
    """Make the state's folder, for this cloud alone; a database or an object store is left as it is.

    Raises:
        CloudError: the folder holds the state of another cloud; Pulumi would take its objects for lost.
    """
    if not settings.backend.startswith("file://"):
        return
    folder = Path(settings.backend.removeprefix("file://"))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    owner = folder / CLOUD_FILE
    if not owner.exists():
        owner.write_text(settings.cloud, encoding="utf-8")
    if (cloud := owner.read_text(encoding="utf-8")) != settings.cloud:
        raise CloudError(
            f"{folder} holds the state of the cloud {cloud!r}, and this is {settings.cloud!r}.",
            "Give each cloud a folder of its own with GOVCLOUD_HOME; "
            f"if the cloud only has a new name in clouds.yaml, write it into {owner}.",
        )


def never_used(settings: Settings) -> bool:
    """Whether nothing was ever built: asked before Pulumi, which may have to be made first, for minutes.

    Of state anywhere but in the deployment's home only Pulumi knows.
    """
    folder = settings.home / "pulumi"
    return settings.backend == f"file://{folder}" and not (folder / ".pulumi" / "stacks").exists()


def forget_stacks(settings: Settings) -> bool:
    """Remove the state of this cloud's stacks from the deployment's home; returns whether there was any.

    State of another cloud, in a database or in an object store is never touched.
    """
    folder = settings.home / "pulumi"
    owner = folder / CLOUD_FILE
    if settings.backend != f"file://{folder}" or not owner.exists():
        return False
    if owner.read_text(encoding="utf-8") != settings.cloud:
        return False
    shutil.rmtree(folder)
    return True
