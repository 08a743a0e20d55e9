"""The proof as evidence: a page that a person reads and prints, and the same as data."""

from __future__ import annotations

import json
from pathlib import Path

from scripts.pages import environment
from scripts.prove.matrix import matrix_of
from scripts.prove.result import Proof, as_json
from stacks.plan.exchange import remark

TEMPLATES = Path(__file__).parent / "templates"

PAGE, DATA = "segmentation.html", "segmentation.json"


def write_evidence(proof: Proof, folder: Path) -> Path:
    """Write both files into `folder`, each in one step; returns the page's path."""
    folder.mkdir(parents=True, exist_ok=True)
    _replace(folder / DATA, json.dumps(as_json(proof), indent=1, ensure_ascii=False) + "\n")
    page = folder / PAGE
    _replace(page, page_of(proof))
    return page


def page_of(proof: Proof) -> str:
    """The page: self-contained HTML that needs no network and no script."""
    allowed = [item for item in proof.observations if item.cell.allowed]
    template = environment(TEMPLATES).get_template("segmentation.html.j2")
    exchanges = remark(proof.exchanges)
    return template.render(proof=proof, matrix=matrix_of(proof), allowed=allowed, exchanges=exchanges)


def _replace(path: Path, text: str) -> None:
    part = path.with_suffix(path.suffix + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
