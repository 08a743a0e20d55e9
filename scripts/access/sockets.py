"""Where SSH keeps the sockets of its shared connections: a private folder whose path is short enough."""

from __future__ import annotations

import os
import stat
import tempfile
from hashlib import sha256
from pathlib import Path

from stacks.errors import MachineError

LONGEST_SOCKET = 107
"""Bytes of a socket's path (`sun_path` in unix(7), without the zero at its end)."""

NAME = len("/") + 40 + len(".") + 16
"""Bytes of a socket's name: `%C`, a SHA-1, and what OpenSSH adds while it makes the socket (`mux.c`)."""

LONGEST_FOLDER = LONGEST_SOCKET - NAME


def private_folder(wanted: Path) -> Path:
    """Make the wanted folder, or one with a short path among the machine's temporary files in its place.

    Raises:
        MachineError: the short path is too long as well, or the folder is open to somebody else, who could
            put a socket of their own there and be taken for our hosts.
    """
    folder = wanted if _fits(wanted) else _short(wanted)
    if not _fits(folder):
        raise MachineError(
            f"{wanted} is too long a path for SSH's sockets, and so is {folder}: "
            f"more than {LONGEST_FOLDER} bytes.",
            "Give GOVCLOUD_HOME or TMPDIR a shorter path.",
        )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise MachineError(
            f"{folder}, for SSH's sockets, is not a folder that belongs to you alone.",
            "Find out whose it is, and remove it.",
        )
    return folder


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder)) <= LONGEST_FOLDER


def _short(wanted: Path) -> Path:
    """The same for each deployment and user at each run, so that connections are shared."""
    digest = sha256(os.fsencode(wanted)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"govcloud-{os.geteuid()}-{digest}"
