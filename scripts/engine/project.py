"""The deployment's own Pulumi project folder.

Pulumi writes the salt of each stack's secrets beside `Pulumi.yaml`. It belongs to the deployment, not to the
checkout: two deployments from one checkout would overwrite each other's and find their passphrases wrong.
"""

from __future__ import annotations

from pathlib import Path

import yaml

from stacks.settings import REPOSITORY, Settings

PROJECT = "govcloud"
"""The name in `Pulumi.yaml`, which every URN and every file of the state contains."""


def ensure_project(settings: Settings) -> Path:
    """A folder with the checkout's project file and program, and the deployment's stack configuration."""
    folder = _folder(settings)
    (folder / "config").mkdir(parents=True, exist_ok=True, mode=0o700)
    project = yaml.safe_load((REPOSITORY / "Pulumi.yaml").read_text(encoding="utf-8"))
    project["stackConfigDir"] = "config"
    project["runtime"]["options"]["virtualenv"] = str(REPOSITORY / ".venv")
    _write(folder / "Pulumi.yaml", yaml.safe_dump(project, sort_keys=False))
    _link(folder / project["main"], REPOSITORY / project["main"])
    return folder


def share_salt(settings: Settings, stack: str) -> None:
    """Let a new stack use the salt of a stack that exists, before Pulumi would give it one of its own.

    All stacks have one passphrase. With one salt too they have one key, and a run that reads another stack's
    outputs derives it once: a million rounds of SHA-256, 0.25 s of the processor.
    """
    own = _folder(settings) / "config" / f"Pulumi.{stack}.yaml"
    salted = next(iter(sorted(own.parent.glob("Pulumi.*.yaml"))), None)
    if salted and not own.exists():
        salt = yaml.safe_load(salted.read_text(encoding="utf-8")).get("encryptionsalt")
        if salt:
            _write(own, yaml.safe_dump({"encryptionsalt": salt}))


def _folder(settings: Settings) -> Path:
    return settings.home / "project"


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
