"""The requests as they stood at a Git revision."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stacks.errors import RequestError
from stacks.language import say


@contextmanager
def requests_at(folder: Path, revision: str) -> Iterator[Path]:
    """A copy of the folder of requests as it was; removed at the end.

    Raises:
        RequestError: the folder is in no Git repository, or the revision or the folder in it is unknown.
    """
    commit = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        raise RequestError(
            say("plan.no-revision", revision=revision, folder=folder), say("plan.name-revision")
        )
    archive = _git(folder, "archive", "--format=tar", commit.decode().strip(), ".")
    if archive is None:
        raise RequestError(
            say("plan.no-folder-then", folder=folder, revision=revision), say("plan.later-revision")
        )
    with tempfile.TemporaryDirectory(prefix="govcloud-") as name:
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            for member in files:
                content = files.extractfile(member)  # None for folders and links, which hold no request.
                if content is not None:
                    path = Path(name) / member.name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(content.read())
        yield Path(name)


def _git(folder: Path, *arguments: str) -> bytes | None:
    """What git prints; nothing where it fails."""
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    except FileNotFoundError as error:
        raise RequestError(say("plan.no-git"), say("plan.install-git")) from error
    return done.stdout if done.returncode == 0 else None
