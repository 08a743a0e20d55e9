"""Pulumi's state in the deployment's own folder, and the one cloud that it describes."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from pathlib import Path

import yaml

from scripts.engine.project import PROJECT
from stacks.errors import CloudError
from stacks.settings import Settings

CLOUD_FILE = "cloud"
"""Beside the state: the name of the cloud that it describes."""

LAYOUT = 1
"""Of Pulumi's files in a folder, as its `meta.yaml` says: `.pulumi/stacks/PROJECT/STACK.json`."""


def prepare_folder(settings: Settings) -> None:
    """Make the state's folder, for this cloud alone; a database or an object store is left as it is.

    Raises:
        CloudError: the folder holds the state of another cloud; Pulumi would take its objects for lost.
    """
    folder = _folder(settings)
    if folder is None:
        return
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


def url(settings: Settings) -> str:
    """The state's URL as Pulumi gets it; in a folder, without a sidecar file for each file.

    They hold checksum and type, nothing reads them, and they are half of what it costs to write the state
    after each step (`metadata` of gocloud.dev/blob/fileblob, which Pulumi stores files with).
    """
    if _folder(settings) is None or "?" in settings.backend:
        return settings.backend
    return f"{settings.backend}?metadata=skip"


def add_stack(settings: Settings, stack: str) -> bool:
    """Write an empty stack beside others in a folder; returns whether the state lies in one that we know.

    `pulumi stack init` makes the same with half a second of the processor, half of it to derive a key for
    secrets that an empty stack lacks. It makes the first stack, and those in a database or an object store.
    """
    folder = _folder(settings)
    if folder is None or not _has_layout(folder / ".pulumi"):
        return False
    file = folder / ".pulumi" / "stacks" / PROJECT / f"{stack}.json"
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = file.with_suffix(".part")
    checkpoint = {"stack": f"organization/{PROJECT}/{stack}", "latest": {}}
    part.write_text(json.dumps({"version": 3, "checkpoint": checkpoint}), encoding="utf-8")
    with suppress(FileExistsError):
        file.hardlink_to(part)
    part.unlink()
    return True


def never_used(settings: Settings) -> bool:
    """Whether nothing was ever built: asked before Pulumi, which may have to be made first, for minutes.

    Of state anywhere but in the deployment's home only Pulumi knows.
    """
    folder = settings.home / "pulumi"
    return _folder(settings) == folder and not (folder / ".pulumi" / "stacks").exists()


def forget_stacks(settings: Settings) -> bool:
    """Remove the state of this cloud's stacks from the deployment's home; returns whether there was any.

    State of another cloud, in a database or in an object store is never touched.
    """
    folder = settings.home / "pulumi"
    owner = folder / CLOUD_FILE
    if _folder(settings) != folder or not owner.exists():
        return False
    if owner.read_text(encoding="utf-8") != settings.cloud:
        return False
    shutil.rmtree(folder)
    return True


def _folder(settings: Settings) -> Path | None:
    """Where the state lies; `None` in a database or an object store."""
    scheme, _, location = settings.backend.partition("://")
    return Path(location.partition("?")[0]) if scheme == "file" else None


def _has_layout(folder: Path) -> bool:
    """Whether Pulumi has written state here, and in the layout that we know."""
    layout = folder / "meta.yaml"
    return layout.exists() and yaml.safe_load(layout.read_text(encoding="utf-8")) == {"version": LAYOUT}
