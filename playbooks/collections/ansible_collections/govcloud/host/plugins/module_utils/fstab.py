"""The table of file systems, fstab(5): read in one way, and replaced in one step, by every module."""

from __future__ import annotations

from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

FSTAB = "/etc/fstab"
MOUNTED = "/proc/self/mounts"
"""What is mounted now, in the form of fstab(5)."""

FIELDS = 4
"""Source, path, type and options; what follows in a line of fstab(5) may be left out."""


def entry(line: str) -> list[str]:
    """The fields of a line; empty for a comment or what is no entry."""
    fields = line.split()
    return fields if len(fields) >= FIELDS and not line.lstrip().startswith("#") else []


def read(path: str) -> list[str]:
    """The lines of a table; none when it is not there."""
    file = Path(path)
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def write(module: AnsibleModule, lines: list[str]) -> None:
    """Replace fstab(5) in one step; systemd makes its units from it."""
    draft = Path(module.tmpdir) / "fstab"
    draft.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    draft.chmod(0o644)
    module.atomic_move(str(draft), FSTAB)
    module.run_command(["systemctl", "daemon-reload"], check_rc=True)
