"""What a picture shows, as far as a test asks: whether it is more than an empty page."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {2: 3, 6: 4}
"""Bytes a pixel by PNG's colour type: true colour, and the same with an alpha channel."""


def colours(picture: Path, enough: int) -> int:
    """How many colours a PNG has, counted from the top until there are enough.

    Raises:
        ValueError: it is no PNG such as Chromium writes: 8 bits a channel, in colour, not interlaced.
    """
    seen: set[bytes] = set()
    for row, pixel in _rows(picture.read_bytes()):
        seen.update(row[start : start + pixel] for start in range(0, len(row), pixel))
        if len(seen) >= enough:
            return enough
    return len(seen)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(SIGNATURE)
    while place < len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        yield kind, data[place + 8 : place + 8 + length]
        place += length + 12


def _rows(data: bytes) -> Iterator[tuple[bytes, int]]:
    """Every row of pixels from the top, with the bytes of a pixel (ISO/IEC 15948, clause 9: filters)."""
    if not data.startswith(SIGNATURE):
        raise ValueError("it does not begin as a PNG does")
    chunks = list(_chunks(data))
    width, height, depth, kind, *_, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    if depth != 8 or kind not in CHANNELS or interlaced:
        raise ValueError(f"depth {depth}, colour type {kind}, interlaced {interlaced}")
    pixel = CHANNELS[kind]
    raw = zlib.decompress(b"".join(content for name, content in chunks if name == b"IDAT"))
    above = bytearray(width * pixel)
    for start in range(0, height * (width * pixel + 1), width * pixel + 1):
        row = bytearray(raw[start + 1 : start + 1 + width * pixel])
        _unfilter(raw[start], row, above, pixel)
        yield bytes(row), pixel
        above = row


def _unfilter(kind: int, row: bytearray, above: bytearray, pixel: int) -> None:
    """Undo a row's filter in place."""
    if kind == 0:
        return
    for place, value in enumerate(row):
        left = row[place - pixel] if place >= pixel else 0
        corner = above[place - pixel] if place >= pixel else 0
        row[place] = (value + _predicted(kind, left, above[place], corner)) & 0xFF


def _predicted(kind: int, left: int, above: int, corner: int) -> int:
    if kind < 4:
        return (left, above, (left + above) // 2)[kind - 1]
    guess = left + above - corner
    return min((left, above, corner), key=lambda near: abs(guess - near))
