"""Ask a service whether it is healthy; every answer comes from the service itself."""

from __future__ import annotations

import http.client
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from functools import singledispatch
from typing import TYPE_CHECKING

from openstack.exceptions import SDKException

from scripts.lab import config, venv
from scripts.lab.paths import HERE
from scripts.lab.seed import connect
from scripts.lab.service import (
    CinderReport,
    Consumer,
    Http,
    NeutronReport,
    NovaReport,
    Ntp,
    Probe,
    Running,
    Tcp,
    UnixSocket,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripts.lab.box import Box
    from scripts.lab.service import Check

# Seconds for one answer: an API that loads its code on a busy machine accepts long before it answers.
_TIMEOUT = 10.0
# Seconds until an agent has answered a count: it waits up to 3 s at random, so that not all answer at once.
_REPORT_DELAY = 5.0
# Version 4, mode 3 (client), everything else zero: RFC 5905, section 7.3.
_NTP_CLIENT_REQUEST = bytes([0b00_100_011]) + bytes(47)
_NTP_SERVER_MODE, _NTP_PORT = 4, 123


def ask(name: str, check: Check, box: Box) -> str:
    """The reason why the service `name` is not healthy, or an empty text."""
    try:
        process = box.services().get(name)
        if process is None:
            return "not started"
        if process.exit is not None:
            return f"ended with status {process.exit}"
        return "" if isinstance(check, Running) else _ask(check, box)
    except (OSError, http.client.HTTPException, SDKException) as error:
        return f"{error}" or type(error).__name__


def _in_network(box: Box, network: str, question: Callable[[], str]) -> str:
    """Ask from a thread of its own that has moved into the network where the service listens."""
    if network == "machine":
        return question()
    with ThreadPoolExecutor(1, initializer=box.enter_network, initargs=(network,)) as pool:
        return pool.submit(question).result()


@singledispatch
def _ask(check: Check, _: Box) -> str:
    raise TypeError(f"no way to ask {check}")


@_ask.register(Http)
def _(check: Http, box: Box) -> str:
    def question() -> str:
        connection = http.client.HTTPConnection(check.host, check.port, timeout=_TIMEOUT)
        try:
            connection.request("GET", check.path)
            status = connection.getresponse().status
        finally:
            connection.close()
        server_error = 500
        return f"HTTP {status}" if status >= server_error else ""

    return _in_network(box, check.network, question)


@_ask.register(Tcp)
def _(check: Tcp, box: Box) -> str:
    def question() -> str:
        socket.create_connection((check.host, check.port), timeout=_TIMEOUT).close()
        return ""

    return _in_network(box, check.network, question)


@_ask.register(UnixSocket)
def _(check: UnixSocket, box: Box) -> str:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(_TIMEOUT)
        connection.connect(f"/proc/{box.pid}/root{check.path}")
    return ""


@_ask.register(Probe)
def _(check: Probe, box: Box) -> str:
    done = box.run(check.argv)
    return "" if done.returncode == 0 else (done.stderr or done.stdout).strip()[-200:] or "failed"


@_ask.register(Ntp)
def _(check: Ntp, box: Box) -> str:
    def question() -> str:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection:
            connection.settimeout(_TIMEOUT)
            connection.connect((check.host, _NTP_PORT))
            connection.send(_NTP_CLIENT_REQUEST)
            answer = connection.recv(len(_NTP_CLIENT_REQUEST))
        return "" if answer[0] & 0b111 == _NTP_SERVER_MODE else "not an NTP server"

    return _in_network(box, check.network, question)


@_ask.register(Consumer)
def _(check: Consumer, box: Box) -> str:
    python, lab = venv.folder(box.lab) / "bin/python", box.lab
    done = box.run([python, "-I", HERE / "consumer.py", config.credentials_file(lab), check.queue])
    return "" if done.returncode == 0 else done.stderr.strip()[-200:] or f"nobody consumes {check.queue}"


@_ask.register(NovaReport)
def _(check: NovaReport, box: Box) -> str:
    services = connect(box.lab).compute.services(binary=check.binary, host=check.host)
    return "" if any(one.state == "up" for one in services) else "does not report to Nova"


@_ask.register(CinderReport)
def _(check: CinderReport, box: Box) -> str:
    services = connect(box.lab).block_storage.services(binary=check.binary)
    return "" if any(one.state == "up" for one in services) else "does not report to Cinder"


@_ask.register(NeutronReport)
def _(check: NeutronReport, box: Box) -> str:
    # Agents report when the northbound database counts on, which Neutron else does every 37 s.
    box.do(["ovn-nbctl", "--db=unix:/run/ovn/ovnnb_db.sock", "--timeout=10", "--wait=sb", "sync"])
    network, ends = connect(box.lab).network, time.monotonic() + _REPORT_DELAY
    while not any(one.is_alive for one in network.agents() if one.binary == check.binary):
        if time.monotonic() > ends:
            return "does not report to Neutron"
        time.sleep(0.5)
    return ""
