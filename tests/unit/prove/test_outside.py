"""Probes from the outside, directly and through a real SOCKS5 proxy of the test."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from ipaddress import IPv4Address

import pytest

from scripts.prove.outside import connect_through, probe_outside
from scripts.prove.prober import Outcome
from stacks.errors import CloudError

LOCAL = IPv4Address("127.0.0.1")

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def _closed_port() -> int:
    with socket.socket() as handle:
        handle.bind(("127.0.0.1", 0))
        port: int = handle.getsockname()[1]
        return port


@asynccontextmanager
async def _server(handler: Handler) -> AsyncIterator[int]:
    async def closing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await handler(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(closing, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def _silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


def _replying(code: int) -> Handler:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(3)
        writer.write(b"\x05\x00")
        request = await reader.readexactly(10)
        assert request[:4] == b"\x05\x01\x00\x01"
        writer.write(bytes([5, code, 0, 1, 0, 0, 0, 0, 0, 0]))
        await writer.drain()

    return handle


@pytest.mark.parametrize(
    ("code", "outcome"),
    [(0, "open"), (1, "unreachable"), (3, "unreachable"), (4, "unreachable"), (5, "refused"), (6, "silent")],
)
def test_the_proxy_speaks_for_the_target(code: int, outcome: str) -> None:
    async def run() -> Outcome:
        async with _server(_replying(code)) as port:
            return await connect_through(("127.0.0.1", port), ("203.0.113.9", 443), 2)

    assert asyncio.run(run()) == outcome


def test_a_proxy_without_an_answer_is_silence() -> None:
    async def run() -> Outcome:
        async with _server(_silent) as port:
            return await connect_through(("127.0.0.1", port), ("203.0.113.9", 443), 0.2)

    assert asyncio.run(run()) is Outcome.SILENT


def test_open_and_closed_ports_differ_and_come_in_order() -> None:
    async def by_port(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(3)
        writer.write(b"\x05\x00")
        port = int.from_bytes((await reader.readexactly(10))[8:], "big")
        writer.write(bytes([5, {443: 0, 80: 5}.get(port, 4), 0, 1, 0, 0, 0, 0, 0, 0]))
        await writer.drain()

    async def run() -> list[Outcome]:
        async with _server(by_port) as port:
            probes = [(LOCAL, number, number == 443) for number in (80, 443, 22)]
            return await probe_outside(f"socks5h://127.0.0.1:{port}", probes, 1)

    assert asyncio.run(run()) == [Outcome.REFUSED, Outcome.OPEN, Outcome.UNREACHABLE]


def test_a_proxy_that_says_yes_to_everything_proves_nothing() -> None:
    async def run() -> None:
        async with _server(_replying(0)) as port:
            await probe_outside(f"socks5h://127.0.0.1:{port}", [(LOCAL, 443, True)], 1)

    with pytest.raises(CloudError, match="nobody's"):
        asyncio.run(run())


def test_a_proxy_that_is_down_is_named() -> None:
    port = _closed_port()
    with pytest.raises(CloudError, match=str(port)):
        asyncio.run(probe_outside(f"socks5h://127.0.0.1:{port}", [(LOCAL, 443, True)], 1))
