"""All request files together: read, parsed, cross-checked, every finding reported at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Generic, TypeVar

from stacks.collector import uncollected
from stacks.errors import RequestError
from stacks.language import say
from stacks.request import rules
from stacks.request.diagnostics import Diagnostic, Position, Severity
from stacks.request.document import Document
from stacks.request.fields import Side
from stacks.request.layers import Layer, overlay
from stacks.request.loader import parse, read_document
from stacks.request.platform import Platform
from stacks.request.tenant import TenantRequest

PLATFORM_FILE = "platform.yaml"
TEMPLATES = "templates"
DEFAULTS = ("defaults",)
OWN_KEYS = frozenset({"id", "template"})
"""Keys that no template may hold."""

RESERVED = frozenset({PLATFORM_FILE, "addresses.yaml"})

WRONG_ENDING = "GC009"
NO_PLATFORM = "GC010"
UNKNOWN_TEMPLATE = "GC064"
NOT_IN_TEMPLATES = "GC065"

M = TypeVar("M", Platform, TenantRequest)


@dataclass(frozen=True)
class Source(Generic[M]):
    """A parsed file together with the positions of its keys."""

    document: Document
    value: M

    def finding(
        self,
        code: str,
        *key: str | int,
        valid: Iterable[str] | None = None,
        about_key: bool = False,
        **details: object,
    ) -> Diagnostic:
        """A finding of a rule about the value at a key path, or about the key itself.

        Args:
            code: the rule's code.
            key: the path, as in `"hosts", 0, "flavor"`.
            valid: every name that would have been right; the nearest one becomes the hint.
            details: what fills the words of the code in the catalogue, beside `value`.
        """
        return self.document.finding(code, *key, valid=valid, about_key=about_key, **details)


@dataclass(frozen=True)
class LandingZone:
    """Everything that was requested.

    Attributes:
        tenants: sorted by id.
        unread: ids of tenants whose files are there but could not be read; they are not "unknown".
        on: the day of the check; without one, nothing expires.
    """

    platform: Source[Platform]
    tenants: tuple[Source[TenantRequest], ...]
    unread: frozenset[str] = frozenset()
    on: date | None = None

    @property
    def folder(self) -> Path:
        """Where the files lie; the address ledger lies there, too."""
        return self.platform.document.path.parent

    @property
    def requests(self) -> tuple[TenantRequest, ...]:
        """The requests without their positions."""
        return tuple(source.value for source in self.tenants)

    @cached_property
    def segment_sides(self) -> dict[str, Side | None]:
        """Every `tenant/segment` and the side it lies on; none where its zone is unknown."""
        zones = self.platform.value.zones
        return {
            f"{request.id}/{segment.name}": zones[segment.zone].side if segment.zone in zones else None
            for request in self.requests
            for segment in request.segments
        }


@uncollected()
def check(folder: Path, on: date | None = None) -> tuple[LandingZone | None, list[Diagnostic]]:
    """Read every file of the folder; the landing zone is `None` when a file could not be parsed.

    Args:
        folder: the tenants' requests and the platform file.
        on: the day for which warnings tell what has expired; errors never depend on it.
    """
    platform_path = folder / PLATFORM_FILE
    if not platform_path.exists():
        return None, [Diagnostic(NO_PLATFORM, Position(platform_path))]
    findings = [
        Diagnostic(WRONG_ENDING, Position(path), details={"name": path.with_suffix(".yaml").name})
        for path in folder.glob("*.yml")
    ]
    platform = _load(platform_path, Platform, findings)
    paths = sorted(path for path in folder.glob("*.yaml") if path.name not in RESERVED)
    templates = _templates(folder, findings)
    defaults = [Layer(platform.document, DEFAULTS)] if platform else []
    tenants = {path.stem: _load_tenant(path, defaults, templates, findings) for path in paths}
    if platform is None:
        return None, in_order(findings)
    read = sorted(filter(None, tenants.values()), key=lambda source: source.value.id)
    unread = frozenset(name for name, source in tenants.items() if source is None)
    zone = LandingZone(platform, tuple(read), unread, on)
    findings += [finding for rule in rules.ALL for finding in rule.check(zone)]
    return (None if unread else zone), in_order(findings)


def in_order(findings: Iterable[Diagnostic]) -> list[Diagnostic]:
    """By file and place; without the warnings about a place where something is wrong anyway."""
    found = list(findings)
    wrong = {item.position for item in found if item.severity is Severity.ERROR}
    kept = [item for item in found if item.severity is Severity.ERROR or item.position not in wrong]
    return sorted(kept, key=lambda item: (item.position, item.code, item.message))


def errors(findings: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The findings that stop everything."""
    return [finding for finding in findings if finding.severity is Severity.ERROR]


def load(folder: Path) -> LandingZone:
    """The checked landing zone.

    Raises:
        RequestError: with every error, one a line.
    """
    zone, findings = check(folder)
    if zone is None or errors(findings):
        raise refusal(findings)
    return zone


def refusal(findings: Iterable[Diagnostic]) -> RequestError:
    """The error that says every finding that stops everything, one a line."""
    return RequestError("\n".join(map(str, errors(findings))), say("check.correct"))


def load_platform(folder: Path) -> Platform:
    """The platform file alone, whatever the tenants' requests look like.

    Raises:
        RequestError: with every error of the file, one a line.
    """
    findings: list[Diagnostic] = []
    platform = _load(folder / PLATFORM_FILE, Platform, findings)
    if platform is None or errors(findings):
        raise refusal(findings)
    return platform.value


def _templates(folder: Path, findings: list[Diagnostic]) -> dict[str, Document]:
    found = {}
    for path in sorted((folder / TEMPLATES).glob("*.yaml")):
        document = found[path.stem] = _read(path, findings) or Document(path, {}, {}, {})
        own = sorted(OWN_KEYS & document.data.keys())
        findings += [document.finding(NOT_IN_TEMPLATES, key, about_key=True) for key in own]
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
        findings.append(document.finding(UNKNOWN_TEMPLATE, "template", valid=templates))
    return _parse(overlay(lower, document), TenantRequest, findings)


def _load(path: Path, model: type[M], findings: list[Diagnostic]) -> Source[M] | None:
    document = _read(path, findings)
    return _parse(document, model, findings) if document else None


def _read(path: Path, findings: list[Diagnostic]) -> Document | None:
    document, structural = read_document(path)
    findings += structural
    return None if errors(structural) and not document.data else document


def _parse(document: Document, model: type[M], findings: list[Diagnostic]) -> Source[M] | None:
    """The model of a document; what follows only from a finding that is known already is left out."""
    value, invalid = parse(document, model)
    known = {finding.position for finding in errors(findings)}
    findings += [finding for finding in invalid if finding.position not in known]
    return Source(document, value) if value is not None else None
