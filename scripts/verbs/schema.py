"""`govcloud schema`: JSON Schema for editors, and the reference page, from the models."""

from __future__ import annotations

import typer

from scripts.console import out
from stacks.request.landing_zone import load_platform
from stacks.request.schema import exports
from stacks.settings import Settings

FOLDER = "schema"


def register(app: typer.Typer) -> None:
    """Add the verb."""

    @app.command()
    def schema() -> None:
        """Write tenants/schema/: what editors check requests against, and the reference page."""
        tenants = Settings.from_environment().tenants
        folder = tenants / FOLDER
        folder.mkdir(exist_ok=True)
        for name, content in exports(load_platform(tenants)).items():
            (folder / name).write_text(content, encoding="utf-8")
            out.print(str(folder / name), markup=False)
