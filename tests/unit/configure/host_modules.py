"""The collection's own Ansible modules, loaded from their files: the collection is no Python package here."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

from scripts.configure.playbook import PLAYBOOKS

COLLECTIONS = PLAYBOOKS / "collections"
FOLDER = COLLECTIONS / "ansible_collections/govcloud/host/plugins/modules"


def load(name: str) -> ModuleType:
    """The module of that name."""
    spec = importlib.util.spec_from_file_location(f"{name}_module", FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    if str(COLLECTIONS) not in sys.path:  # what the collection's modules share is imported by its full name
        sys.path.append(str(COLLECTIONS))
    spec.loader.exec_module(loaded)
    return loaded
