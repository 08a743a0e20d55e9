"""The proxy behind which floating IPs are reached, where the cloud entry names one."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from scripts.doctor.check import Check, Examination, Finding, Severity, missing, ok

ORDER = 30
PATIENCE = 5.0
"""Seconds."""


def _probe(examination: Examination) -> Finding:
    proxy = examination.access.proxy
    if proxy is None:
        return ok("none: floating IPs are reached directly")
    remedy = "Start it (`govcloud lab up` for the lab), or correct `govcloud.proxy` in clouds.yaml."
    endpoint = urlsplit(proxy)
    try:
        with socket.create_connection((endpoint.hostname, endpoint.port or 1080), PATIENCE) as connection:
            connection.settimeout(PATIENCE)
            connection.sendall(b"\x05\x01\x00")
            answer = connection.recv(2)
    except OSError as error:
        return missing(f"{proxy}: {error.strerror or error}", remedy)
    return ok(proxy) if answer == b"\x05\x00" else missing(f"{proxy} does not speak SOCKS5", remedy)


CHECK = Check(
    id="proxy",
    title="way to floating IPs",
    needed_for="reaching the bastion and published ports from this machine",
    severity=Severity.REQUIRED,
    probe=_probe,
    local=True,
)
