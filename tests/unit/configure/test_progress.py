"""Events of a run become the state of each host."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scripts.configure.progress import ENDINGS, Failure, HostProgress, HostTable, advance

START = HostProgress("web-1", total=3)


def event(
    kind: str, task: str = "Install", result: dict[str, Any] | None = None, **data: object
) -> dict[str, Any]:
    return {
        "event": kind,
        "event_data": {"host": "web-1", "role": "packages", "task": task, "res": result or {}, **data},
    }


@given(st.lists(st.sampled_from(sorted(ENDINGS))))
def test_every_ending_counts_once(kinds: list[str]) -> None:
    state = START
    for kind in kinds:
        state = advance(state, event(kind))
    assert state.done == len(kinds)


def test_steps_of_ansible_itself_do_not_count() -> None:
    facts = event("runner_on_ok", "Gathering Facts", task_action="gather_facts")
    check = event("runner_on_ok", "Validating arguments against arg spec 'main' - Packages")
    assert advance(advance(START, facts), check).done == 0


def test_only_real_changes_count() -> None:
    state = advance(START, event("runner_on_ok", result={"changed": True}))
    assert len(state.changed) == 1
    assert advance(state, event("runner_on_ok", result={"changed": False})).changed == state.changed


def test_a_failure_tells_the_task_and_what_was_said_once() -> None:
    results = [
        {"failed": True, "msg": "no space left"},
        {"failed": True, "msg": "no space left"},
        {"msg": "ok"},
    ]
    failed = event("runner_on_failed", result={"msg": "One or more items failed", "results": results})
    state = advance(START, failed)
    assert state.failure == Failure("packages: Install", "no space left")


def test_the_first_failure_stays() -> None:
    state = advance(START, event("runner_on_failed", "first"))
    assert advance(state, event("runner_on_unreachable", "second")).failure == state.failure


def test_an_ignored_failure_is_none() -> None:
    assert advance(START, event("runner_on_failed", ignore_errors=True)).failure is None


def test_events_of_unknown_hosts_are_ignored() -> None:
    table = HostTable([START])
    table.watch({"event": "runner_on_ok", "event_data": {"host": "localhost", "task": "sign"}})
    table.watch({"event": "verbose", "event_data": {}})
    assert table.hosts == {"web-1": START}


def test_a_host_that_was_lost_on_the_way_starts_again() -> None:
    table = HostTable([START, HostProgress("web-2", 3), HostProgress("web-3", 3)])
    table.watch(event("runner_on_ok"))
    table.watch(event("runner_on_unreachable", result={"msg": "EOF"}))
    table.lose({"web-2": "Connection refused"})
    assert table.renew_lost() == ["web-1"]
    assert table.hosts["web-1"] == START
    assert table.hosts["web-2"].failure == Failure("greeting", "Connection refused", unreachable=True)
