"""From a file's bytes to text that can be trusted: small enough, UTF-8, nothing invisible in it."""

from __future__ import annotations

import codecs
import re
from itertools import islice
from pathlib import Path

from stacks.request.diagnostics import MAX_FINDINGS, Diagnostic, Position

UNREADABLE = "GC001"
TOO_LARGE = "GC002"
WIDE_ENCODING = "GC003"
NOT_UTF8 = "GC004"
CONTROL = "GC005"
BIDIRECTIONAL = "GC006"
INVISIBLE = "GC007"
LINE_END = "GC008"
LEADS_OUT = "GC011"

MAX_BYTES = 1_000_000
"""A request is a page of text; anything larger is a mistake or an attack."""

WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)

FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\xac\xae-\u061b\u061d-\u180d\u180f-\u200a\u2010-\u2027\u202f-\u205f"
    "\u2065\u2070-\ud7ff\ue000-\ufefe\uff00-\uffef\ufffc\ufffd\U00010000-\U000dffff\U000f0000-\U0010ffff]"
    "|\r(?!\n)"
)
"""Control characters, foreign line ends, invisible characters and those that turn text around: a reviewer
must see what a machine reads (CVE-2021-42574)."""

KINDS = {
    BIDIRECTIONAL: frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"),
    LINE_END: frozenset("\x0b\x0c\r\x85\u2028\u2029"),
}

FIRST_PRINTABLE = "\xa0"
"""Above ASCII; what is forbidden below it is a control character."""


def read_text(path: Path, limit: int = MAX_BYTES) -> tuple[str, list[Diagnostic]]:
    """The file's text; empty, with findings, where it cannot be used."""
    start = Position(path)
    try:
        if not path.is_file():
            return "", [Diagnostic(UNREADABLE, start, details={"reason": "not a regular file"})]
        if path.is_symlink() and not path.resolve().is_relative_to(path.parent.resolve()):
            return "", [Diagnostic(LEADS_OUT, start, value=str(path.readlink()))]
        with path.open("rb") as file:
            raw = file.read(limit + 1)
    except OSError as error:
        return "", [Diagnostic(UNREADABLE, start, details={"reason": error.strerror})]
    if len(raw) > limit:
        return "", [Diagnostic(TOO_LARGE, start, details={"limit": limit})]
    return _decode(path, raw)


def _decode(path: Path, raw: bytes) -> tuple[str, list[Diagnostic]]:
    if raw.startswith(WIDE):
        return "", [Diagnostic(WIDE_ENCODING, Position(path))]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # What stands before the bad byte is valid by definition.
        before, byte = raw[: error.start].decode("utf-8-sig"), raw[error.start]
        details = {"byte": f"0x{byte:02x}"}
        return "", [Diagnostic(NOT_UTF8, place(path, before, len(before)), details=details)]
    hidden = islice(FORBIDDEN.finditer(text), MAX_FINDINGS)
    findings = [_forbidden(path, text, found.start()) for found in hidden]
    return ("" if findings else text), findings


def _forbidden(path: Path, text: str, offset: int) -> Diagnostic:
    character = text[offset]
    other = CONTROL if character < FIRST_PRINTABLE else INVISIBLE
    code = next((code for code, members in KINDS.items() if character in members), other)
    return Diagnostic(code, place(path, text, offset), details={"character": f"U+{ord(character):04X}"})


def place(path: Path, text: str, offset: int) -> Position:
    """The line and column of a character of the text."""
    before = text[:offset]
    line, column = before.count("\n") + 1, offset - before.rfind("\n")
    return Position(path, line, column, line, column + 1)
