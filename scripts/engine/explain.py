"""What Pulumi and its provider say, in words that help: known refusals with what to do about them."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """A refusal that people meet.

    Attributes:
        pattern: found in the provider's text; its groups may be used in `says`.
        says: one sentence that replaces the text.
    """

    pattern: re.Pattern[str]
    says: str


VOLUME_STAYS = (
    "it is protected and stays: the change would remove it, with what is on it. Put it back into the request "
    "as it was; where its owner wants it gone, docs/ops.md says how"
)

KNOWN = (
    Known(
        re.compile(
            r"Quota exceeded for ([\w, ]+): Requested ([\d, ]+), "
            r"but already used (\d[\d, ]*) of (\d+(?:, \d+)*)"
        ),
        r"quota exceeded for \1: \2 more are asked for, \3 of \4 are used; "
        "take a larger quota class in the request, or free something",
    ),
    Known(
        re.compile(r"Quota exceeded for resources: \['(\w+)'\]"),
        r"quota exceeded for \1; take a larger quota class in the request, or free something",
    ),
    Known(
        re.compile(r"(?:response code|HTTP) .*?\b(50[0234])\b"),
        r"the cloud failed by itself (HTTP \1); wait a minute, then run the same command again; "
        "`govcloud doctor` names the service",
    ),
    Known(
        re.compile(r"unexpected state 'ERROR', wanted target 'ACTIVE'"),
        "the server went to ERROR: `openstack server show` says why (no room, or a fault of the compute "
        "host); run the same command again to build it anew",
    ),
    Known(
        re.compile(r"No subnet is defined for|IP address (\S+) already allocated"),
        "an address of the plan is already taken by an object that nobody declared; remove that object",
    ),
    Known(
        re.compile(r"did not exist while updating urn:pulumi:([\w-]+)::.*::([\w-]+)", re.DOTALL),
        r"\2 was deleted behind Pulumi's back; run `eval \"$(govcloud env)\"` and "
        r"`pulumi refresh --stack \1`, then the same command again",
    ),
    Known(
        re.compile(
            r"openstack:blockstorage/volume:Volume::\S+\s+(?:cannot be deleted\s+because it is protected|"
            r"as it is currently marked for protection)"
        ),
        VOLUME_STAYS,
    ),
    Known(
        re.compile(r"incorrect passphrase"),
        "the state was encrypted with another passphrase; PULUMI_CONFIG_PASSPHRASE_FILE or GOVCLOUD_HOME "
        "points to the wrong deployment",
    ),
)


def explain(text: str) -> str:
    """The text, or what it means where that is known; the resource's name in front of it stays."""
    for known in KNOWN:
        found = known.pattern.search(text)
        if found:
            name, colon, _ = text.partition(": ")
            return f"{name}{colon}{found.expand(known.says)}"
    return text
