"""What a rule is. It says what is wrong in words; the adapter to Pulumi and the tests ask it the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from policies.context import Context
from policies.resource import Resource


@dataclass(frozen=True)
class Rule:
    """One thing that no stack may do, decided for each resource before it is made.

    Attributes:
        title: what must hold, in one sentence.
        controls: the controls of `policies/controls` that it serves.
        check: says every violation of a resource, in words; nothing when there is none.
        kinds: the kinds of resource that it looks at; empty for all.
    """

    title: str
    controls: tuple[str, ...]
    check: Callable[[Resource, Context], Iterator[str]]
    kinds: frozenset[str] = frozenset()

    def violations(self, resource: Resource, context: Context) -> Iterator[str]:
        """Every violation of one resource."""
        if not self.kinds or resource.kind in self.kinds:
            yield from self.check(resource, context)


@dataclass(frozen=True)
class StackRule:
    """One thing that only the whole stack shows: in a preview before anything is made.

    `pulumi up --skip-preview` asks it last; it then fails with the violation, and what was made stays.

    Attributes:
        title: what must hold, in one sentence.
        controls: the controls of `policies/controls` that it serves.
        check: yields the URN that each violation is about, and the violation in words.
    """

    title: str
    controls: tuple[str, ...]
    check: Callable[[Mapping[str, Resource], Context], Iterator[tuple[str, str]]]
