"""What every OSCAL document here has: identity, head, and ids that are the same for the same input."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

Json = dict[str, object]

VERSION = "1.2.1"
SPACE = uuid5(NAMESPACE_URL, "urn:govcloud:evidence")
NAMESPACE = "urn:govcloud:evidence"
"""Of the properties that OSCAL does not know."""

CATALOG, CHECKS, MAPPING = "catalog.json", "checks-catalog.json", "mapping-collection.json"
PLAN, RESULTS = "assessment-plan.json", "assessment-results.json"


def identity(*names: str) -> str:
    """A UUID (version 5) that follows from the names alone."""
    return str(uuid5(SPACE, "\x1f".join(names)))


def is_identity(text: str) -> bool:
    """Whether a text is a UUID."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def head(title: str, at: datetime, version: str) -> Json:
    """The metadata of a document."""
    return {
        "title": title,
        "last-modified": at.isoformat(timespec="seconds"),
        "version": version,
        "oscal-version": VERSION,
    }


def prop(name: str, value: str) -> Json:
    """A property of our own; the value is one line and not empty, as OSCAL wants it."""
    return {"name": name, "ns": NAMESPACE, "value": " ".join(value.split()) or "none"}


def control_id(control: str) -> str:
    """A control's id as an OSCAL token, which begins with a letter."""
    return f"mlps-{control}"


def machine_objective(control: str) -> str:
    """The part of a control that checks show."""
    return f"{control_id(control)}_obj.machine"


def hand_objective(control: str) -> str:
    """The part of a control that a person shows."""
    return f"{control_id(control)}_obj.hand"


def check_id(area: str, check: str) -> str:
    """A check's id as an OSCAL token, which has no brackets; a part of a hash keeps changed names apart."""
    name = f"check.{area}.{check}"
    plain = re.sub(r"[^A-Za-z0-9_.-]+", ".", name).rstrip(".")
    return name if plain == name else f"{plain}.{identity(name)[:6]}"


def resource(href: str, title: str, sha256: str) -> Json:
    """A file that a document refers to, with its fingerprint."""
    return {
        "uuid": identity("resource", href, sha256),
        "title": title,
        "rlinks": [{"href": href, "hashes": [{"algorithm": "SHA-256", "value": sha256}]}],
    }


def select(controls: Iterable[str]) -> Json:
    """The controls that an assessment looks at."""
    included = [{"control-id": control_id(control)} for control in controls]
    return {"control-selections": [{"include-controls": included}]}


def dumped(name: str, content: Json) -> bytes:
    """A document with its root element."""
    return json.dumps({name: content}, ensure_ascii=False, separators=(",", ":")).encode()
