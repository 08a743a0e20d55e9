"""From a file's bytes to text that can be trusted: small enough, UTF-8, nothing invisible in it."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from stacks.request.diagnostics import Diagnostic, Position

MAX_BYTES = 1_000_000
"""A request is a page of text; anything larger is a mistake or an attack."""

UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\xac\xae-\u200a\u2010-\u2027\u202f-\u2065\u2070-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
"""Control characters, foreign line ends, invisible characters and those that turn text around: a reviewer
must see what a machine reads (CVE-2021-42574)."""


def read_text(path: Path, limit: int = MAX_BYTES) -> tuple[str, list[Diagnostic]]:
    """The file's text; empty, with findings, where it cannot be used."""
    start = Position(path, 1, 1)
    try:
        if not path.is_file():
            return "", [Diagnostic(start, "is not a file that can be read")]
        with path.open("rb") as file:
            raw = file.read(limit + 1)
    except OSError as error:
        return "", [Diagnostic(start, f"cannot be read: {error.strerror}")]
    if len(raw) > limit:
        return "", [Diagnostic(start, f"is larger than {limit} bytes; a request is a page of text")]
    return _decode(path, raw)


def _decode(path: Path, raw: bytes) -> tuple[str, list[Diagnostic]]:
    if raw.startswith(UTF16):
        return "", [Diagnostic(Position(path, 1, 1), "is UTF-16; save the file as UTF-8")]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # What stands before the bad byte is valid by definition.
        before, byte = raw[: error.start].decode(), raw[error.start]
        message = f"byte 0x{byte:02x} is not UTF-8; save the file as UTF-8 (not GBK or GB18030)"
        return "", [Diagnostic(place(path, before, len(before)), message)]
    findings = [
        Diagnostic(place(path, text, found.start()), f"character U+{ord(found[0]):04X} is not allowed here")
        for found in FORBIDDEN.finditer(text)
    ]
    return ("" if findings else text), findings


def place(path: Path, text: str, offset: int) -> Position:
    """The line and column of a character of the text."""
    before = text[:offset]
    return Position(path, before.count("\n") + 1, offset - before.rfind("\n"))
