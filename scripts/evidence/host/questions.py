"""What is asked of a host. Every answer is plain text; no answer holds a secret (no hash, no private key)."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from scripts.access.audit_session import ACCOUNT, COMMAND, KEYS_FILE
from stacks.plan.model import Plan
from stacks.request.platform import LogService

SENDER_KEYS = "/etc/ssl/rsyslog"
"""Where a host keeps the key by which it proves itself to the log collector."""

FILES = f"""
    / /bin /sbin /lib /usr /usr/bin /usr/sbin /usr/lib /usr/local /usr/local/bin /usr/local/sbin /opt
    /etc /home /boot /boot/grub/grub.cfg /root /tmp /var /var/tmp /var/log /var/lib /var/cache
    /var/spool /run /dev/shm /etc/passwd /etc/passwd- /etc/group /etc/group- /etc/shadow /etc/shadow-
    /etc/gshadow /etc/gshadow- /etc/subuid /etc/subgid /etc/shells /etc/login.defs /etc/nsswitch.conf
    /etc/hosts /etc/hostname /etc/machine-id /etc/environment /etc/profile /etc/profile.d
    /etc/profile.d/* /etc/bash.bashrc /etc/skel /etc/security /etc/security/faillock.conf
    /etc/security/pwquality.conf /etc/security/limits.conf /etc/security/limits.d
    /etc/security/access.conf /etc/security/opasswd /etc/pam.conf /etc/pam.d /etc/pam.d/* /etc/sudo.conf
    /etc/sudoers /etc/sudoers.d /etc/sudoers.d/* {COMMAND} {KEYS_FILE} /etc/ssh /etc/ssh/sshd_config
    /etc/ssh/sshd_config.d /etc/ssh/sshd_config.d/* /etc/ssh/ssh_config /etc/ssh/moduli
    /etc/ssh/ssh_host_*_key /etc/ssh/ssh_host_*_key.pub /usr/bin/sudo /usr/bin/su /usr/bin/passwd
    /usr/sbin/sshd /usr/sbin/nft /etc/crontab /etc/cron.d /etc/cron.hourly /etc/cron.daily
    /etc/cron.weekly /etc/cron.monthly /etc/cron.allow /etc/at.allow /etc/nftables.conf /etc/ulogd.conf
    /etc/sysctl.conf /etc/sysctl.d /etc/sysctl.d/* /etc/modprobe.d /etc/modules-load.d /etc/chrony
    /etc/chrony/chrony.conf /etc/apt /etc/apt/sources.list.d /etc/apt/apt.conf.d /etc/apt/preferences.d
    /etc/apt/trusted.gpg.d /etc/apt/keyrings /etc/systemd /etc/systemd/system /etc/systemd/journald.conf
    /etc/systemd/journald.conf.d /etc/systemd/resolved.conf /etc/systemd/resolved.conf.d /etc/ld.so.conf
    /etc/ld.so.conf.d /etc/ld.so.preload /etc/logrotate.conf /etc/logrotate.d /etc/issue /etc/issue.net
    /etc/motd /etc/ssl /etc/ssl/certs /etc/ssl/private {SENDER_KEYS}
    {SENDER_KEYS}/key.pem /etc/rsyslog.conf /var/spool/rsyslog /etc/fstab /var/log/journal /var/log/wtmp
    /var/log/btmp /var/log/lastlog /var/log/apt /var/log/dpkg.log /var/log/unattended-upgrades
    /etc/audit /var/log/audit
""".replace("\n", " ")
"""Files whose owner and mode checks ask for; a file that does not exist is simply not listed."""

MODULES = "cramfs freevxfs hfs hfsplus jffs2 udf dccp sctp rds tipc usb-storage firewire-core"
"""Kernel modules that a server does not need and that have had holes (CIS Debian 12, 1.1.1 and 3.2)."""

VERIFIED = (
    "openssh-server openssh-client sudo passwd login libpam-modules libpam-runtime nftables systemd bash "
    "coreutils dash util-linux chrony nginx-core nginx-common"
)
"""Packages whose files are compared with the checksums that the package came with.

Documentation and translations are not: small images leave them out on purpose.
"""

SWEEP = (
    r"find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /run \) -prune -o "
    r"\( -type f -perm /6000 -printf 'setid %m %u:%g %p\n' \) , "
    r"\( \( -type f -o -type d ! -perm -1000 \) -perm -0002 -printf 'writable %m %u:%g %p\n' \) , "
    r"\( \( -nouser -o -nogroup \) -printf 'unowned %m %U:%G %p\n' \) , "
    r"\( -path / -printf 'root %m %u:%g %p\n' \)"
)

AUTHORIZED_KEYS = (
    "cut -d: -f1,6 /etc/passwd | while IFS=: read -r name home; do "
    'for file in "$home/.ssh/authorized_keys" "$home/.ssh/authorized_keys2"; do '
    '[ -f "$file" ] && grep -v "^[[:space:]]*\\(#\\|$\\)" "$file" | sed "s/^/$name /"; done; done; true'
)

HOMES = (
    "cut -d: -f1,6 /etc/passwd | while IFS=: read -r name home; do "
    '[ -d "$home" ] && stat -c "$name %a %U %n" "$home"; done; true'
)

CAUGHT_UP = "journalctl --sync"
"""Returns when the journal holds all that was recorded so far, which on a busy machine takes its time."""

JOURNAL = "journalctl -q --no-pager -o json --output-fields=MESSAGE,_UID,SYSLOG_IDENTIFIER"
"""Reads records with nothing but what checks look at."""

ANCESTORS = (
    "ancestors=; pid=$$; while [ $pid -gt 1 ]; do "
    'ancestors="$ancestors _PID=$pid"; pid=$(($(ps -o ppid= -p $pid))); done'
)
"""Sets `ancestors` to what started this question: one of it is sshd's process of the audit's own session."""

WEB_ROOTS = (
    "roots=$(nginx -T 2>/dev/null | "
    r"sed -n 's/^[[:space:]]*root[[:space:]]\+\([^;]*\);.*/\1/p' | sort -u); "
    '[ -n "$roots" ] || exit 1; '
)
"""Sets `roots` to the folders that the web server serves."""

