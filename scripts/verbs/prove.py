"""`govcloud prove`: segmentation shown by packets."""

from __future__ import annotations

import json

import typer

from scripts.access.deployment import open_deployment
from scripts.console import err, out
from scripts.prove.evidence import write_evidence
from scripts.prove.proof import prove as run
from scripts.prove.result import as_json as plain
from scripts.prove.terminal import rendered
from scripts.selection import Json
from stacks.errors import VerificationError
from stacks.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the verb."""

    @app.command()
    def prove(as_json: Json = False) -> None:
        """Probe every segment from every segment and from the outside; exit code 7 on any difference."""
        settings = Settings.from_environment()
        with err.status("reading the plan and what was built …") as status:
            deployment = open_deployment(settings)
            status.update("probing …")
            proof = run(deployment, lambda source: status.update(f"probed from {source} …"))
        page = write_evidence(proof, settings.home / "evidence")
        if as_json:
            out.print_json(json.dumps(plain(proof)))
        else:
            out.print(rendered(proof), soft_wrap=False)
            out.print(f"evidence: {page}", markup=False)
        if proof.differences:
            raise VerificationError(
                f"segmentation differs from the plan: {'; '.join(map(str, proof.differences[:3]))}"
                + (f"; and {len(proof.differences) - 3} more" if len(proof.differences) > 3 else ""),  # noqa: PLR2004
                f"Look at {page}; `govcloud audit --all` names what nobody declared.",
            )
