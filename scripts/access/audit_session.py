"""What the auditor's account is on every host: one key, one session, one command."""

from __future__ import annotations

ACCOUNT = "auditor"
"""The account on every host."""

COMMAND = "/usr/local/sbin/govcloud-audit"
"""The one script that it may run as root, without arguments; the role `auditor` installs it."""

KEYS_FILE = "/etc/ssh/auditor_keys"
"""Where hosts keep its public key: out of its own reach."""

QUESTION = "audit"
"""The one word that a host answers."""

SESSION = (
    f'[ "$SSH_ORIGINAL_COMMAND" = {QUESTION} ] && exec sudo -n {COMMAND}; '
    "echo This account reads: it has no shell and runs no command. >&2; exit 126"
)
"""What sshd runs in place of whatever the auditor asks for."""
