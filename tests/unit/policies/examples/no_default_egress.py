"""Examples for the rule no-default-egress."""

from __future__ import annotations

from tests.unit.policies.zone import PORTAL, planned, resource

RULE = "networking/SecGroupRule"
GROUP = "xiangyang-portal-portal"
PASSING = [
    planned(PORTAL, "networking/SecGroup", GROUP),
    resource(RULE, "names", direction="egress", remoteIpPrefix="198.18.0.2/32"),
    resource(RULE, "in", direction="ingress", remoteIpPrefix="0.0.0.0/0"),
    resource("networking/Network", "no-group"),
]
EVERYBODY = "an egress rule that reaches everybody"
FAILING = [
    ("deleteDefaultRules", planned(PORTAL, "networking/SecGroup", GROUP, deleteDefaultRules=None)),
    ("deleteDefaultRules", resource("networking/SecGroup", "g", deleteDefaultRules=False)),
    (EVERYBODY, resource(RULE, "nothing-said", direction="egress")),
    (EVERYBODY, resource(RULE, "v4", direction="egress", remoteIpPrefix="0.0.0.0/0")),
    (EVERYBODY, resource(RULE, "v6", direction="egress", remoteIpPrefix="::/0")),
    (EVERYBODY, resource(RULE, "half", direction="egress", remoteIpPrefix="128.0.0.0/1")),
    (EVERYBODY, resource(RULE, "no-direction", remoteIpPrefix="0.0.0.0/0")),
    (EVERYBODY, resource(RULE, "group", direction="egress", remoteGroupId="some-group")),
    (EVERYBODY, resource(RULE, "no-network", direction="egress", remoteIpPrefix="everywhere")),
]
