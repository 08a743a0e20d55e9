"""Pulumi's state in the deployment's own folder."""

from __future__ import annotations

import shutil

from stacks.settings import Settings


def forget_stacks(settings: Settings) -> bool:
    """Remove the state of every stack, where it lies in the deployment's home; returns whether there was any.

    State in a database or an object store is never touched: it may serve others.
    """
    folder = settings.home / "pulumi"
    if settings.backend != f"file://{folder}" or not folder.exists():
        return False
    shutil.rmtree(folder)
    return True
