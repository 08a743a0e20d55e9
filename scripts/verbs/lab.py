"""`govcloud lab`: a real OpenStack in one box of namespaces on this machine, for development and tests."""

from __future__ import annotations

import typer

from scripts.lab import lifecycle
from scripts.lab.paths import Lab
from stacks.settings import Settings


def register(app: typer.Typer) -> None:
    """Add `lab` and its commands."""
    lab = typer.Typer(no_args_is_help=True, help=__doc__)
    lab.command()(up)
    lab.command()(down)
    lab.command()(wipe)
    app.add_typer(lab, name="lab")


def _lab() -> Lab:
    return Lab.from_settings(Settings.from_environment())


def up() -> None:
    """Start the lab, or what of it does not run; a second run changes nothing."""
    lifecycle.up(_lab())


def down() -> None:
    """Stop the lab and leave nothing running; its state is kept."""
    lifecycle.down(_lab())


def wipe() -> None:
    """Stop the lab and remove its state; images, OpenStack and schemas are kept for the next one."""
    lifecycle.wipe(_lab())
