"""Volumes: storage of a host beyond its flavor's disk."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from stacks.request.fields import MOUNT, Model, Name, example

MountPoint = Annotated[str, StringConstraints(pattern=MOUNT, max_length=100)]
"""A folder below `/data` or `/srv`, in lower case; the system's own folders are no place for a volume."""


class Volume(Model):
    """A volume that each host of a group has of its own; it outlives the host, and never goes silently."""

    name: Annotated[Name, example("files")]
    """Unique among the group's volumes; a volume of another name is another volume."""
    size: Annotated[int, Field(ge=1, le=16384, strict=True, examples=[50])]
    """GiB; it stays as it was made."""
    mount: Annotated[MountPoint, example("/srv/files")]
    """Where the host shows it."""
    programs: Annotated[bool, Field(strict=True)] = False
    """Whether programs may be started from it."""