QUESTIONS: Mapping[str, str] = {
    "os_release": "cat /etc/os-release; echo VERSION=$(cat /etc/debian_version); echo KERNEL=$(uname -r)",
    "hostname": "uname -n",
    "virtualization": "systemd-detect-virt --container; echo $?",
    "clock": "date +%s.%N",
    "passwd": "cat /etc/passwd",
    "group": "cat /etc/group",
    "password_states": "passwd -S -a",
    "authorized_keys": AUTHORIZED_KEYS,
    "homes": HOMES,
    "auditor_keys": f"cat {KEYS_FILE}",
    "audit_script": f"sha256sum {COMMAND}",
    "pam": r"cd /etc/pam.d && grep -H -v '^[[:space:]]*\(#\|$\)' *",
    "trust_files": (
        "ls /etc/hosts.equiv /etc/shosts.equiv /root/.rhosts /root/.shosts /home/*/.rhosts /home/*/.shosts "
        "/home/*/.netrc /root/.netrc 2>/dev/null; echo end"
    ),
    "search_path": "runuser -l root -c 'echo $PATH'",
    "notices": "cd /etc && grep -H . issue issue.net motd",
    "coredump": "systemd-analyze cat-config systemd/coredump.conf; cat /proc/sys/kernel/core_pattern",
    "faillock": "cat /etc/security/faillock.conf",
    "pwquality": "cd /etc/security && cat pwquality.conf pwquality.conf.d/*.conf 2>/dev/null; true",
    "login_defs": "cat /etc/login.defs",
    "sudoers": "cvtsudoers -e -f json /etc/sudoers",
    "ruleset": "nft -j list ruleset",
    "boot_ruleset": "unshare -n -- sh -c 'nft -f /etc/nftables.conf && nft -j list ruleset'",
    "listeners": "ss -H -l -n -t -u -p",
    "addresses": "ip -j address",
    "routes": "ip -j -4 route",
    "routes6": "ip -j -6 route",
    "resolvers": "cat /run/systemd/resolve/resolv.conf 2>/dev/null || cat /etc/resolv.conf",
    "packages": "dpkg-query -W -f '${db:Status-Status} ${Package} ${Version}\\n'",
    "apt_sources": (
        "apt-get indextargets --no-release-info --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages'"
    ),
    "apt_files": "cd /etc/apt && grep -H -v '^ *#' sources.list sources.list.d/* 2>/dev/null; true",
    "apt_config": "apt-config dump",
    "apt_age": (
        "stat -c %Y /var/lib/apt/lists /var/lib/apt/lists/partial "
        "/var/lib/apt/periodic/update-success-stamp 2>/dev/null; true"
    ),
    "upgrades": "apt-get -s -q -o Debug::NoLocking=1 dist-upgrade",
    "verify": (
        f"dpkg -V $(dpkg-query -W -f '${{Package}}\\n' {VERIFIED} 2>/dev/null) | "
        r"grep -v ' /usr/share/\(doc\|man\|locale\|info\|i18n\)\(/\|$\)'; echo end"
    ),
    "unit_files": "systemctl list-unit-files -o json --no-pager",
    "units": "systemctl list-units --all -o json --no-pager --type=service,socket,timer",
    "integrity_base": "stat -c '%s %Y' /var/lib/aide/aide.db",
    "integrity_runs": (
        f"{CAUGHT_UP}; {JOURNAL},JOB_RESULT -n 1 UNIT=integrity.service JOB_TYPE=start; echo end"
    ),
    "integrity_settings": (
        "cat /etc/aide/aide.conf; systemctl cat --no-pager integrity.service integrity.timer"
    ),
    "time_tracking": "chronyc -n -c tracking",
    "time_sources": "chronyc -n -c sources",
    "journald": "systemd-analyze cat-config systemd/journald.conf",
    "journal_files": "find /var/log/journal -name '*.journal' -printf '%m %u %p\\n'",
    "log_sender": "cat /etc/rsyslog.conf",
    "login_records": (
        f"{ANCESTORS}; {CAUGHT_UP}; "
        f"{JOURNAL} -b -n 5 -t sshd -t sshd-session -g 'Accepted publickey for {ACCOUNT}' $ancestors"
    ),
    "sudo_records": f"{CAUGHT_UP}; {JOURNAL} -n 5 -t sudo -g '{ACCOUNT} :.*COMMAND='",
    "files": f"stat -c '%a %U %G %n' {FILES} 2>/dev/null; true",
    "host_keys": "for file in /etc/ssh/ssh_host_*_key; do echo $file $(ssh-keygen -lf $file.pub); done",
    "sweep": SWEEP,
    "sysctl": "sysctl -a 2>/dev/null; true",
    "mounts": "cat /proc/mounts",
    "modules": f"for m in {MODULES}; do echo $m $(modprobe -n -v $m 2>&1 | tail -n 1); done",
    "audit_status": "auditctl -s",
    "audit_rules": "auditctl -l",
    "command_line": "tr ' ' '\\n' </proc/cmdline",
    "apparmor": "cat /sys/module/apparmor/parameters/enabled",
    "web_config": "nginx -T 2>/dev/null",
    "web_processes": "ps -C nginx -o user=,args=",
    "web_confinement": "ps -C nginx -o label=",
    "web_content": f"{WEB_ROOTS} find $roots -printf '%y %m %u %p\\n'",
    "web_records": "tail -n 200 /var/log/nginx/modsecurity.log",
    "web_requests": "tail -n 200 /var/log/nginx/access.log",
    "web_writable": f"{WEB_ROOTS} runuser -u www-data -- find $roots -writable ! -type l; echo end",
}


