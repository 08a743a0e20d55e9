"""Run nodes in parallel, each as soon as what it needs is done."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Protocol, TypeVar

from stacks.errors import LabError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Node(Protocol):
    """Anything with a name and the names that it waits for."""

    @property
    def name(self) -> str:
        """Unique among its fellows."""

    @property
    def needs(self) -> tuple[str, ...]:
        """Names that must be done before."""


N = TypeVar("N", bound=Node)


def check(nodes: Sequence[N]) -> None:
    """Refuse a graph that could never finish.

    Raises:
        LabError: a name is used twice or unknown, or nodes wait for each other.
    """
    names = [node.name for node in nodes]
    unknown = {need for node in nodes for need in node.needs} - set(names)
    if unknown or len(names) != len(set(names)):
        raise LabError(
            f"the lab's services are described wrongly: unknown {sorted(unknown)} or a name twice."
        )
    done: set[str] = set()
    while len(done) < len(nodes):
        ready = {node.name for node in nodes if set(node.needs) <= done} - done
        if not ready:
            raise LabError(f"services of the lab wait for each other: {sorted(set(names) - done)}.")
        done |= ready


def run(nodes: Sequence[N], work: Callable[[N], None]) -> None:
    """Call `work` on every node, in parallel, respecting `needs`.

    Raises:
        Exception: the first one that `work` raised; nodes that run are awaited, no further one starts.
        LabError: the graph is wrong.
    """
    check(nodes)
    waiting, done = list(nodes), set[str]()
    with ThreadPoolExecutor(max_workers=max(1, len(nodes))) as pool:
        running: dict[Future[None], str] = {}
        while waiting or running:
            ready = [node for node in waiting if set(node.needs) <= done]
            waiting = [node for node in waiting if node not in ready]
            running |= {pool.submit(work, node): node.name for node in ready}
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                future.result()
                done.add(running.pop(future))
