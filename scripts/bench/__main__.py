"""Take the project's figures: `python -m scripts.bench [NAME]...`; all of them without a name."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from scripts.bench import report
from scripts.bench.figure import Figure, Measurement
from scripts.bench.measurements import MEASUREMENTS
from scripts.bench.workbench import Workbench, aside, own, running
from scripts.console import err, out
from stacks.errors import GovcloudError, RequestError
from stacks.request.diagnostics import did_you_mean

Names = Annotated[list[str] | None, typer.Argument(help=f"{', '.join(MEASUREMENTS)}.", metavar="[NAME]...")]
Runs = Annotated[int | None, typer.Option(min=1, help="How often each is taken; medians are shown.")]
Here = Annotated[
    bool, typer.Option("--here", help="On the running deployment of the environment, not a lab of its own.")
]
Cold = Annotated[
    float | None,
    typer.Option(help="Seconds that building the toolchain took; quoted, not measured again."),
]


def main(names: Names = None, runs: Runs = None, here: Here = False, cold: Cold = None) -> None:
    """Measure, show the table, and write it into docs/benchmarks.md."""
    chosen = _choose(names or [], here=here)
    figures = [] if cold is None else [_quoted(cold)]
    failed: list[str] = []
    try:
        place = aside if all(measurement.pure for measurement in chosen) else running if here else own
        with place() as bench:
            for measurement in chosen:
                figures += _take(bench, measurement, runs, failed)
    finally:
        out.print(report.table(figures), soft_wrap=False)
        report.write(figures)
    if failed:
        raise GovcloudError(f"not measured: {', '.join(failed)}.", "The errors above say why.")


def _choose(names: list[str], *, here: bool) -> list[Measurement]:
    for name in names:
        if name not in MEASUREMENTS:
            raise RequestError(f"no measurement is called {name!r}; {did_you_mean(name, MEASUREMENTS)}")
        if here and MEASUREMENTS[name].own_lab:
            raise RequestError(
                f"{name!r} destroys what others may be using.", "Leave --here away: it gets its own lab."
            )
    wanted = names or [name for name, one in MEASUREMENTS.items() if not (here and one.own_lab)]
    return [MEASUREMENTS[name] for name in MEASUREMENTS if name in wanted]


def _take(bench: Workbench, measurement: Measurement, runs: int | None, failed: list[str]) -> list[Figure]:
    """The figures of one measurement; one that fails does not stop the others."""
    err.print(f"[bold]{measurement.name}[/]: {measurement.title}")
    try:
        if bench.own_lab and not (measurement.from_nothing or measurement.pure):
            bench.govcloud("lab", "up")
        return list(measurement.take(bench, runs or measurement.runs))
    except GovcloudError as error:
        err.print(f"[bold red]error:[/] {escape(str(error))}")
        failed.append(measurement.name)
        return []


def _quoted(seconds: float) -> Figure:
    return Figure(
        "toolchain from Go modules", seconds, "s", None, "govcloud toolchain", "quoted from one build"
    )


if __name__ == "__main__":
    try:
        typer.run(main)
    except GovcloudError as failure:
        err.print(f"[bold red]error:[/] {escape(str(failure))}")
        raise SystemExit(failure.exit_code) from None
