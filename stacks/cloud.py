"""The `clouds.yaml` entry of the deployment, and this project's own keys in it.

An entry may carry a mapping `govcloud` (ignored by every other client) with `proxy`, the SOCKS5 proxy
behind which floating IPs are reached from this machine, and `image_file`, the image that the platform
stack uploads; `image_files` has the files of further images, by their names. All are absent for a cloud
that is reached directly and has its images.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from stacks.errors import CloudError


@dataclass(frozen=True)
class CloudAccess:
    """How this machine reaches the cloud.

    Attributes:
        proxy: `socks5h://host:port`, or `None` where floating IPs are reached directly.
        certificates: the entry's `cacert`, a file; empty for the system's authorities.
        image_file: raw image that the platform stack uploads, or `None` to use the cloud's own.
        image_files: the same for images of single availability zones, raw or qcow2, by the image's name.
    """

    name: str
    proxy: str | None
    certificates: str
    image_file: Path | None
    image_files: Mapping[str, Path] = field(default_factory=dict)

    @property
    def proxy_endpoint(self) -> str | None:
        """`host:port` of the proxy."""
        return urlsplit(self.proxy).netloc if self.proxy else None


@lru_cache
def cloud_access(name: str) -> CloudAccess:
    """Read the entry `name` of clouds.yaml.

    Raises:
        CloudError: there is no such entry, or a file with entries is not YAML.
    """
    # openstacksdk takes longer to import than a whole stack without changes; only the platform's needs it.
    from openstack.config import OpenStackConfig  # noqa: PLC0415

    config = OpenStackConfig()
    clouds = config.cloud_config.get("clouds", {})
    if name not in clouds:
        # openstacksdk takes a file that is not YAML for one without entries; the first that is there counts.
        for file in [path for path in map(Path, config._config_files) if path.exists()][:1]:
            _check_yaml(file)
        files = ", ".join(str(Path(file)) for file in config._config_files)
        raise CloudError(
            f"cloud {name!r} is in none of the clouds.yaml files; known: {', '.join(clouds) or 'none'}.",
            f"Run `govcloud lab up` for the lab, or write the entry (searched: {files}) and set OS_CLOUD.",
        )
    return access_of(name, clouds[name])


def _check_yaml(file: Path) -> None:
    try:
        yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.MarkedYAMLError as error:
        # Without the line itself, which the error quotes: it may be the one with the password.
        place = (
            f":{error.problem_mark.line + 1}:{error.problem_mark.column + 1}" if error.problem_mark else ""
        )
        raise CloudError(f"{file}{place} is not YAML: {error.problem}.", "Correct it.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CloudError(f"{file} is not YAML: {error}.", "Write it anew, in UTF-8.") from error


def access_of(name: str, entry: object) -> CloudAccess:
    """What an entry of clouds.yaml says.

    Raises:
        CloudError: it is not a mapping.
    """
    if not isinstance(entry, dict):
        raise CloudError(f"the entry {name!r} of clouds.yaml is not a mapping.", "Correct it.")
    own = entry.get("govcloud") or {}
    file = own.get("image_file")
    return CloudAccess(
        name=name,
        proxy=own.get("proxy"),
        certificates=str(entry.get("cacert") or ""),
        image_file=Path(file) if file else None,
        image_files={name: Path(other) for name, other in (own.get("image_files") or {}).items()},
    )
