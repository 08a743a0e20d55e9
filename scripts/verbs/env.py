"""`govcloud env`: what a shell needs so that plain `pulumi up -s TENANT` works."""

from __future__ import annotations

import shlex

import typer

from scripts.console import out
from scripts.engine.environment import OPENSTACK_VARIABLES, additions
from stacks.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the verb."""

    @app.command()
    def env() -> None:
        """Print shell exports: `eval "$(govcloud env)"`, then `pulumi up -s TENANT`."""
        for name, value in additions(Settings.from_environment()).items():
            out.print(f"export {name}={shlex.quote(value)}", markup=False)
        out.print(
            'for name in $(env | sed -n "s/^\\(OS_[A-Z_]*\\)=.*/\\1/p"); do case $name in '
            f"{'|'.join(OPENSTACK_VARIABLES)}) ;; *) unset $name;; esac; done",
            markup=False,
        )
