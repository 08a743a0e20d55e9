"""Remote administration: what sshd enforces for the operators' account, as `sshd -T` tells.

Sources: GB/T 22239-2019 8.1.4.1; CIS Debian Linux 12 Benchmark 5.1; ANSSI NT-007 (OpenSSH).
"""

from __future__ import annotations

import pytest

from scripts.access.audit_session import ACCOUNT
from scripts.evidence.finding import equal, holds, nothing, within, words
from scripts.evidence.host.facts import HostFacts
from scripts.evidence.said import said
from scripts.evidence.setting import Setting, between, exactly
from scripts.evidence.target import Target
from tests.audit.rows import each, judge

SET = "Set {setting} in /etc/ssh/sshd_config.d, and reload ssh.service."

CIPHERS = words(
    """
    chacha20-poly1305@openssh.com aes256-gcm@openssh.com aes128-gcm@openssh.com aes256-ctr aes192-ctr
    aes128-ctr
    """
)
MACS = words("hmac-sha2-512-etm@openssh.com hmac-sha2-256-etm@openssh.com umac-128-etm@openssh.com")
KEY_EXCHANGES = words(
    """
    mlkem768x25519-sha256 sntrup761x25519-sha512 sntrup761x25519-sha512@openssh.com curve25519-sha256
    curve25519-sha256@libssh.org ecdh-sha2-nistp384 ecdh-sha2-nistp521 diffie-hellman-group16-sha512
    diffie-hellman-group18-sha512
    """
)
SIGNATURES = words(
    """
    ssh-ed25519 ssh-ed25519-cert-v01@openssh.com sk-ssh-ed25519@openssh.com
    sk-ssh-ed25519-cert-v01@openssh.com rsa-sha2-512 rsa-sha2-512-cert-v01@openssh.com rsa-sha2-256
    rsa-sha2-256-cert-v01@openssh.com
    """
)
IDLE_SECONDS = 900

SETTINGS = (
    *exactly("8.1.4.2-b 8.1.4.2-d", permitrootlogin="no"),
    *exactly("8.1.4.1-a 8.1.4.1-d", passwordauthentication="no", kbdinteractiveauthentication="no"),
    *exactly("8.1.4.1-a", permitemptypasswords="no"),
    *exactly("8.1.4.1-d 8.2.4.1-a", authenticationmethods="publickey", pubkeyauthentication="yes"),
    *exactly("8.1.4.1-d", hostbasedauthentication="no", ignorerhosts="yes", kerberosauthentication="no"),
    *exactly("8.1.4.1-d", gssapiauthentication="no", gssapikeyexchange="no", trustedusercakeys="none"),
    *exactly("8.1.4.1-d 8.1.4.2-c", authorizedkeyscommand="none", authorizedprincipalsfile="none"),
    *exactly("8.1.4.1-b 8.1.4.2-f", usepam="yes"),
    *between("8.1.4.1-b", 1, 4, "maxauthtries"),
    *between("8.1.4.1-b", 1, 60, "logingracetime"),
    *between("8.1.4.1-b", 1, 10, "maxsessions"),
    *between("8.2.4.1-a 8.1.4.1-d", 3072, None, "requiredrsasize"),
    *exactly("8.1.4.4-b 8.1.3.1-a", allowstreamlocalforwarding="no", gatewayports="no", permittunnel="no"),
    *exactly("8.1.4.4-b 8.1.4.1-c", allowagentforwarding="no", x11forwarding="no"),
    *exactly("8.1.3.1-a 8.1.4.4-b", addressfamily="inet"),
    *exactly("8.1.4.2-e", permituserenvironment="no"),
    *exactly("8.1.4.2-f", strictmodes="yes"),
    *exactly("8.1.4.3-a 8.1.4.3-b", loglevel="VERBOSE", syslogfacility="AUTH|AUTHPRIV"),
    *exactly("8.1.4.3-b", fingerprinthash="SHA256", usedns="no"),
    *exactly("8.1.4.1-b", banner="/etc/issue.net", printlastlog="yes"),
    *exactly("8.1.4.1-c", compression="no", tcpkeepalive="no"),
)
"""Keys are as `sshd -T` writes them."""


def setting(facts: HostFacts, name: str, expected: str) -> None:
    """One setting of sshd has one value."""
    equal(facts.sshd.get(name), expected, do=said(SET, setting=f"{name} {expected}"))


def algorithms(facts: HostFacts, name: str, allowed: frozenset[str]) -> None:
    """A list of algorithms holds only strong ones."""
    offered = [item for item in facts.sshd.get(name, "").split(",") if item]
    within(
        offered,
        allowed,
        what="algorithms",
        do=said("Remove the others from {name} in /etc/ssh/sshd_config.d.", name=name),
    )


@each(SETTINGS)
def test_setting(facts: HostFacts, row: Setting) -> None:
    """SSH for operators works as it must."""
    judge(row, facts.sshd.get(row.name), do=said(SET, setting=row.phrase))


