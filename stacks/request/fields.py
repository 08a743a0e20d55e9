"""Field types that the request and the platform file share."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

OFFERED = "x-offered"
"""Key of a field's schema: the list of the platform file that its values come from."""

NAME = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
HOSTNAME = r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$"
EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
FLOW_END = r"^[a-z0-9-]+(/[a-z0-9-]+)?$"
MONTH_DAY = r"^[0-9]{2}-[0-9]{2}$"
GROUP = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
MOUNT = r"^/(data|srv)(/[a-z0-9][a-z0-9._-]*)+$"
SHA512 = r"^[0-9a-f]{128}$"

SHARED = "shared"
"""What stands for the tenant in `shared/<name>`, the end of a flow that is a shared service."""

MAX_PORT = 65535

RANGE = re.compile(r"^[0-9]{1,5}-[0-9]{1,5}$")
"""A range of ports as it is written."""

PATTERNS = {
    NAME: "GC051",
    HOSTNAME: "GC052",
    EMAIL: "GC053",
    FLOW_END: "GC054",
    MONTH_DAY: "GC062",
    GROUP: "GC063",
    MOUNT: "GC185",
    SHA512: "GC191",
}
"""Every pattern of a request, and the code of a text that does not follow it."""


def _ports(value: object) -> tuple[int, int]:
    first, _, last = str(value).partition("-")
    if RANGE.fullmatch(f"{first}-{last or first}") and 1 <= int(first) <= int(last or first) <= MAX_PORT:
        return int(first), int(last or first)
    raise PydanticCustomError("GC066", "neither a port nor a range of ports")


def _written(ports: tuple[int, int]) -> int | str:
    """The ports as the file writes them."""
    first, last = ports
    return first if first == last else f"{first}-{last}"


Name = Annotated[str, StringConstraints(pattern=NAME, max_length=24)]
"""A short name: lower-case letters, digits and single hyphens, at most 24 characters."""

TenantId = Annotated[str, StringConstraints(pattern=NAME, max_length=32)]
"""The immutable id of a tenant: like `Name`, at most 32 characters (it prefixes every resource's name)."""

Hostname = Annotated[str, StringConstraints(pattern=HOSTNAME, max_length=253)]
"""A fully qualified host name in lower case (RFC 1123)."""

Email = Annotated[str, StringConstraints(pattern=EMAIL, max_length=254)]
"""An e-mail address."""

FlowEnd = Annotated[str, StringConstraints(pattern=FLOW_END, max_length=57)]
"""`segment` of the tenant that writes it, `tenant/segment`, or `shared/name`."""

GroupName = Annotated[str, StringConstraints(pattern=GROUP, max_length=64)]
"""A group of the directory, by its name there."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""A line for people."""

Label = Annotated[str, StringConstraints(min_length=1, max_length=100)]
"""A name that somebody else gave: whatever the cloud or its operator allows."""

Checksum = Annotated[str, StringConstraints(pattern=SHA512)]
"""A SHA-512 as `sha512sum` and Glance write it: the audit compares the texts, so capitals would never fit."""

Port = Annotated[int, Field(ge=1, le=MAX_PORT, strict=True)]
"""A TCP or UDP port."""

Environment = Literal["production", "staging", "development"]
"""What a tenant is for."""

MlpsLevel = Annotated[int, Field(ge=1, le=4, strict=True)]
"""Protection level by MLPS 2.0 (GB/T 22239-2019)."""

Ports = Annotated[
    tuple[int, int],
    BeforeValidator(_ports),
    PlainSerializer(_written),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": MAX_PORT},
                {"type": "string", "pattern": RANGE.pattern},
            ]
        }
    ),
]
"""A port such as `5060`, or a range with both its ends such as `10000-10199`; its first and last port."""

Limit = Literal[
    "instances",
    "cores",
    "memory",
    "networks",
    "routers",
    "ports",
    "floating_ips",
    "security_groups",
    "security_group_rules",
    "volumes",
    "volume_storage",
]
"""A limit of a quota class."""

Count = Annotated[int, Field(ge=0, strict=True)]


def example(value: Any) -> Any:  # noqa: ANN401  a field takes any value, and `Field` returns any
    """A value that the reference page shows for a field."""
    return Field(examples=[value])


def offered(kind: str, value: str) -> Any:  # noqa: ANN401  as above
    """A name out of one of the platform file's lists; editors offer what stands there. With an example."""
    return Field(examples=[value], json_schema_extra={OFFERED: kind})


def _network(value: object) -> IPv4Network:
    try:
        return IPv4Network(str(value))
    except ValueError as error:
        raise PydanticCustomError("GC055", "{reason}", {"reason": str(error)}) from error


def _address(value: object) -> IPv4Address:
    try:
        return IPv4Address(str(value))
    except ValueError as error:
        raise PydanticCustomError("GC056", "{reason}", {"reason": str(error)}) from error


def _day(value: object) -> date:
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", str(value)):
            return date.fromisoformat(str(value))
    except ValueError as error:
        raise PydanticCustomError("GC058", "no such day") from error
    raise PydanticCustomError("GC058", "not written as a day")


def _month_day(value: str) -> str:
    try:
        date.fromisoformat(f"2028-{value}")  # a leap year: a season may begin on 02-29
    except ValueError as error:
        raise PydanticCustomError("GC062", "no such day") from error
    return value


Day = Annotated[date, BeforeValidator(_day)]
"""A day of the calendar, ISO 8601."""

MonthDay = Annotated[str, StringConstraints(pattern=MONTH_DAY), AfterValidator(_month_day)]
"""A day of every year; such texts sort as the days do."""

Network = Annotated[IPv4Network, BeforeValidator(_network)]
Address = Annotated[IPv4Address, BeforeValidator(_address)]


class Side(StrEnum):
    """A side of the wall (政务外网 / 政务内网)."""

    EXTERNAL = "external"
    INTERNAL = "internal"


class Classification(StrEnum):
    """The data class that decides placement; `classified` (涉密) is refused."""

    PUBLIC = "public"
    INTERNAL = "internal"
    SENSITIVE = "sensitive"
    CLASSIFIED = "classified"

    @property
    def rank(self) -> int:
        """How sensitive, from 0."""
        return list(type(self)).index(self)


DataClass = Literal[Classification.PUBLIC, Classification.INTERNAL, Classification.SENSITIVE]
"""The classifications that this cloud may hold, from the least to the most sensitive."""


class Tier(StrEnum):
    """The level of government that the department belongs to."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    VILLAGE = "village"


class Model(BaseModel):
    """Base of every request model: frozen, and an unknown key is an error.

    What stands below a field is its meaning; the schema reads it (`schema.py`), a check does not need it.
    """

    # A model that is only a part of another needs no validator of its own: `govcloud check` starts sooner.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