@dataclass(frozen=True)
class Subject:
    """What questions need to know of the host.

    Attributes:
        login: the account that operators use.
        bastion: the address that they come from.
        canary: an address that the host may reach, on other ports than the canary's.
        collector: where records are collected, if anywhere.
    """

    login: str
    bastion: str
    canary: str
    collector: LogService | None

    @classmethod
    def of(cls, plan: Plan) -> Subject:
        """What the plan says of every host alike."""
        platform = plan.platform
        return cls(
            login=platform.platform.cloud.image_user,
            bastion=str(platform.management.bastion),
            canary=str(platform.platform.core_services.time),
            collector=platform.platform.core_services.log,
        )


DROPS = """
begun=$(date +%s)
{canary} >/dev/null
for _ in 1 2 3 4 5 6 7 8 9 10; do
  sleep 0.5
  {caught_up}
  found=$(journalctl -q --no-pager -o cat -n 300 --since "@$begun" -t ulogd -g drop-)
  case "$found" in *DPT={port}*) break ;; esac
done
echo "$found"
echo end
"""
"""What the firewall refused since the canary was sent; the kernel hands its records on once a second."""

DELIVERY = r"""
taken() {
  ss -HOntip state established dst $where |
    sed -n '/"rsyslogd"/s/.*bytes_acked:\([0-9]*\).*/\1/p' | head -n 1 | grep . || echo -
}
before=$(taken)
logger -t govcloud-audit -p authpriv.info 'Is this record taken?'
for _ in $(seq 60); do
  after=$(taken)
  [ "$after" = "$before" ] || [ "$after" = - ] || break
  sleep 0.25
done
echo "before=$before after=$after"
"""
"""Bytes that the collector at `where` acknowledged on rsyslog's session, before and after a new record."""

