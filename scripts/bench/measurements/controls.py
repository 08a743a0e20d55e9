"""How much of MLPS level 3 has machine evidence."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.bench.figure import Figure, Measurement
from scripts.bench.workbench import Workbench
from scripts.evidence.catalogue import read_catalogue
from scripts.evidence.mutations import read_proofs


def _take(_: Workbench, __: int) -> Iterator[Figure]:
    catalogue = read_catalogue()
    controls = catalogue.controls.values()
    alone = sum(control.kind == "automated" and control.by_hand is None for control in controls)
    automated = len(catalogue.automated)
    command = "python -m scripts.bench controls"
    note = f"of {len(controls)}; goal ≥ 90; {alone} by checks alone, {automated - alone} by people too"
    yield Figure("level-3 units with machine evidence", automated, "", None, command, note)
    proofs = read_proofs()
    covered = len(proofs.covered(catalogue))
    note = f"{covered} of {automated}; {len(proofs.breaks)} times a check turned red on a real host or cloud"
    yield Figure(
        "mutation coverage of automated controls",
        100 * covered / automated,
        "%",
        100,
        command,
        note,
        floor=True,
    )
    for kind, words in (("manual", "shown by people alone"), ("not_applicable", "not applicable")):
        count = sum(control.kind == kind for control in controls)
        yield Figure(f"level-3 units {words}", count, "", None, command, f"of {len(controls)}")


CONTROLS = Measurement("controls", "controls of the catalogue by kind", _take, pure=True)
