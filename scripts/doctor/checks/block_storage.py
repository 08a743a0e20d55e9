"""Block storage, and the volume types that classifications name."""

from __future__ import annotations

from collections.abc import Mapping

from openstack.connection import Connection
from openstack.exceptions import NotFoundException

from scripts.doctor.check import Check, Examination, Finding, Severity, missing, ok
from stacks.request.model.handling import Handling

ORDER = 136
NAMES = frozenset({"block-storage", "block-store", "volume", "volumev2", "volumev3"})
"""What catalogs have called it so far (OpenStack service types authority)."""


def _probe(examination: Examination) -> Finding:
    platform = examination.plan.platform.platform
    if not platform.cloud.block_storage:
        return ok("the platform builds without it")
    if not has_block_storage(examination.cloud):
        return missing(
            "the catalog has no block storage, and platform.yaml says that the cloud has it",
            "Ask the operators of the cloud for Cinder, or set `cloud.block_storage: false`: tenants then "
            "have no quota of volumes.",
        )
    handlings = {str(name): handling for name, handling in platform.classifications.items()}
    return judged(handlings, _types(examination.cloud))


def has_block_storage(cloud: Connection) -> bool:
    """Whether the cloud's catalog has Cinder."""
    return any(service["type"] in NAMES for service in cloud.service_catalog)


def _types(cloud: Connection) -> dict[str, bool]:
    """Every volume type, and whether the cloud encrypts its volumes."""
    return {item.name: _encrypted(cloud, item.id) for item in cloud.block_storage.types()}


def _encrypted(cloud: Connection, volume_type: str) -> bool:
    try:
        return bool(cloud.block_storage.get_type_encryption(volume_type).provider)
    except NotFoundException:
        return False


def judged(wanted: Mapping[str, Handling], there: Mapping[str, bool]) -> Finding:
    """Whether the volume type of every classification is there, and encrypted where it must be.

    Args:
        wanted: how data of each classification is kept.
        there: the cloud's volume types, and whether each is encrypted.
    """
    named = {name: item for name, item in wanted.items() if item.volume_type is not None}
    absent = [
        f"{item.volume_type} (for {name} data)"
        for name, item in named.items()
        if item.volume_type not in there
    ]
    if absent:
        return missing(
            f"no volume type {', '.join(absent)}; there are: {', '.join(sorted(there)) or 'none'}",
            "Make it (`openstack volume type create …`), or correct `classifications` in platform.yaml.",
        )
    plain = [
        f"{item.volume_type} (for {name} data)"
        for name, item in named.items()
        if item.encrypted_volumes and not there[str(item.volume_type)]
    ]
    if plain:
        return missing(
            f"the cloud does not encrypt the volume type {', '.join(plain)}",
            "Make a type with `--encryption-provider luks`, which needs a key manager, and name it; without "
            "`encrypted_volumes` the landing zone says nothing of encryption.",
        )
    words = ", ".join(f"{item.volume_type} for {name} data" for name, item in named.items())
    return ok(words or "no classification names a volume type")


CHECK = Check(
    id="block-storage",
    title="block storage and volume types",
    needed_for="quotas of volumes, and volumes as the classification wants them",
    severity=Severity.REQUIRED,
    probe=_probe,
)
