"""All request files together: read, parsed, cross-checked, every finding reported at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from stacks.errors import RequestError
from stacks.request import rules
from stacks.request.diagnostics import Diagnostic, Position, did_you_mean
from stacks.request.layers import Layer, overlay
from stacks.request.loader import Document, parse, read_document
from stacks.request.platform import Platform
from stacks.request.tenant import TenantRequest

PLATFORM_FILE = "platform.yaml"
TEMPLATES = "templates"
DEFAULTS = ("defaults",)
OWN_KEYS = frozenset({"id", "template"})
"""Keys that no template may hold."""

RESERVED = frozenset({PLATFORM_FILE, "addresses.yaml"})


M = TypeVar("M", Platform, TenantRequest)


@dataclass(frozen=True)
class Source(Generic[M]):
    """A parsed file together with the positions of its keys."""

    document: Document
    value: M


@dataclass(frozen=True)
class LandingZone:
    """Everything that was requested.

    Attributes:
        tenants: sorted by id.
        unread: ids of tenants whose files are there but could not be read; they are not "unknown".
    """

    platform: Source[Platform]
    tenants: tuple[Source[TenantRequest], ...]
    unread: frozenset[str] = frozenset()

    @property
    def requests(self) -> tuple[TenantRequest, ...]:
        """The requests without their positions."""
        return tuple(source.value for source in self.tenants)


def check(folder: Path) -> tuple[LandingZone | None, list[Diagnostic]]:
    """Read every file of the folder; the landing zone is `None` when a file could not be parsed."""
    platform_path = folder / PLATFORM_FILE
    if not platform_path.exists():
        return None, [Diagnostic(Position(platform_path, 1, 1), "the platform file is missing")]
    findings = [
        Diagnostic(Position(path, 1, 1), f"is not read; rename it to {path.with_suffix('.yaml').name}")
        for path in folder.glob("*.yml")
    ]
    platform = _load(platform_path, Platform, findings)
    paths = sorted(path for path in folder.glob("*.yaml") if path.name not in RESERVED)
    templates = _templates(folder, findings)
    defaults = [Layer(platform.document, DEFAULTS)] if platform else []
    tenants = {path.stem: _load_tenant(path, defaults, templates, findings) for path in paths}
    if platform is None:
        return None, sorted(findings)
    read = sorted(filter(None, tenants.values()), key=lambda source: source.value.id)
    unread = frozenset(name for name, source in tenants.items() if source is None)
    zone = LandingZone(platform, tuple(read), unread)
    findings += [finding for rule in rules.ALL for finding in rule(zone)]
    return (None if unread else zone), sorted(findings)


def load(folder: Path) -> LandingZone:
    """The checked landing zone.

    Raises:
        RequestError: with every finding, one a line.
    """
    zone, findings = check(folder)
    if zone is None or findings:
        raise RequestError("\n".join(map(str, findings)), "Correct the lines above; nothing was touched.")
    return zone


def load_platform(folder: Path) -> Platform:
    """The platform file alone, whatever the tenants' requests look like.

    Raises:
        RequestError: with every finding of the file, one a line.
    """
    findings: list[Diagnostic] = []
    platform = _load(folder / PLATFORM_FILE, Platform, findings)
    if platform is None or findings:
        raise RequestError("\n".join(map(str, findings)), "Correct the lines above; nothing was touched.")
    return platform.value


def _templates(folder: Path, findings: list[Diagnostic]) -> dict[str, Document]:
    found = {}
    for path in sorted((folder / TEMPLATES).glob("*.yaml")):
        document = found[path.stem] = _read(path, findings) or Document(path, {}, {})
        findings += [
            Diagnostic(document.position(key), f"{key}: every request has its own; a template has none")
            for key in OWN_KEYS & document.data.keys()
        ]
    return found


def _load_tenant(
    path: Path, defaults: Sequence[Layer], templates: Mapping[str, Document], findings: list[Diagnostic]
) -> Source[TenantRequest] | None:
    """A request on top of its template and of the platform's defaults."""
    document = _read(path, findings)
    if document is None:
        return None
    name, lower = document.data.get("template"), list(defaults)
    if isinstance(name, str) and name in templates:
        lower.append(Layer(templates[name]))
    elif isinstance(name, str):
        message = f"template: {name!r} is unknown; {did_you_mean(name, templates)}"
        findings.append(Diagnostic(document.position("template"), message))
    return _parse(overlay(lower, document), TenantRequest, findings)


def _load(path: Path, model: type[M], findings: list[Diagnostic]) -> Source[M] | None:
    document = _read(path, findings)
    return _parse(document, model, findings) if document else None


def _read(path: Path, findings: list[Diagnostic]) -> Document | None:
    document, structural = read_document(path)
    findings += structural
    return None if structural and not document.data else document


def _parse(document: Document, model: type[M], findings: list[Diagnostic]) -> Source[M] | None:
    value, invalid = parse(document, model)
    findings += invalid
    return Source(document, value) if value is not None else None
