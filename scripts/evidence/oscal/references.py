"""Looks for references that lead nowhere; validators of OSCAL look at each document's form alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from scripts.evidence.oscal.document import is_identity

IDENTITY_REFERENCES = ("subject-uuid", "observation-uuid")
NAME_REFERENCES = ("control-id", "target-id", "id-ref")

Found = tuple[str, str]


def dangling(documents: Mapping[str, object], files: frozenset[str]) -> tuple[str, ...]:
    """Every reference that leads nowhere, in words.

    Args:
        documents: OSCAL documents by the path of their file below the run's folder.
        files: every path in the run's folder.
    """
    names = {
        value for document in documents.values() for key, value in _walk(document) if key in {"id", "uuid"}
    }
    problems = []
    for path, document in documents.items():
        for key, value in _walk(document):
            lost = (
                (key in IDENTITY_REFERENCES + NAME_REFERENCES and value not in names)
                or (key == "href" and not _leads(value, path, names, files))
                or (key == "uuid" and not is_identity(value))
            )
            if lost:
                problems.append(f"{path}: {key} {value}")
    problems += _twice(documents)
    return tuple(problems)


def _leads(href: str, path: str, names: set[str], files: frozenset[str]) -> bool:
    if href.startswith("#"):
        return href[1:] in names
    place: list[str] = []
    for part in (PurePosixPath(path).parent / href).parts:
        if part == ".." and place:
            place.pop()
        else:
            place.append(part)
    return "/".join(place) in files


def _twice(documents: Mapping[str, object]) -> Iterator[str]:
    """Identities that two things have, within one document."""
    for path, document in documents.items():
        seen: set[Found] = set()
        for key, value in _walk(document):
            if key in {"id", "uuid"} and (key, value) in seen:
                yield f"{path}: {key} {value} is there twice"
            seen.add((key, value))


def _walk(node: object) -> Iterator[Found]:
    """Every key with a text, at any depth."""
    if isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, str):
                yield key, value
            else:
                yield from _walk(value)
    elif isinstance(node, list):
        for item in node:
            yield from _walk(item)
