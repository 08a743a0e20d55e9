"""Engine events become progress."""

from __future__ import annotations

import json

from scripts.engine.events import StackProgress


def event(kind: str, **content: object) -> str:
    return json.dumps({"sequence": 1, kind: content})


def test_counts_only_real_changes() -> None:
    progress = StackProgress("x")
    urn = "urn:pulumi:x::govcloud::openstack:networking/network:Network::office"
    metadata = {"urn": urn, "type": "openstack:networking/network:Network"}
    progress.feed(event("resourcePreEvent", metadata={**metadata, "op": "create"}))
    progress.feed(event("resOutputsEvent", metadata={**metadata, "op": "create"}))
    progress.feed(event("resOutputsEvent", metadata={**metadata, "op": "same"}))
    progress.feed(event("resOutputsEvent", metadata={**metadata, "op": "create", "type": "govcloud:x:Y"}))
    assert (progress.seen, progress.done, progress.changed, progress.current) == (1, 3, 1, "office")


def test_errors_lose_colour_and_source() -> None:
    progress = StackProgress("x")
    source = "sdk-v2/provider2.go:571: sdk.helper_schema"
    message = f"<{{%reset%}}>  {source}: No room: provider=openstack@5.5.3<{{%reset%}}>\n"
    progress.feed(
        event("diagnosticEvent", severity="error", urn="urn:pulumi:x::p::t::web-1", message=message)
    )
    progress.feed(event("diagnosticEvent", severity="debug", message="noise"))
    assert progress.errors == ["web-1: No room"]


def test_a_line_that_is_no_event_is_an_error() -> None:
    progress = StackProgress("x")
    progress.feed("error: no such stack")
    progress.feed("")
    assert progress.errors == ["error: no such stack"]


def test_what_a_policy_refuses_is_an_error() -> None:
    progress = StackProgress("x")
    urn = "urn:pulumi:x::p::t::web-1"
    message = "<{%reset%}>A host has one port\nthe host has 2<{%reset%}>\n"
    about = {"resourceUrn": urn, "message": message, "policyName": "one-footed-hosts"}
    progress.feed(event("policyEvent", **about, enforcementLevel="mandatory"))
    progress.feed(event("policyEvent", **about, enforcementLevel="advisory"))
    assert progress.errors == [
        "web-1: refused by the policy one-footed-hosts: A host has one port: the host has 2"
    ]
