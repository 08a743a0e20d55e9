"""The OSCAL files of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scripts.evidence.catalogue import Catalogue
from scripts.evidence.oscal import assessment, controls
from scripts.evidence.oscal.document import CATALOG, CHECKS, MAPPING, PLAN, RESULTS, Json, dumped
from scripts.evidence.oscal.references import dangling
from scripts.evidence.results import Evidence


def oscal_files(
    evidence: Sequence[Evidence], catalogue: Catalogue, run: str, others: frozenset[str]
) -> dict[str, bytes]:
    """Path and content of each file.

    Args:
        others: paths of the run's other files, which the documents refer to.
    """
    at = evidence[0].provenance.finished
    results = [result for item in evidence for result in item.results]
    plans: Mapping[str, str] = {item.tenant: item.plan for item in evidence}
    written: dict[str, tuple[str, Json]] = {
        CATALOG: ("catalog", controls.catalog(catalogue, at, run)),
        CHECKS: ("catalog", controls.checks(results, at, run)),
        MAPPING: ("mapping-collection", controls.mapping(results, at, run)),
        PLAN: ("assessment-plan", assessment.plan(evidence, catalogue, run, plans)),
        RESULTS: ("assessment-results", assessment.results(evidence, run)),
    }
    documents = {f"oscal/{name}": document for name, (_, document) in written.items()}
    lost = dangling(documents, others | documents.keys())
    # A defect of this program, not of what is audited.
    assert not lost, f"OSCAL references lead nowhere: {lost[:3]}"  # noqa: S101
    return {f"oscal/{name}": dumped(root, document) for name, (root, document) in written.items()}
