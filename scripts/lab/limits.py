"""Kernel limits that the whole machine shares and that hosts in containers use up."""

from __future__ import annotations

from pathlib import Path

INOTIFY_INSTANCES = Path("/proc/sys/fs/inotify/max_user_instances")

NEEDED = 4096
"""Each host's systemd, udev, journald and cron hold a handful; the kernel's own 128 serve seven hosts."""


def raise_limits() -> None:
    """Allow as many inotify instances as many hosts need; a limit that is higher already stays.

    Without it the services of later hosts fail with "Too many open files". It is the one setting of the
    machine outside the box that a lab changes, and a reboot undoes it.
    """
    if int(INOTIFY_INSTANCES.read_text(encoding="ascii")) < NEEDED:
        INOTIFY_INSTANCES.write_text(str(NEEDED), encoding="ascii")
