"""Resolved requests on a terminal: every value, and the file and line that it came from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from stacks.errors import RequestError
from stacks.language import say
from stacks.request.diagnostics import did_you_mean
from stacks.request.landing_zone import load
from stacks.request.origin import origins


def explained(tenants: Path, names: Sequence[str] | None) -> Group:
    """A table for each named tenant, or for all.

    Raises:
        RequestError: a file is wrong, or nobody requested such a tenant.
    """
    sources = {source.value.id: source for source in load(tenants).tenants}
    for name in names or ():
        if name not in sources:
            raise RequestError(say("verb.unknown-tenant", name=name, hint=did_you_mean(name, sources)))
    parts: list[Text | Table] = [Text(say("plan.layers", order=say("plan.order")), "dim")]
    for name in names or sources:
        columns = (say("plan.col-value"), "", say("plan.col-from"))
        table = Table(*columns, title=name, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
        for origin in origins(sources[name]):
            shown = "" if origin.value is None else json.dumps(origin.value, ensure_ascii=False)
            style = "" if origin.position else "dim"
            table.add_row(".".join(map(str, origin.key)), Text(shown), origin.place, style=style)
        parts.append(table)
    return Group(*parts)
