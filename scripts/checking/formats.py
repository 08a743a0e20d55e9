"""Findings for programs: JSON, GitHub workflow commands, GitLab code quality. Paths as seen from here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from enum import StrEnum

from stacks.request.diagnostics import Diagnostic, Severity, dotted


class Format(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    GITLAB = "gitlab"


GITLAB_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor"}


def as_json(findings: Iterable[Diagnostic]) -> str:
    """A list of findings; `end_column` is the character after the last one."""
    return _dump([_plain(finding) for finding in findings])


def as_github(findings: Iterable[Diagnostic]) -> str:
    """One workflow command a line: `::error file=…,line=…::message` (GitHub Docs, workflow commands)."""
    return "\n".join(map(_command, findings))


def as_gitlab(findings: Iterable[Diagnostic]) -> str:
    """A code quality report (GitLab Docs, code quality, report format)."""
    return _dump([_issue(finding) for finding in findings])


def _dump(rows: list[dict[str, object]]) -> str:
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _plain(finding: Diagnostic) -> dict[str, object]:
    at, value = finding.position, finding.value
    return {
        "code": finding.code,
        "severity": finding.severity,
        "file": str(at.shown_file),
        "line": at.line,
        "column": at.column,
        "end_line": at.end_line,
        "end_column": at.end_column,
        "key": dotted(finding.key),
        "value": value if isinstance(value, str | int | float | bool) else None,
        "message": finding.message,
        "expected": finding.expected,
        "valid": finding.valid,
        "nearest": finding.nearest,
        "page": f"docs/rules/{finding.code}.md",
    }


def _command(finding: Diagnostic) -> str:
    at = finding.position
    properties = {
        "file": at.shown_file,
        "line": at.line,
        "endLine": at.end_line,
        "col": at.column,
        "endColumn": at.end_column,
        "title": f"{finding.code} {finding.title}",
    }
    written = ",".join(f"{name}={_escaped(value, property=True)}" for name, value in properties.items())
    return f"::{finding.severity} {written}::{_escaped(finding.message)}"


def _escaped(value: object, *, property: bool = False) -> str:  # noqa: A002  GitHub's own word for it
    text = str(value).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if property else text


def _issue(finding: Diagnostic) -> dict[str, object]:
    at = finding.position
    # Without the line: a finding stays the same one when text before it moves.
    identity = f"{finding.code} {at.shown_file} {dotted(finding.key)} {finding.message}"
    return {
        "description": finding.message,
        "check_name": finding.code,
        "fingerprint": hashlib.sha256(identity.encode()).hexdigest(),
        "severity": GITLAB_SEVERITIES[finding.severity],
        "location": {"path": str(at.shown_file), "lines": {"begin": at.line, "end": at.end_line}},
    }
