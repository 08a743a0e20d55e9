"""The sender's settings: what the audit asks for, for the planned collector, and nothing without one."""

from __future__ import annotations

import pytest

from scripts.evidence.host.remote_log import Statement, sender
from scripts.evidence.setting import Setting
from tests.audit.test_remote_log import ACTION
from tests.unit.configure.rendering import render

FILES = ["/var/log/nginx/access.log", "/var/log/audit/audit.log"]


def statements(kind: str, files: list[str]) -> tuple[Statement, ...]:
    text = render(
        "remote_log",
        "rsyslog.conf.j2",
        remote_log_address="198.18.0.5",
        remote_log_port=6515,
        remote_log_name="log.county.example",
        remote_log_files=files,
        remote_log_queue="64M",
    )
    found = sender(text)
    assert found.foreign == ()
    return found.of(kind)


def test_records_go_to_the_planned_collector_alone() -> None:
    (action,) = statements("action", [])
    chosen = ("type", "target", "port", "streamdriverpermittedpeers", "queue.maxdiskspace")
    assert [action.parameters[name] for name in chosen] == [
        "omfwd",
        "198.18.0.5",
        "6515",
        "log.county.example",
        "64M",
    ]


@pytest.mark.parametrize("row", ACTION, ids=lambda row: row.name)
def test_the_audit_agrees(row: Setting) -> None:
    (action,) = statements("action", [])
    assert row.wanted.allows(action.parameters[row.name])


def test_the_journal_is_read_and_files_only_where_there_are_any() -> None:
    assert [item.type for item in statements("module", [])] == ["imjournal"]
    assert [item.type for item in statements("module", FILES)] == ["imjournal", "imfile"]
    inputs = statements("input", FILES)
    assert [item.parameters["file"] for item in inputs] == FILES
    assert [item.parameters["tag"] for item in inputs] == ["access", "audit"]
