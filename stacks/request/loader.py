"""From a file to a model: text, then YAML with positions, then the fields; every finding on the way."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from stacks.request.diagnostics import MAX_FINDINGS, Diagnostic, Position
from stacks.request.document import Document, Reader, Unreadable
from stacks.request.explain import consequential, explain
from stacks.request.syntax import conflicts, explain_syntax
from stacks.request.text import MAX_BYTES, read_text

EMPTY_FILE = "GC033"
NO_KEYS = "GC034"

M = TypeVar("M", bound=BaseModel)


def read_document(path: Path, limit: int = MAX_BYTES) -> tuple[Document, list[Diagnostic]]:
    """Read one file; where it cannot be read, the data is empty and the reason is one of the findings."""
    text, findings = read_text(path, limit)
    if findings := findings or conflicts(path, text):
        return Document(path, {}, {}, {}), findings
    reader = Reader(path, text)
    data: object = None
    try:
        data = reader.read()
    except Unreadable as error:
        reader.findings.append(error.finding)
    except yaml.MarkedYAMLError as error:
        reader.findings.append(explain_syntax(path, text, error))
    if not reader.findings and not isinstance(data, dict):
        reader.findings.append(Diagnostic(EMPTY_FILE if data is None else NO_KEYS, Position(path)))
    read = reader.document
    document = Document(path, data if isinstance(data, dict) else {}, read.keys, read.values)
    return document, reader.findings[:MAX_FINDINGS]


def parse(document: Document, model: type[M]) -> tuple[M | None, list[Diagnostic]]:
    """Turn a document into a model; every violation becomes a finding at its place."""
    try:
        return model.model_validate(document.data), []
    except ValidationError as error:
        items = [item for item in error.errors(include_url=False) if not consequential(item)]
        return None, [explain(document, model, item) for item in items[:MAX_FINDINGS]]
