"""The seal on a folder of evidence: a list of every file's SHA-256, and a signature over that list.

Plain tools can check it, on any machine and years later: `sha256sum --check` and `ssh-keygen -Y verify`.
"""

from __future__ import annotations

import binascii
import hashlib
import re
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from stacks.errors import MachineError, RequestError
from stacks.language import say

MANIFEST, SIGNATURE, SIGNERS = "MANIFEST.sha256", "MANIFEST.sha256.sig", "allowed_signers"
NAMESPACE = "govcloud-evidence"
"""What the signature is for: one made for another purpose is refused (PROTOCOL.sshsig)."""

PRINCIPAL = "govcloud"
LINE = re.compile(r"(?P<hash>[0-9a-f]{64}) [ *](?P<path>[^\\\n]+)")
ARMOUR = (b"-----BEGIN SSH SIGNATURE-----", b"-----END SSH SIGNATURE-----")
COLUMNS = 70
"""Of the armour's lines, as `ssh-keygen` writes them."""

GOOD = re.compile(r'^Good "[^"]+" signature .* (?P<fingerprint>SHA256:\S+)$', re.MULTILINE)


@dataclass(frozen=True)
class Verdict:
    """What came of a verification.

    Attributes:
        fingerprint: of the key that signed; empty when no signature was good.
        problems: everything that is not as it was sealed; empty when nothing is wrong.
    """

    fingerprint: str
    files: int
    problems: tuple[str, ...]


def ensure_key(path: Path) -> None:
    """Make the deployment's key for evidence, where it does not exist yet."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _ssh_keygen("-q", "-t", "ed25519", "-N", "", "-C", NAMESPACE, "-f", str(path))


def fingerprint(public_key: Path) -> str:
    """The fingerprint of a public key, as `SHA256:…`."""
    return _ssh_keygen("-l", "-f", str(public_key)).split()[1]


def seal(folder: Path, key: Path) -> None:
    """Write the public key, the list and the signature into a folder that is complete."""
    kind, blob = key.with_name(f"{key.name}.pub").read_text(encoding="utf-8").split()[:2]
    signers = f'{PRINCIPAL} namespaces="{NAMESPACE}" {kind} {blob}\n'
    (folder / SIGNERS).write_text(signers, encoding="utf-8")
    (folder / MANIFEST).write_text(manifest(folder), encoding="utf-8")
    _ssh_keygen("-q", "-Y", "sign", "-f", str(key), "-n", NAMESPACE, str(folder / MANIFEST))


def manifest(folder: Path) -> str:
    """The list of every file, in the form of `sha256sum`."""
    return "".join(f"{_sha256(folder / name)}  {name}\n" for name in sorted(_files(folder)))


def verify(folder: Path, expected: str) -> Verdict:
    """Compare a folder with its seal.

    Args:
        expected: fingerprint of the key that must have signed, from a place other than the folder.

    Raises:
        RequestError: there is no sealed evidence in the folder.
    """
    missing = [name for name in (MANIFEST, SIGNATURE, SIGNERS) if not (folder / name).is_file()]
    if missing:
        raise RequestError(say("verify.unsealed", folder=folder, files=missing), say("verify.name-run"))
    signer = _signer(folder)
    problems = list(_differences(folder))
    if not signer:
        problems.insert(0, say("verify.bad-signature", file=MANIFEST))
    elif signer != expected:
        problems.insert(0, say("verify.other-signer", signer=signer, expected=expected))
    elif not _is_as_written((folder / SIGNATURE).read_bytes()):
        problems.insert(0, say("verify.rewritten", file=SIGNATURE))
    return Verdict(signer, len(_files(folder)), tuple(problems))


def _signer(folder: Path) -> str:
    """The fingerprint of the key that signed the list; empty when the signature is not good."""
    who = ["-Y", "verify", "-f", str(folder / SIGNERS), "-I", PRINCIPAL, "-n", NAMESPACE]
    done = _run([*who, "-s", str(folder / SIGNATURE)], (folder / MANIFEST).read_bytes())
    found = GOOD.search(done.stdout.decode(errors="replace"))
    return found["fingerprint"] if done.returncode == 0 and found else ""


def _is_as_written(signature: bytes) -> bool:
    """Whether a good signature is written as it was: `ssh-keygen` overlooks blanks and idle bits."""
    lines = signature.split(b"\n")
    try:
        text = b64encode(b64decode(b"".join(lines[1:-2]), validate=True))
    except binascii.Error:
        return False
    body = [text[start : start + COLUMNS] for start in range(0, len(text), COLUMNS)]
    return lines == [ARMOUR[0], *body, ARMOUR[1], b""]


def _differences(folder: Path) -> Iterator[str]:
    """Every file that is not as the list says, in words."""
    listed: dict[str, str] = {}
    for line in (folder / MANIFEST).read_text(encoding="utf-8", errors="replace").splitlines():
        found = LINE.fullmatch(line)
        if found is None or found["path"] in listed:
            yield say("verify.no-line", file=MANIFEST, line=line[:80])
        else:
            listed[found["path"]] = found["hash"]
    present = _files(folder)
    for name in sorted(listed.keys() | present):
        if name not in present:
            yield say("verify.missing", name=name)
        elif name not in listed:
            yield say("verify.added", name=name)
        elif (folder / name).is_symlink() or not (folder / name).is_file():
            yield say("verify.no-file", name=name)
        elif _sha256(folder / name) != listed[name]:
            yield say("verify.changed", name=name)


def _files(folder: Path) -> frozenset[str]:
    """Everything in a folder but folders, the list and its signature; a link counts, wherever it leads."""
    found = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return frozenset(path.relative_to(folder).as_posix() for path in found) - {MANIFEST, SIGNATURE}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _ssh_keygen(*arguments: str) -> str:
    done = _run(list(arguments), b"")
    if done.returncode != 0:
        reason = done.stderr.decode(errors="replace").strip()
        raise MachineError(say("verify.tool-failed", reason=reason), say("verify.tool-hint"))
    return done.stdout.decode()


def _run(arguments: list[str], given: bytes) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            ["ssh-keygen", *arguments], input=given, capture_output=True, check=False, timeout=30
        )
    except OSError as error:
        raise MachineError(say("verify.no-tool"), say("verify.install-tool")) from error
