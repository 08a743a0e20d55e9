"""The services of the lab, as data: the one description that `up`, `status` and the tests read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.lab import config, machine, networks, seed, venv
from scripts.lab.config import COLLECTOR_PORT, SERVICES_ADDRESS
from scripts.lab.paths import HERE
from scripts.lab.service import (
    CinderReport,
    Http,
    NeutronReport,
    Node,
    NovaReport,
    Ntp,
    Probe,
    Running,
    Service,
    Task,
    Tcp,
    UnixSocket,
)
from stacks.settings import REPOSITORY

if TYPE_CHECKING:
    from scripts.lab.paths import Lab

_OVS = "unix:/run/openvswitch/db.sock"


def _data_services(lab: Lab) -> tuple[Node, ...]:
    rabbit_env = {
        "HOME": str(lab.config),
        "RABBITMQ_NODENAME": "rabbit@localhost",
        "RABBITMQ_CONFIG_FILE": str(lab.config / "rabbitmq.conf"),
        "RABBITMQ_MNESIA_BASE": "/run/rabbitmq/mnesia",
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_ENABLED_PLUGINS_FILE": "/run/rabbitmq/enabled_plugins",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 +sbwt none",
        "ERL_EPMD_ADDRESS": "127.0.0.1",
    }
    mariadb = ("mariadbd", f"--defaults-file={lab.config / 'my.cnf'}")
    return (
        Service("mariadb", mariadb, UnixSocket(str(config.MYSQL_SOCKET))),
        Service("rabbitmq", ("/usr/lib/rabbitmq/bin/rabbitmq-server",), Tcp(5672), env=rabbit_env),
        Service("memcached", ("memcached", "-u", "root", "-l", "127.0.0.1", "-m", "32"), Tcp(11211)),
    )


def _network_services(lab: Lab) -> tuple[Node, ...]:
    def ovsdb(name: str, remote: str) -> tuple[str, ...]:
        return (
            "ovsdb-server",
            f"{lab.state}/{name}.db",
            f"--remote=punix:{remote}",
            f"--unixctl=/run/{name}.ctl",
        )

    north, south = "/run/ovn/ovnnb_db.sock", "/run/ovn/ovnsb_db.sock"
    northd = (
        "ovn-northd",
        f"--ovnnb-db=unix:{north}",
        f"--ovnsb-db=unix:{south}",
        "--unixctl=/run/ovn/northd.ctl",
    )
    vswitchd = ("ovs-vswitchd", _OVS, "--disable-system", "--pidfile=/run/openvswitch/ovs-vswitchd.pid")
    controller = ("ovn-controller", _OVS, "--pidfile=/run/ovn/ovn-controller.pid")
    return (
        Task("ovs-databases", networks.make_databases),
        Service(
            "ovsdb",
            ovsdb("ovs", "/run/openvswitch/db.sock"),
            UnixSocket("/run/openvswitch/db.sock"),
            ("ovs-databases",),
        ),
        Service("ovn-nb", ovsdb("ovn-nb", north), UnixSocket(north), ("ovs-databases",)),
        Service("ovn-sb", ovsdb("ovn-sb", south), UnixSocket(south), ("ovs-databases",)),
        Task("chassis", networks.describe_chassis, ("ovsdb",)),
        Service(
            "ovs-vswitchd", vswitchd, Probe(("ovs-appctl", "-t", "ovs-vswitchd", "version")), ("chassis",)
        ),
        Task("namespaces", networks.make_namespaces),
        Task("bridges", networks.make_bridges, ("ovs-vswitchd", "namespaces")),
        Service(
            "ovn-northd",
            northd,
            Probe(("ovn-appctl", "-t", "/run/ovn/northd.ctl", "status")),
            ("ovn-nb", "ovn-sb"),
        ),
        Service(
            "ovn-controller",
            controller,
            Probe(("ovn-appctl", "-t", "ovn-controller", "version")),
            ("bridges", "ovn-sb"),
        ),
    )


def _edge_services(lab: Lab) -> tuple[Node, ...]:
    forwarders = ("haproxy", "-db", "-f", str(lab.config / "haproxy.cfg"))
    socks = ("microsocks", "-i", "127.0.0.1", "-p", str(lab.ports.socks))
    return (
        Service("socks", socks, Tcp(lab.ports.socks, network="upstream"), ("namespaces",), "upstream"),
        Service(
            "forwarders", forwarders, Tcp(lab.ports.keystone, network="machine"), ("namespaces",), "machine"
        ),
    )


def _shared_services(lab: Lab) -> tuple[Node, ...]:
    """What hosts find in the network `services`: packages, time, names, and where their records go."""
    etc, netns = lab.config, "services"
    nginx = ("nginx", "-e", "stderr", "-c", f"{etc}/nginx.conf")
    chrony = ("chronyd", "-d", "-x", "-f", f"{etc}/chrony.conf")
    dnsmasq = ("dnsmasq", "--keep-in-foreground", f"--conf-file={etc}/dnsmasq.conf")
    rsyslog = ("rsyslogd", "-n", "-iNONE", "-f", f"{etc}/rsyslog.conf")
    collector = Tcp(COLLECTOR_PORT, SERVICES_ADDRESS, netns)
    return (
        Service("mirror", nginx, Http(80, "/debian/", SERVICES_ADDRESS, netns), ("namespaces",), netns),
        Service("time", chrony, Ntp(SERVICES_ADDRESS, netns), ("namespaces",), netns),
        Service("names", dnsmasq, Tcp(53, SERVICES_ADDRESS, netns), ("namespaces",), netns),
        Service("log", rsyslog, collector, ("namespaces",), netns),
    )


def _identity_tasks() -> tuple[Node, ...]:
    return (
        Task("bootstrap", seed.bootstrap, ("mariadb", "memcached"), once=True),
        Task("identity", seed.make_identity, ("bootstrap", "keystone", "forwarders"), once=True),
    )


def _apis(lab: Lab) -> tuple[Node, ...]:
    needs = {
        "keystone": ("mariadb", "memcached", "bootstrap"),
        "neutron-api": ("mariadb", "ovn-northd"),
    }
    return tuple(
        Service(
            app.name,
            ("uwsgi", "--ini", f"{lab.config / app.name}.uwsgi.ini"),
            Http(app.port),
            needs.get(app.name, ("mariadb", "memcached")),
        )
        for app in config.wsgi_apps(lab)
    )


def _workers(lab: Lab) -> tuple[Node, ...]:
    nova = ("--config-file", f"{lab.config}/nova.conf")
    neutron = ("--config-file", f"{lab.config}/neutron.conf", "--config-file", f"{lab.config}/ml2_conf.ini")
    agent = ("neutron-ovn-metadata-agent", "--config-file", f"{lab.config}/ovn_metadata.ini")
    broker = ("mariadb", "rabbitmq")
    # A worker of Nova that is refused by Keystone ends; one that finds no Keystone goes on.
    nova_needs = (*broker, "identity")
    cinder = ("--config-file", f"{lab.config}/cinder.conf")
    python = f"{venv.folder(lab)}/bin/python"
    backend = f"{config.HOSTNAME}@{config.BACKEND}"
    return (
        Service(
            "nova-conductor", ("nova-conductor", *nova), NovaReport("nova-conductor", "conductor"), nova_needs
        ),
        Service(
            "nova-scheduler",
            ("nova-scheduler", *nova),
            NovaReport("nova-scheduler", "scheduler"),
            nova_needs,
        ),
        Service(
            "neutron-maintenance",
            ("neutron-ovn-maintenance-worker", *neutron),
            Running(),
            (*broker, "ovn-northd"),
        ),
        Service(
            "neutron-periodic", ("neutron-periodic-workers", *neutron), Running(), (*broker, "ovn-northd")
        ),
        Service("libvirtd", ("libvirtd",), Probe(("virsh", "-c", "lxc:///", "version"))),
        Service(
            "ovn-metadata", agent, NeutronReport("neutron-ovn-metadata-agent"), ("ovn-controller", "bridges")
        ),
        Service(
            "nova-compute",
            (python, str(HERE / "container_compute.py"), *nova),
            NovaReport("nova-compute", f"compute.{config.HOSTNAME}"),
            # Volumes first: hosts of a lab that starts again find theirs.
            (*nova_needs, "libvirtd", "nova-conductor", "cinder-volume"),
        ),
        Service(
            "cinder-scheduler",
            ("cinder-scheduler", *cinder),
            CinderReport("cinder-scheduler", "cinder-scheduler"),
            broker,
        ),
        Service(
            "cinder-volume",
            ("cinder-volume", *cinder),
            CinderReport("cinder-volume", f"cinder-volume.{backend}"),
            broker,
            env={"PYTHONPATH": str(REPOSITORY)},
        ),
    )


def nodes(lab: Lab) -> tuple[Node, ...]:
    """Everything that `up` starts or does, in no particular order."""
    minder = ("python", "-I", str(HERE / "minder.py"))
    compute = ("identity", "nova-compute", "nova-api", "placement")
    hosts = ("hosts", "vm-hosts") if lab.own_kernel else ("hosts",)
    return (
        *_data_services(lab),
        *_network_services(lab),
        *_edge_services(lab),
        *_shared_services(lab),
        *_identity_tasks(),
        *_apis(lab),
        *_workers(lab),
        *machine.nodes(lab, minder),
        Service("minder", minder, Running(), ("libvirtd", "ovsdb")),
        Task("hosts", seed.register_compute, compute, once=True),
        Task("compute-ready", seed.wait_for_compute, hosts),
        Task("volume-types", seed.make_volume_types, ("identity", "cinder-api"), once=True),
        Task("provider-networks", seed.make_provider_networks, ("identity", "neutron-api"), once=True),
    )
