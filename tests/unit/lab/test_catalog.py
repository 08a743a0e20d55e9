"""The description of the lab's services holds together."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.lab import catalog, config, graph
from scripts.lab.paths import HERE, Lab, Ports
from scripts.lab.service import CinderReport, Consumer, Http, NovaReport, Running, Service, Tcp

LAB = Lab(cache=Path("/cache"), state=Path("/cache/state"), ports=Ports(7))
NODES = catalog.nodes(LAB)
SERVICES = {node.name: node for node in NODES if isinstance(node, Service)}


def test_the_graph_can_finish() -> None:
    graph.check(NODES)


@pytest.mark.parametrize("app", config.wsgi_apps(LAB), ids=lambda app: app.name)
def test_every_api_is_asked_over_http_where_it_listens(app: config.WsgiApp) -> None:
    assert SERVICES[app.name].health == Http(app.port)


def test_no_password_is_on_a_command_line(tmp_path: Path) -> None:
    lab = Lab(cache=tmp_path, state=tmp_path, ports=Ports())
    secrets = config.credentials(lab).values()
    for node in catalog.nodes(lab):
        if isinstance(node, Service):
            words = " ".join((*node.argv, *node.env.values()))
            assert not [secret for secret in secrets if secret in words], node.name


def test_only_the_forwarders_live_in_the_machine_s_network() -> None:
    assert [name for name, service in SERVICES.items() if service.netns == "machine"] == ["forwarders"]
    assert SERVICES["forwarders"].health == Tcp(LAB.ports.keystone, network="machine")


def test_a_worker_is_ready_when_it_listens_and_healthy_when_it_reports() -> None:
    conductor = SERVICES["nova-conductor"]
    assert isinstance(conductor.health, NovaReport)
    assert conductor.ready == Consumer("conductor")
    assert "nova-conductor" in SERVICES["nova-compute"].needs
    assert SERVICES["minder"].ready == Running()


def test_volumes_are_there_before_the_hosts_that_look_for_theirs() -> None:
    volumes = SERVICES["cinder-volume"]
    assert isinstance(volumes.health, CinderReport)
    assert volumes.ready == Consumer("cinder-volume.labhost@files")
    assert "cinder-volume" in SERVICES["nova-compute"].needs


def test_ports_of_two_labs_do_not_meet() -> None:
    assert not set(Ports().forwarded.values()) & set(Ports(1000).forwarded.values())


def test_no_list_names_a_server_of_packages() -> None:
    for name in ("requirements.lock", "requirements.in", "packages.txt", "mirror-packages.txt"):
        assert "://" not in (HERE / name).read_text(), name