@pytest.mark.control("8.1.4.1-b")
def test_idle_sessions_closed(facts: HostFacts) -> None:
    """A session whose client is gone is closed within 15 minutes."""
    interval = int(facts.sshd.get("clientaliveinterval", "0"))
    count = int(facts.sshd.get("clientalivecountmax", "0"))
    holds(
        0 < interval * count <= IDLE_SECONDS,
        expected=said(
            "ClientAliveInterval times ClientAliveCountMax between 1 and {seconds} seconds",
            seconds=IDLE_SECONDS,
        ),
        observed=f"{interval} * {count}",
        do=said(SET, setting="ClientAliveInterval 300, ClientAliveCountMax 2"),
    )


@pytest.mark.control("8.1.4.1-b")
def test_unauthenticated_connections_limited(facts: HostFacts) -> None:
    """The number of connections that have not logged in is limited."""
    full = int(facts.sshd.get("maxstartups", "999").rpartition(":")[2])
    holds(
        full <= 100,
        expected="at most 100 by MaxStartups",
        observed=full,
        do=said(SET, setting="MaxStartups 10:30:60"),
    )


@pytest.mark.control("8.1.4.1-c", "8.1.4.8-a", "8.1.5.4-b")
def test_ciphers_strong(facts: HostFacts) -> None:
    """SSH encrypts with strong ciphers only."""
    algorithms(facts, "ciphers", CIPHERS)


@pytest.mark.control("8.1.4.1-c", "8.1.4.7-a", "8.1.5.4-b")
def test_macs_strong(facts: HostFacts) -> None:
    """SSH protects integrity with strong codes only."""
    algorithms(facts, "macs", MACS)


@pytest.mark.control("8.1.4.1-c", "8.1.4.8-a")
def test_key_exchanges_strong(facts: HostFacts) -> None:
    """SSH agrees on keys by strong methods only."""
    algorithms(facts, "kexalgorithms", KEY_EXCHANGES)


@pytest.mark.control("8.2.4.1-a", "8.1.4.1-c")
def test_host_keys_strong(facts: HostFacts) -> None:
    """The host proves itself by strong signatures only."""
    algorithms(facts, "hostkeyalgorithms", SIGNATURES)


@pytest.mark.control("8.2.4.1-a", "8.1.4.1-d")
def test_user_keys_strong(facts: HostFacts) -> None:
    """Users prove themselves by strong signatures only."""
    algorithms(facts, "pubkeyacceptedalgorithms", SIGNATURES)


@pytest.mark.control("8.1.4.2-a", "8.1.4.2-c", "8.1.5.1-a")
def test_only_operators_log_in(facts: HostFacts, login: str) -> None:
    """SSH lets in the operators' account and the auditor's, and no other."""
    allowed = set(facts.sshd.get("allowusers", "").split())
    equal(allowed, {login, ACCOUNT}, do=said(SET, setting=f"AllowUsers {login} {ACCOUNT}"))


@pytest.mark.control("8.1.4.4-b", "8.1.3.1-a")
def test_forwarding_closed(facts: HostFacts, target: Target) -> None:
    """SSH forwards no port; only the bastion passes connections on, and only outwards."""
    setting(facts, "allowtcpforwarding", "local" if target.is_bastion else "no")


@pytest.mark.control("8.2.4.1-a", "8.1.4.7-a")
def test_host_key_sizes(facts: HostFacts) -> None:
    """The host's keys are long enough and of a strong kind."""
    served = facts.sshd.get("hostkey", "").split()
    holds(bool(served), expected="host keys", observed="none", do="Run ssh-keygen -A.")
    weak = [key for key in served if not facts.host_keys[key].strong]
    nothing(
        weak,
        expected="RSA of 3072 bits, ECDSA of 384 bits, or Ed25519",
        do="Make new host keys and name them by HostKey.",
    )


@pytest.mark.control("8.1.4.1-d", "8.1.4.2-c")
def test_only_operator_keys(facts: HostFacts, operator_keys: frozenset[str], login: str) -> None:
    """Only the operators' keys open the operators' account, and no account beside it has keys."""
    equal(
        facts.sshd.get("authorizedkeysfile"),
        ".ssh/authorized_keys .ssh/authorized_keys2",
        do="Remove AuthorizedKeysFile from sshd's settings: the audit reads the standard files.",
    )
    accepted = facts.authorized_keys
    surplus = {
        f"{name}: …{key[-12:]}"
        for name, keys in accepted.items()
        for key in keys
        if name != login or key not in operator_keys
    }
    nothing(
        surplus,
        expected=said("no key but the operators', for {login} alone", login=login),
        do="Remove the surplus keys from authorized_keys, and find out whose they are.",
    )
    equal(
        len(accepted.get(login, ())),
        len(operator_keys),
        do="The operators' key is missing: run `govcloud deploy`.",
    )
