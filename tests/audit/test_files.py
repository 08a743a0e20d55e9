"""Owners, modes and traps in the file system.

Sources: GB/T 22239-2019 8.1.4.2 e and f; CIS Debian Linux 12 Benchmark 1.1, 2.4 and 7.1.
"""

from __future__ import annotations

import pytest

from scripts.evidence.finding import holds, nothing, words
from scripts.evidence.host.facts import HostFacts

CRON = words("/etc/crontab /etc/cron.d /etc/cron.hourly /etc/cron.daily /etc/cron.weekly /etc/cron.monthly")
SETID = words(
    """
    /usr/bin/chage /usr/bin/chfn /usr/bin/chsh /usr/bin/expiry /usr/bin/gpasswd /usr/bin/mount
    /usr/bin/newgrp /usr/bin/passwd /usr/bin/su /usr/bin/sudo /usr/bin/umount /usr/bin/ssh-agent
    /usr/bin/crontab /usr/bin/write.ul /usr/bin/wall /usr/bin/dotlockfile
    /usr/lib/dbus-1.0/dbus-daemon-launch-helper /usr/lib/openssh/ssh-keysign /usr/sbin/unix_chkpwd
    /usr/sbin/pam_timestamp_check /usr/bin/fusermount3
    """
)
"""Programs of Debian 12's own packages that work with their owner's or group's rights on purpose."""


def closed(facts: HostFacts, limits: dict[str, int], groups: frozenset[str] = frozenset({"root"})) -> None:
    """Each of these files is root's, in one of the groups, with no mode bit beyond its limit."""
    present = {path: facts.files[path] for path in limits if path in facts.files}
    holds(bool(present), expected=f"{', '.join(limits)}", observed="none of them", do="Restore the files.")
    loose = [
        state
        for path, state in present.items()
        if state.user != "root" or state.group not in groups or state.mode & ~limits[path]
    ]
    wanted = ", ".join(f"{path} {limits[path]:04o}" for path in present)
    nothing(
        loose, expected=f"of root, at most: {wanted}", do="Correct owner and mode; find out who changed them."
    )


@pytest.mark.control("8.1.4.2-f", "8.1.4.2-e")
def test_account_files(facts: HostFacts) -> None:
    """Only root may change the lists of accounts and groups."""
    closed(facts, dict.fromkeys(("/etc/passwd", "/etc/passwd-", "/etc/group", "/etc/group-"), 0o644))


@pytest.mark.control("8.1.4.2-f", "8.1.4.1-c")
def test_password_files(facts: HostFacts) -> None:
    """Only root may read password hashes."""
    files = ("/etc/shadow", "/etc/shadow-", "/etc/gshadow", "/etc/gshadow-")
    closed(facts, dict.fromkeys(files, 0o640), frozenset({"root", "shadow"}))


@pytest.mark.control("8.1.4.2-f", "8.2.4.1-a")
def test_host_keys_secret(facts: HostFacts) -> None:
    """Only root may read the host's private keys."""
    keys = {path for path in facts.files if path.startswith("/etc/ssh/ssh_host_")}
    closed(facts, dict.fromkeys(sorted(keys), 0o600))


@pytest.mark.control("8.1.4.2-f")
def test_ssh_settings(facts: HostFacts) -> None:
    """Only root may change the settings of SSH."""
    closed(facts, {"/etc/ssh": 0o755, "/etc/ssh/sshd_config": 0o644, "/etc/ssh/sshd_config.d": 0o755})


@pytest.mark.control("8.1.4.2-f", "8.1.3.2-a")
def test_firewall_settings(facts: HostFacts) -> None:
    """Only root may read and change the rules that the next boot loads."""
    closed(facts, {"/etc/nftables.conf": 0o700})


@pytest.mark.control("8.1.4.2-f", "8.1.4.2-d")
def test_scheduled_jobs(facts: HostFacts) -> None:
    """Only root may change what is run by the clock."""
    closed(facts, dict.fromkeys(sorted(CRON), 0o755))


@pytest.mark.control("8.1.4.2-f")
def test_root_home(facts: HostFacts) -> None:
    """Root's folder is closed to others."""
    closed(facts, {"/root": 0o700})


@pytest.mark.control("8.1.4.2-f")
def test_shared_folders_sticky(facts: HostFacts) -> None:
    """In folders for everybody, nobody may remove what belongs to another."""
    present = {path: facts.files[path] for path in ("/tmp", "/var/tmp") if path in facts.files}
    holds(len(present) == 2, expected="/tmp and /var/tmp", observed=list(present), do="Restore the folders.")
    loose = [state for state in present.values() if state.mode != 0o1777 or state.user != "root"]
    nothing(loose, expected="1777 root", do="chmod 1777 the folder.")


@pytest.mark.control("8.1.4.2-f", "8.1.4.7-b")
def test_nothing_writable_for_everybody(facts: HostFacts) -> None:
    """No file can be changed by everybody, and no folder without the sticky bit."""
    nothing(facts.sweep.writable, expected="none", do="chmod o-w the file; find out who opened it.")


@pytest.mark.control("8.1.4.2-c", "8.1.4.2-f")
def test_everything_owned(facts: HostFacts) -> None:
    """Every file belongs to an account and a group that exist."""
    nothing(facts.sweep.unowned, expected="none", do="chown the file, or remove what a removed account left.")


@pytest.mark.control("8.1.4.2-d", "8.1.4.4-a")
def test_set_id_programs(facts: HostFacts) -> None:
    """Only known programs of Debian work with their owner's rights."""
    found = facts.sweep.setid
    holds(
        "/usr/bin/sudo" in found,
        expected="at least /usr/bin/sudo",
        observed=found,
        do="Reinstall the package sudo.",
    )
    nothing(
        found - SETID, expected="only known ones", do="chmod a-s the program; find out where it came from."
    )


@pytest.mark.control("8.1.4.2-f")
def test_shared_memory_mount(facts: HostFacts) -> None:
    """Shared memory can hold neither devices nor programs with other rights."""
    options = facts.mounts.get("/dev/shm", frozenset())
    holds(
        {"nosuid", "nodev"} <= options,
        expected="/dev/shm with nosuid and nodev",
        observed=options,
        do="Mount /dev/shm with nosuid,nodev.",
    )
