"""The collection's own Ansible modules, loaded from their files: the collection is no Python package here."""

from __future__ import annotations

import importlib.util
from types import ModuleType

from scripts.configure.playbook import PLAYBOOKS

FOLDER = PLAYBOOKS / "collections/ansible_collections/govcloud/host/plugins/modules"


def load(name: str) -> ModuleType:
    """The module of that name."""
    spec = importlib.util.spec_from_file_location(f"{name}_module", FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded
