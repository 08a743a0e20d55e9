"""Owners, modes and traps in the file system.

Sources: GB/T 22239-2019 8.1.4.2 e and f; CIS Debian Linux 12 Benchmark 1.1, 2.4 and 7.1.
"""

from __future__ import annotations

import pytest

from scripts.access.audit_session import COMMAND, KEYS_FILE
from scripts.evidence.finding import holds, nothing, words
from scripts.evidence.host.accounts import SUDO_GROUP
from scripts.evidence.host.facts import HostFacts
from scripts.evidence.said import listed, said
from scripts.evidence.setting import Item, Protected, protected
from scripts.evidence.target import Target
from tests.audit.rows import each

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


PROTECTED = (
    *protected("8.1.4.2-f 8.1.4.2-e", 0o644, "/etc/passwd /etc/passwd- /etc/group /etc/group-"),
    *protected("8.1.4.2-f 8.1.4.2-e", 0o644, "/etc/subuid /etc/subgid /etc/shells /etc/login.defs"),
    *protected(
        "8.1.4.2-f 8.1.4.1-c",
        0o640,
        "/etc/shadow /etc/shadow- /etc/gshadow /etc/gshadow-",
        groups="root shadow",
    ),
    *protected("8.1.4.2-f 8.1.4.1-c", 0o600, "/etc/security/opasswd"),
    *protected("8.1.4.2-f 8.1.4.1-b", 0o644, "/etc/security/faillock.conf /etc/security/pwquality.conf"),
    *protected("8.1.4.2-f 8.1.4.1-a", 0o644, "/etc/pam.d/common-auth /etc/pam.d/common-account"),
    *protected("8.1.4.2-f 8.1.4.1-a", 0o644, "/etc/pam.d/common-password /etc/pam.d/common-session"),
    *protected(
        "8.1.4.2-f 8.1.4.1-a", 0o644, "/etc/pam.d/sshd /etc/pam.d/su /etc/pam.d/sudo /etc/pam.d/other"
    ),
    *protected("8.1.4.2-f", 0o755, "/etc/pam.d /etc/security /etc/security/limits.d"),
    *protected("8.1.4.2-f 8.1.4.2-d", 0o440, "/etc/sudoers"),
    *protected("8.1.4.2-f 8.1.4.2-d", 0o755, f"/etc/sudoers.d {COMMAND}"),
    *protected("8.1.4.2-f 8.1.4.2-d", 0o644, f"/etc/sudo.conf {KEYS_FILE}"),
    *protected("8.1.4.2-d 8.1.4.7-b", 0o4110, "/usr/bin/sudo", groups=SUDO_GROUP),
    *protected("8.1.4.2-d 8.1.4.7-b", 0o4755, "/usr/bin/su /usr/bin/passwd"),
    *protected("8.1.4.7-b", 0o755, "/usr/sbin/sshd /usr/sbin/nft"),
    *protected("8.1.4.2-f 8.2.4.1-a", 0o600, "/etc/ssh/ssh_host_ed25519_key /etc/ssh/ssh_host_rsa_key"),
    *protected(
        "8.1.4.2-f 8.2.4.1-a", 0o644, "/etc/ssh/ssh_host_ed25519_key.pub /etc/ssh/ssh_host_rsa_key.pub"
    ),
    *protected("8.1.4.2-f", 0o644, "/etc/ssh/sshd_config /etc/ssh/ssh_config"),
    *protected("8.1.4.2-f", 0o755, "/etc/ssh /etc/ssh/sshd_config.d"),
    *protected("8.1.4.2-f 8.1.4.1-c", 0o644, "/etc/ssh/moduli", optional=True),
    *protected("8.1.4.2-f 8.1.3.2-a", 0o700, "/etc/nftables.conf"),
    *protected("8.1.4.2-f 8.1.3.5-c", 0o640, "/etc/ulogd.conf"),
    *protected("8.1.4.2-f 8.1.4.2-d", 0o644, "/etc/crontab", optional=True),
    *protected("8.1.4.2-f 8.1.4.2-d", 0o755, "/etc/cron.d /etc/cron.daily"),
    *protected(
        "8.1.4.2-f 8.1.4.2-d", 0o755, "/etc/cron.hourly /etc/cron.weekly /etc/cron.monthly", optional=True
    ),
    *protected("8.1.4.2-f 8.1.3.3-b", 0o644, "/etc/sysctl.conf", optional=True),
    *protected("8.1.4.2-f 8.1.3.3-b", 0o755, "/etc/sysctl.d /etc/modprobe.d /etc/modules-load.d"),
    *protected("8.1.4.2-f 8.1.5.4-f", 0o755, "/etc/chrony"),
    *protected("8.1.4.2-f 8.1.5.4-f", 0o644, "/etc/chrony/chrony.conf"),
    *protected("8.1.4.4-a 8.1.4.7-b", 0o755, "/etc/apt /etc/apt/sources.list.d /etc/apt/apt.conf.d"),
    *protected("8.1.4.4-a 8.1.4.7-b", 0o755, "/etc/apt/trusted.gpg.d /etc/apt/keyrings"),
    *protected("8.1.4.2-f 8.1.4.2-d", 0o755, "/etc/systemd /etc/systemd/system"),
    *protected("8.1.4.2-f 8.1.4.3-c", 0o755, "/etc/systemd/journald.conf.d"),
    *protected("8.1.4.2-f 8.1.4.3-c", 0o644, "/etc/systemd/journald.conf"),
    *protected("8.1.4.2-f 8.1.2.1-c", 0o644, "/etc/hosts /etc/hostname /etc/nsswitch.conf"),
    *protected("8.1.4.2-f 8.1.4.3-b", 0o644, "/etc/machine-id"),
    *protected("8.1.4.2-e 8.1.4.2-f", 0o644, "/etc/environment /etc/profile /etc/bash.bashrc"),
    *protected("8.1.4.2-e 8.1.4.2-f", 0o755, "/etc/profile.d /etc/skel"),
    *protected("8.1.4.2-f 8.1.4.7-b", 0o644, "/etc/ld.so.conf"),
    *protected("8.1.4.2-f 8.1.4.7-b", 0o755, "/etc/ld.so.conf.d"),
    *protected("8.1.4.2-f 8.1.4.3-c", 0o644, "/etc/logrotate.conf"),
    *protected("8.1.4.2-f 8.1.4.3-c", 0o755, "/etc/logrotate.d"),
    *protected("8.1.4.1-b 8.1.4.2-f", 0o644, "/etc/issue /etc/issue.net /etc/motd"),
    *protected("8.1.4.2-f 8.1.2.2-a", 0o755, "/etc/ssl /etc/ssl/certs"),
    *protected("8.1.4.2-f 8.1.2.2-b", 0o710, "/etc/ssl/private", groups="root ssl-cert"),
    *protected("8.1.4.2-f", 0o700, "/root"),
    *protected("8.1.4.2-f 8.1.4.7-b", 0o755, "/ /etc /usr /usr/bin /usr/sbin /usr/lib /var /home /opt"),
    *protected(
        "8.1.4.2-f 8.1.4.7-b", 0o2775, "/usr/local /usr/local/bin /usr/local/sbin", groups="root staff"
    ),
    *protected("8.1.4.2-f 8.1.4.7-b", 0o755, "/var/lib /var/cache /var/spool /run"),
    *protected("8.1.4.3-c 8.1.3.5-c", 0o2755, "/var/log", groups="root adm syslog"),
    *protected("8.1.4.3-c 8.1.3.5-c", 0o664, "/var/log/wtmp /var/log/lastlog", groups="utmp"),
    *protected("8.1.4.3-c 8.1.4.1-c", 0o660, "/var/log/btmp", groups="utmp"),
    *protected("8.1.4.3-c", 0o755, "/var/log/apt"),
    *protected("8.1.4.3-c", 0o644, "/var/log/dpkg.log", groups="root adm"),
)
"""What only root may change, and what only root may read. CIS Debian 12 2.4, 5.1, 7.1; ANSSI BP-028 R50."""


@each(PROTECTED)
def test_protected(facts: HostFacts, row: Protected) -> None:
    """Only root may change what belongs to root, and others read no more than they need."""
    state = facts.files.get(row.name)
    if state is None and row.optional:
        pytest.skip("the host has no such file")
    holds(
        state is not None
        and state.user == "root"
        and state.group in row.groups
        and not state.mode & ~row.limit,
        expected=said("{row}, of root:{groups}", row=row.phrase, groups=listed(row.groups, " or ")),
        observed=state or "no such file",
        do="Correct owner and mode; find out who changed them.",
    )


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


MOUNTS = tuple(
    Item(f"{place} {option}", ("8.1.4.2-f", "8.1.4.7-b"))
    for option, places in {
        "nosuid": "/dev /dev/shm /run /proc /sys",
        "nodev": "/dev/shm /run /proc /sys",
        "noexec": "/proc /sys",
    }.items()
    for place in places.split()
)


@each(MOUNTS)
def test_mounted(facts: HostFacts, row: Item) -> None:
    """No device, foreign right or program hides where none belongs."""
    place, option = row.name.split()
    options = facts.mounts.get(place, frozenset())
    holds(
        option in options,
        expected=row.name,
        observed=options,
        do="Mount it with this option: see /etc/fstab and the mount units.",
    )


@pytest.mark.control("8.1.4.2-f", "8.1.4.7-b", "8.1.4.4-a")
def test_volumes_mounted(facts: HostFacts, target: Target) -> None:
    """The planned volumes are mounted where the plan says, with its options, and no other disk is."""
    wanted = {volume.mount: volume for volume in target.volumes}
    found = facts.disks
    strangers = [mount for path, mount in found.items() if path not in wanted]
    nothing(strangers, expected="no disk but the planned volumes", do="Unmount it; find out who mounted it.")
    wrong = {
        path: str(found.get(path, "not mounted"))
        for path, volume in wanted.items()
        if path not in found or found[path].kind != "ext4" or not set(volume.options) <= found[path].options
    }
    nothing(
        wrong,
        expected=said(
            "mounted: {volumes}",
            volumes="; ".join(f"{path} ({','.join(one.options)})" for path, one in wanted.items()),
        ),
        do="Run `govcloud deploy` for the tenant; find out who changed the mount.",
    )
