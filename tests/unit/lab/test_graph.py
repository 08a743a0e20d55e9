"""Services start as soon as, and not before, what they need is ready."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.lab import graph
from stacks.errors import LabError


@dataclass(frozen=True)
class Node:
    name: str
    needs: tuple[str, ...] = ()


@st.composite
def acyclic(draw: st.DrawFn) -> list[Node]:
    count = draw(st.integers(1, 12))
    nodes = []
    for number in range(count):
        earlier = st.sets(st.sampled_from(range(number)), max_size=3) if number else st.just(set[int]())
        nodes.append(Node(str(number), tuple(str(one) for one in draw(earlier))))
    return draw(st.permutations(nodes))


@given(acyclic())
@settings(deadline=None, max_examples=50)
def test_every_node_runs_once_after_its_needs(nodes: list[Node]) -> None:
    done: list[str] = []
    guard = threading.Lock()

    def work(node: Node) -> None:
        with guard:
            assert set(node.needs) <= set(done)
            done.append(node.name)

    graph.run(nodes, work)
    assert sorted(done) == sorted(node.name for node in nodes)


def test_independent_nodes_run_at_the_same_time() -> None:
    both = threading.Barrier(2, timeout=5)

    def work(_: Node) -> None:
        both.wait()

    graph.run([Node("a"), Node("b")], work)
    assert not both.broken


def test_a_failure_stops_what_needs_it_and_nothing_else() -> None:
    ran = set()

    def work(node: Node) -> None:
        ran.add(node.name)
        if node.name == "broken":
            raise LabError("broken ended")

    with pytest.raises(LabError, match="broken ended"):
        graph.run([Node("broken"), Node("other"), Node("after", ("broken",))], work)
    assert ran == {"broken", "other"}


@pytest.mark.parametrize(
    ("nodes", "complaint"),
    [
        ([Node("a", ("b",)), Node("b", ("a",))], "wait for each other: \\['a', 'b'\\]"),
        ([Node("a", ("nobody",))], "unknown \\['nobody'\\]"),
        ([Node("a"), Node("a")], "a name twice"),
    ],
)
def test_a_graph_that_cannot_finish_is_refused(nodes: list[Node], complaint: str) -> None:
    with pytest.raises(LabError, match=complaint):
        graph.run(nodes, lambda _: pytest.fail("nothing may run"))
