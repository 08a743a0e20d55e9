"""The checks of volumes, against a plan that has one: on the host, and in the cloud."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scripts.evidence.cloud.facts import CloudFacts, Project, Server, Volume
from scripts.evidence.finding import Finding
from scripts.evidence.host.facts import Answer, HostFacts
from scripts.evidence.host.filesystem import disks
from stacks.plan.model import VolumePlan
from tests import wired
from tests.audit.test_files import test_volumes_mounted as check_of_host
from tests.audit.test_tenant import test_volumes_equal_plan as check_of_cloud
from tests.unit.evidence.recording import answered, recording

TENANT = wired.plan().tenant(wired.TENANT)
HOST = next(host for host in TENANT.hosts if host.volumes)
PLANNED = HOST.volumes[0]
MOUNTED = "/dev/vdb /srv/files ext4 rw,nosuid,nodev,noexec,relatime 0 0"


def facts(*lines: str) -> HostFacts:
    found = recording().facts
    text = "\n".join([found.raw("mounts").strip(), *lines]) + "\n"
    return answered(found, {"mounts": Answer(0, text, "")})


def judge_host(*lines: str, volumes: tuple[VolumePlan, ...] = (PLANNED,)) -> None:
    check_of_host(facts(*lines), replace(recording().target, volumes=volumes))


def test_a_planned_volume_is_mounted() -> None:
    judge_host(MOUNTED)
    judge_host(volumes=())


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (MOUNTED.replace(",noexec", ""),),
        (MOUNTED.replace("ext4", "vfat"),),
        (MOUNTED, MOUNTED.replace("/srv/files", "/srv/loot")),
        (MOUNTED, MOUNTED.replace("/dev/vdb", "tmpfs").replace("ext4", "tmpfs")),
    ],
    ids=["not mounted", "an option lost", "another file system", "a second disk", "something on top of it"],
)
def test_anything_else_on_the_host_is_found(lines: tuple[str, ...]) -> None:
    with pytest.raises(Finding):
        judge_host(*lines)


def test_partitions_of_the_hosts_own_disk_are_no_volumes() -> None:
    table = "/dev/vda1 / ext4 rw 0 0\n/dev/vda15 /boot/efi vfat rw 0 0\n/dev/vdb /srv/files ext4 rw 0 0\n"
    assert list(disks(table)) == ["/srv/files"]
    nvme = "/dev/nvme0n1p1 / ext4 rw 0 0\n/dev/nvme0n1p2 /var ext4 rw 0 0\n/dev/nvme1n1 /data/x ext4 rw 0 0\n"
    assert list(disks(nvme)) == ["/data/x"]


def cloud(*volumes: Volume) -> CloudFacts:
    project = Project("p", TENANT.project, enabled=True, tags=frozenset())
    server = Server("s", HOST.name, "p", "ACTIVE", "", "", "", "")
    found = recording().cloud
    return replace(found, projects=(project,), servers=(server,), volumes=volumes)


THERE = Volume(PLANNED.name, "p", PLANNED.size, str(PLANNED.type), ("s",))


def test_a_planned_volume_is_in_the_cloud() -> None:
    check_of_cloud(cloud(THERE, replace(THERE, name="of another project", project="q")), TENANT)


@pytest.mark.parametrize(
    "volumes",
    [
        (),
        (replace(THERE, size=1),),
        (replace(THERE, kind="other"),),
        (replace(THERE, servers=()),),
        (replace(THERE, servers=("s", "stranger")),),
        (THERE, replace(THERE, servers=())),
        (THERE, replace(THERE, name="loot")),
    ],
    ids=["gone", "size", "type", "detached", "on two hosts", "left over", "a stranger"],
)
def test_anything_else_in_the_cloud_is_found(volumes: tuple[Volume, ...]) -> None:
    with pytest.raises(Finding):
        check_of_cloud(cloud(*volumes), TENANT)
