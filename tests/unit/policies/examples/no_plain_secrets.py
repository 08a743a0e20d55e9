"""Examples for the rule no-plain-secrets."""

from __future__ import annotations

from base64 import b64encode

from tests.unit.policies.zone import PORTAL, planned

HOST = ("compute/Instance", "xiangyang-portal-web-1")
DATA = "#cloud-config\npackages: [nginx]\n# passwords are not used here\n"
HIDDEN = b64encode(b"export API_KEY=0123").decode()
PASSING = [
    planned(PORTAL, *HOST),
    planned(PORTAL, *HOST, userData=DATA),
    planned(PORTAL, *HOST, userData="password: {{ from_vault }}"),
    planned(PORTAL, *HOST, metadata={"owner": "it"}),
]
SECRET = "looks like a secret"
FAILING = [
    (SECRET, planned(PORTAL, *HOST, userData="#!/bin/sh\nPASSWORD=abc")),
    (SECRET, planned(PORTAL, *HOST, userData="#cloud-config\npassword: abc\n")),
    (SECRET, planned(PORTAL, *HOST, userData="-----BEGIN OPENSSH PRIVATE KEY-----")),
    (SECRET, planned(PORTAL, *HOST, userData="echo root:x | chpasswd")),
    (SECRET, planned(PORTAL, *HOST, userData="root:$6$saltsalt$hash")),
    (SECRET, planned(PORTAL, *HOST, userData=HIDDEN)),
    (SECRET, planned(PORTAL, *HOST, metadata={"db_password": "abc"})),
    ("adminPass", planned(PORTAL, *HOST, adminPass="abc")),
    ("personalities", planned(PORTAL, *HOST, personalities=[{"file": "/root/.ssh/authorized_keys"}])),
]
