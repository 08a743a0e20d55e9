"""Probes from the outside: the operator's machine, through the SOCKS5 proxy of the cloud entry, if any."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address
from urllib.parse import urlsplit

from socksio import ProtocolError
from socksio.socks5 import (
    SOCKS5AuthMethod,
    SOCKS5AuthMethodsRequest,
    SOCKS5Command,
    SOCKS5CommandRequest,
    SOCKS5Connection,
    SOCKS5Reply,
    SOCKS5ReplyCode,
)

from scripts.prove.prober import Address, Outcome, connect, connect_all
from stacks.errors import CloudError
from stacks.plan.reachability import CANARY_PORT

NOBODY: Address = ("192.0.2.1", CANARY_PORT)
"""An address that is nobody's (RFC 5737): who hears an answer from there hears somebody else."""

REPLIES = {
    SOCKS5ReplyCode.SUCCEEDED: Outcome.OPEN,
    SOCKS5ReplyCode.CONNECTION_REFUSED: Outcome.REFUSED,
    SOCKS5ReplyCode.TTL_EXPIRED: Outcome.SILENT,
}
"""What a proxy's answer says about the target (RFC 1928); every other code means that no packet got there."""

Knock = Callable[[str, int, float], Awaitable[Outcome]]


async def probe_outside(
    proxy: str | None, probes: Sequence[tuple[IPv4Address, int, bool]], timeout: float
) -> list[Outcome]:
    """The outcome of every probe (address, port, whether it must arrive), in order.

    Raises:
        CloudError: the proxy does not answer, or something on the way answers for everybody.
    """
    knock = connect if proxy is None else await _through(proxy, timeout)
    targets = [(str(address), port) for address, port, _ in probes]
    required = {(str(address), port) for address, port, must in probes if must}
    found = await connect_all([NOBODY, *targets], required, timeout, knock)
    if found[NOBODY].reached:
        raise CloudError(
            f"something between this machine and the cloud ({proxy or 'no proxy is set'}) answers for "
            f"{NOBODY[0]}, an address that is nobody's; nothing can be proved from here.",
            "Use a SOCKS5 proxy that reports refused connections (`ssh -D` does not), or another machine.",
        )
    return [found[target] for target in targets]


async def _through(proxy: str, timeout: float) -> Knock:
    endpoint = urlsplit(proxy)
    server = (endpoint.hostname or "", endpoint.port or 1080)
    if await connect(*server, timeout) is not Outcome.OPEN:
        raise CloudError(
            f"the proxy {proxy}, through which floating IPs are reached, does not answer.",
            "Start it (`govcloud lab up` for the lab), or correct `govcloud.proxy` in clouds.yaml.",
        )

    async def knock(address: str, port: int, seconds: float) -> Outcome:
        return await connect_through(server, (address, port), seconds)

    return knock


async def connect_through(server: Address, target: Address, timeout: float) -> Outcome:
    """Ask a SOCKS5 proxy for one connection; no reply within `timeout` seconds is silence of the target."""
    try:
        async with asyncio.timeout(timeout):
            reader, writer = await asyncio.open_connection(*server)
            try:
                return await _negotiate(reader, writer, target)
            finally:
                writer.transport.abort()
    except TimeoutError:
        return Outcome.SILENT
    except (OSError, EOFError, ProtocolError):
        return Outcome.UNREACHABLE


async def _negotiate(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, target: Address) -> Outcome:
    protocol = SOCKS5Connection()
    protocol.send(SOCKS5AuthMethodsRequest([SOCKS5AuthMethod.NO_AUTH_REQUIRED]))
    writer.write(protocol.data_to_send())
    protocol.receive_data(await reader.readexactly(2))
    protocol.send(SOCKS5CommandRequest.from_address(SOCKS5Command.CONNECT, target))
    writer.write(protocol.data_to_send())
    reply = protocol.receive_data(await reader.read(512))
    return (
        REPLIES.get(reply.reply_code, Outcome.UNREACHABLE)
        if isinstance(reply, SOCKS5Reply)
        else Outcome.SILENT
    )