MARK = ": govcloud-audit"
"""A command that does nothing, typed into an interactive shell to see whether it is recorded."""

CANARY_PORT = 33434
OUTSIDE = "192.0.2.1"
"""An address of the Internet's documentation range (RFC 5737); stands for the world."""


def questions_for(subject: Subject) -> dict[str, str]:
    """All questions for one host."""
    session = 'umask; echo "TMOUT=$TMOUT"; readonly -p | grep -c TMOUT; ulimit -H -c'
    typed = f"runuser -l {subject.login} -c 'HISTFILE= bash -i'"
    return {
        **QUESTIONS,
        "sshd": _sshd(subject.login, subject.bastion),
        "sshd_auditor": _sshd(ACCOUNT, subject.bastion),
        "session": f"runuser -l {subject.login} -c {shlex.quote(session)}; true",
        "commands": (
            f'now=$(date +%s%N); echo "{MARK} $now" | {typed} >/dev/null 2>&1; {CAUGHT_UP}; '
            f'{JOURNAL} -t command -g "govcloud-audit $now"; echo end'
        ),
        "canary_near": _canary(subject.canary),
        "canary_outside": _canary(OUTSIDE),
        **(_log(subject.collector) if subject.collector else {}),
        "drops": DROPS.format(canary=_datagram(subject.canary), caught_up=CAUGHT_UP, port=CANARY_PORT),
    }


def _sshd(user: str, bastion: str) -> str:
    return f"sshd -T -C user={user},host=bastion,addr={bastion},laddr=0.0.0.0,lport=22"


def _log(collector: LogService) -> dict[str, str]:
    """Questions about the way to the collector: who answers there, and whether a new record is taken."""
    where, keys = f"{collector.address}:{collector.port}", SENDER_KEYS
    return {
        # An emulated host takes seven seconds of a processor for a handshake.
        "log_handshake": (
            f"cd {keys} && timeout 60 openssl s_client -brief -connect {where} -purpose sslserver "
            f"-CAfile authority.pem -cert certificate.pem -key key.pem -verify_return_error "
            f"-verify_hostname {collector.name} </dev/null 2>&1; echo end"
        ),
        "log_delivery": f"where={where}\n{DELIVERY}",
    }


def _canary(address: str) -> str:
    """One datagram; the kernel says at once when its own firewall or routing refuses it."""
    return f"{_datagram(address)} || true; echo end"


def _datagram(address: str) -> str:
    attempt = shlex.quote(f"echo govcloud-audit > /dev/udp/{address}/{CANARY_PORT}")
    return f"bash -c {attempt} 2>&1"
