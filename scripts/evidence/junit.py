"""The results as JUnit XML, for tools; one test case for each check on each host."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from scripts.evidence.results import Evidence, Outcome, Result


def junit(evidence: Evidence) -> bytes:
    """The document, in UTF-8."""
    results = evidence.results
    suite = ET.Element(
        "testsuite",
        name=f"govcloud audit of {evidence.tenant}",
        timestamp=evidence.provenance.started.isoformat(timespec="seconds"),
        time=f"{sum(result.seconds for result in results):.3f}",
        tests=str(len(results)),
        failures=str(evidence.count(Outcome.FAILED)),
        errors=str(evidence.count(Outcome.ERROR)),
        skipped=str(evidence.count(Outcome.NOT_APPLICABLE) + evidence.count(Outcome.WAIVED)),
    )
    _properties(suite, {"commit": evidence.provenance.commit, "plan-sha256": evidence.plan})
    for result in results:
        _case(suite, result)
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _case(suite: ET.Element, result: Result) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        classname=f"{result.host or 'cloud'}.{result.area}",
        name=result.check,
        time=f"{result.seconds:.3f}",
    )
    _properties(case, {"title": result.title, **{f"control {item}": item for item in result.controls}})
    if result.outcome is Outcome.NOT_APPLICABLE:
        ET.SubElement(case, "skipped", message=_printable(result.observed))
    elif result.outcome is Outcome.WAIVED:
        # JUnit knows no waiver; a failure that was decided on is neither a success nor a failure of the run.
        _properties(case, {"waiver": result.waiver})
        ET.SubElement(case, "skipped", message=_printable(f"waived: {result.waiver}"))
    elif result.outcome.bad:
        kind = "failure" if result.outcome is Outcome.FAILED else "error"
        element = ET.SubElement(case, kind, message=_printable(result.observed))
        element.text = _printable(
            f"expected: {result.expected}\nobserved: {result.observed}\ndo: {result.do}\n"
        )


def _properties(parent: ET.Element, values: dict[str, str]) -> None:
    element = ET.SubElement(parent, "properties")
    for name, value in values.items():
        ET.SubElement(element, "property", name=name, value=_printable(value))


def _printable(text: str) -> str:
    """XML 1.0 has no place for control characters, and hosts may answer with any."""
    return "".join(
        char if char.isprintable() or char in "\n\t" else "\N{REPLACEMENT CHARACTER}" for char in text
    )
