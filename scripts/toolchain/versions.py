"""Which versions are in use, by what the programs say of themselves: a pin only says what should be."""

from __future__ import annotations

import subprocess
from pathlib import Path

from scripts.toolchain.ensure import Toolchain
from scripts.toolchain.plugin import placed

SECONDS = 30
"""That a program may take to say its version."""

SILENT = "unknown: the program does not say"


def versions(toolchain: Toolchain) -> dict[str, str]:
    """The versions of Pulumi and of its OpenStack provider, as each says."""
    return {
        "Pulumi": said_version(toolchain.pulumi, "version") or SILENT,
        "Pulumi OpenStack provider": said_version(placed(toolchain.home), "--version") or SILENT,
    }


def said_version(program: Path, question: str) -> str:
    """What a program answers, without the letter that some put before it; empty where it does not answer."""
    try:
        done = subprocess.run(
            [program, question], capture_output=True, text=True, check=True, timeout=SECONDS
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return ""
    return done.stdout.strip().removeprefix("v")
