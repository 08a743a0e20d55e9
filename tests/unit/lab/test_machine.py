"""The second machine: only where it was asked for, and complete then."""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path

import pytest

from scripts.lab import catalog, clouds, config, graph, image, machine, machine_image, networks, packages
from scripts.lab.paths import Lab, Ports
from scripts.lab.service import NovaReport, Service
from stacks.request.platform import Cloud


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(cache=tmp_path, state=tmp_path / "state", ports=Ports(100))


@pytest.fixture
def both(lab: Lab) -> Lab:
    lab.state.mkdir()
    lab.own_kernel_marker.touch()
    return lab


def names(lab: Lab) -> set[str]:
    return {node.name for node in catalog.nodes(lab)}


def test_a_lab_that_was_not_asked_starts_nothing_of_it(lab: Lab) -> None:
    assert not [name for name in names(lab) if name.startswith("vm-")]


def test_a_lab_that_was_asked_starts_as_much_as_before_and_the_machine(lab: Lab, both: Lab) -> None:
    added = {node.name for node in machine.nodes(both, ("minder",))}
    assert {"vm-machine", "vm-libvirtd", "vm-nova-compute", "vm-ovn-controller"} < added
    lab.own_kernel_marker.unlink()
    before = names(lab)
    both.own_kernel_marker.touch()
    assert names(both) == before | added
    graph.check(catalog.nodes(both))


def test_each_compute_service_is_asked_for_by_its_own_machine(both: Lab) -> None:
    checks = {one.name: one.health for one in catalog.nodes(both) if isinstance(one, Service)}
    hosts = {name: check.host for name, check in checks.items() if isinstance(check, NovaReport)}
    assert hosts["nova-compute"] == config.HOSTNAME
    assert hosts["vm-nova-compute"] == machine.HOSTNAME


def test_two_chassis_share_nothing_that_must_be_their_own() -> None:
    first = networks.chassis_ids(config.HOSTNAME, networks.TUNNEL_END, networks.CHASSIS_MAC)
    second = networks.chassis_ids(machine.HOSTNAME, "192.0.2.2", machine.CHASSIS_MAC)
    own = {"system-id", "hostname", "ovn-encap-ip", "ovn-chassis-mac-mappings"}
    assert {key for key in first if first[key] != second[key]} == own


def test_no_chassis_speaks_as_a_router_on_a_network_that_is_nobody_s_gateway() -> None:
    ids = networks.chassis_ids(machine.HOSTNAME, "192.0.2.2", machine.CHASSIS_MAC)
    assert set(ids["ovn-chassis-mac-mappings"].split(",")) == {
        f"{name}:{machine.CHASSIS_MAC}" for name in (networks.VLAN_NETWORK, "services")
    }


def test_two_compute_services_share_no_folder(lab: Lab) -> None:
    config.render(lab, lab.config, config.Sources(Path("/venv"), Path("/mirror"), Path("/data")))
    found = {}
    for one in config.COMPUTES:
        found[one.name] = ConfigParser(interpolation=None, strict=False)
        found[one.name].read(lab.config / f"{one.name}.conf")
    containers, machines = found["nova"], found["nova-vm"]
    for option in ("host", "state_path", "instances_path"):
        assert containers["DEFAULT"][option] != machines["DEFAULT"][option]
    assert (containers["libvirt"]["virt_type"], machines["libvirt"]["virt_type"]) == ("lxc", "qemu")
    assert "force_config_drive" not in containers["DEFAULT"]
    for parser in found.values():
        assert parser["DEFAULT"]["default_schedule_zone"] != config.VM_ZONE


def test_its_image_is_named_only_where_it_is_needed(both: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (image, machine_image):
        monkeypatch.setattr(module, "image_file", lambda lab: lab.cache / "an-image")
    assert clouds.entry(both)["govcloud"]["image_files"] == {machine_image.NAME: str(both.cache / "an-image")}
    both.own_kernel_marker.unlink()
    assert "image_files" not in clouds.entry(both)["govcloud"]


def test_its_packages_are_installed_only_where_it_is_needed() -> None:
    assert packages.lists(own_kernel=False) == (packages.LIST,)
    assert packages.lists(own_kernel=True) == (packages.LIST, packages.OWN_KERNEL_LIST)


def test_a_zone_boots_its_own_image_and_every_other_the_common_one() -> None:
    cloud = Cloud(
        external_network="public", services_network="services", image="a", zone_images={"own-kernel": "b"}
    )
    assert [cloud.image_in(zone) for zone in (None, "nova", "own-kernel")] == ["a", "a", "b"]
    assert cloud.images == {"a", "b"}
