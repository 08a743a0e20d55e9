"""The deployment's own Pulumi project folder.

Pulumi writes the salt of each stack's secrets beside `Pulumi.yaml`. It belongs to the deployment, not to the
checkout: two deployments from one checkout would overwrite each other's and find their passphrases wrong.
"""

from __future__ import annotations

from pathlib import Path

import yaml

from stacks.settings import REPOSITORY, Settings


def ensure_project(settings: Settings) -> Path:
    """A folder with the checkout's project file and program, and the deployment's stack configuration."""
    folder = settings.home / "project"
    (folder / "config").mkdir(parents=True, exist_ok=True, mode=0o700)
    project = yaml.safe_load((REPOSITORY / "Pulumi.yaml").read_text(encoding="utf-8"))
    project["stackConfigDir"] = "config"
    project["runtime"]["options"]["virtualenv"] = str(REPOSITORY / ".venv")
    _write(folder / "Pulumi.yaml", yaml.safe_dump(project, sort_keys=False))
    _link(folder / project["main"], REPOSITORY / project["main"])
    return folder


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        part = path.with_suffix(".part")
        part.write_text(text, encoding="utf-8")
        part.replace(path)


def _link(path: Path, target: Path) -> None:
    if path.is_symlink() and path.readlink() == target:
        return
    path.unlink(missing_ok=True)
    path.symlink_to(target)
