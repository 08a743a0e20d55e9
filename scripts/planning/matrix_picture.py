"""The matrix as one picture: SVG 1.1 without scripts or outside references, for a page or a print."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from scripts.pages import environment
from scripts.planning.reasons import service, spoken
from stacks.language import say
from stacks.plan.matrix import Matrix, Reach

TEMPLATES = Path(__file__).parent / "templates"

PALETTE = ("#2f6fde", "#1f9d6b", "#d9822b", "#8a56c9", "#c9406b", "#1c93a8", "#8a7a1e", "#5c6b7a")
"""Colours of the services, the most common first; from the ninth on they share the last."""

WIDTH = 1500.0
"""Pixels that the squares may fill before they become smaller."""

LARGEST, SMALLEST, LEGIBLE = 30.0, 3.0, 9.0
"""Side of a square in pixels: at most, at least, and from which on names are written beside it."""

GAP, LETTER, LINE = 14.0, 6.4, 20.0
"""Pixels between bands, of one letter of a name, and from one line of the legend to the next."""


@dataclass(frozen=True)
class Picture:
    """Where everything stands, in pixels from the upper left of the squares."""

    institution: str
    matrix: Matrix

    @cached_property
    def cell(self) -> float:
        """Side of one square."""
        return max(SMALLEST, min(LARGEST, WIDTH / max(len(self.matrix.names), 1)))

    @cached_property
    def at(self) -> dict[str, float]:
        """The beginning of a name's row and column."""
        found, place = {}, 0.0
        for names in self.matrix.bands.values():
            for name in names:
                found[name] = place
                place += self.cell
            place += GAP
        return found

    @cached_property
    def size(self) -> float:
        """Side of the whole square of squares."""
        return max(self.at.values(), default=0.0) + self.cell

    @cached_property
    def margin(self) -> float:
        """Room for the names."""
        longest = max(map(len, self.matrix.names), default=0) if self.cell >= LEGIBLE else 14
        return longest * LETTER + 48

    @cached_property
    def bands(self) -> list[tuple[str, str, float, float]]:
        """Key, title, beginning and length of each band."""
        return [
            (key, say(f"plan.band-{key}"), self.at[names[0]], len(names) * self.cell)
            for key, names in self.matrix.bands.items()
            if names
        ]

    @cached_property
    def colours(self) -> dict[str, str]:
        """The colour of every service that is open anywhere."""
        counted = Counter(reach.service for reach in self.matrix.reaches)
        ordered = sorted(counted, key=lambda name: (-counted[name], name))
        return {name: PALETTE[min(place, len(PALETTE) - 1)] for place, name in enumerate(ordered)}

    @cached_property
    def legend(self) -> list[tuple[str, str]]:
        """Colour, and the service with its ports and the number of pairs that it is open for."""
        ports: dict[str, set[str]] = {}
        pairs: dict[str, set[tuple[str, str]]] = {}
        names = {reach.service: service(reach) for reach in self.matrix.reaches}
        for reach in self.matrix.reaches:
            ports.setdefault(reach.service, set()).add(f"{reach.protocol} {reach.ports}")
            pairs.setdefault(reach.service, set()).add((reach.source, reach.target))
        return [
            (colour, _counted(names[key], sorted(ports[key]), len(pairs[key])))
            for key, colour in self.colours.items()
        ]

    @cached_property
    def title(self) -> str:
        """What the picture shows."""
        return say("plan.picture-title", institution=self.institution)

    @cached_property
    def note(self) -> str:
        """How to read it, and how much is open."""
        pairs = len(self.matrix.sources) * len(self.matrix.names)
        return say("plan.picture-note", open=len(self.matrix.squares), pairs=pairs)

    @cached_property
    def wall(self) -> str:
        """What the part between the sides means."""
        return say("plan.picture-wall")

    def slices(self, reaches: tuple[Reach, ...]) -> list[tuple[str, float]]:
        """The colours of one square from left to right, and where each begins."""
        services = list(dict.fromkeys(reach.service for reach in reaches))
        width = self.cell / len(services)
        return [(self.colours[name], place * width) for place, name in enumerate(services)]

    @staticmethod
    def told(reaches: tuple[Reach, ...]) -> str:
        """What a square says when it is pointed at."""
        lines = (
            say(
                "plan.picture-reach",
                service=service(reach),
                ports=f"{reach.protocol} {reach.ports}",
                reason=spoken(reach.reason),
            )
            for reach in reaches
        )
        return f"{reaches[0].source} → {reaches[0].target}\n" + "\n".join(lines)


def _counted(name: str, ports: list[str], pairs: int) -> str:
    told = say("plan.picture-service", service=name, ports=ports)
    if pairs == 1:
        return say("plan.picture-pair", service=told, count=pairs)
    return say("plan.picture-pairs", service=told, count=pairs)


def svg(institution: str, matrix: Matrix) -> str:
    """The picture as the text of an SVG file."""
    template = environment(TEMPLATES).get_template("matrix.svg.j2")
    return template.render(picture=Picture(institution, matrix), line=LINE, legible=LEGIBLE)
