"""Configuration files of the services, rendered from `templates/`, and the passwords that go into them."""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from scripts.lab.paths import HERE

if TYPE_CHECKING:
    from scripts.lab.paths import Lab

HOSTNAME = "labhost"
# The second machine, where hosts with a kernel of their own run (`machine.py`).
VM_HOSTNAME = "labvm"
# Where hosts go that ask for no zone: the first machine. It is Nova's own word for it.
DEFAULT_ZONE = "nova"
# The second machine's availability zone; a platform file names it where a classification wants such hosts.
VM_ZONE = "own-kernel"
# The far side of the network `services`: package mirror, time, names and log collector.
SERVICES_ADDRESS = "198.18.0.2"
# What the collector's certificate names.
COLLECTOR = "log.lab.example"
COLLECTOR_PORT = 6514
# What Cinder calls `volume_driver.py`, and the types of its volumes, which a platform file may name.
BACKEND = "files"
VOLUME_TYPES = ("standard", "sensitive")
MYSQL_SOCKET = Path("/run/mysqld/mysqld.sock")
SERVICE_USERS = ("cinder", "glance", "neutron", "nova", "placement")
POLICIES = HERE.parents[1] / "policies" / "openstack"
"""What projects' users may not do, one file a service; the same that production installs."""
_SECRETS = ("admin", "broker", "metadata", *SERVICE_USERS)
_FILES = (
    "my.cnf",
    "rabbitmq.conf",
    "keystone.conf",
    "placement.conf",
    "glance-api.conf",
    "cinder.conf",
    "neutron.conf",
    "neutron_api.py",
    "ml2_conf.ini",
    "ovn_metadata.ini",
    "haproxy.cfg",
    "nginx.conf",
    "chrony.conf",
    "dnsmasq.conf",
    "rsyslog.conf",
    "libvirt/libvirtd.conf",
    "libvirt/lxc.conf",
    "libvirt-vm/libvirtd.conf",
    "libvirt-vm/qemu.conf",
)


@dataclass(frozen=True)
class Compute:
    """The compute service of one machine.

    Attributes:
        name: of its configuration, and of what it keeps in the lab's state.
        host: the machine, as Nova knows it.
        guests: libvirt's word for what it runs.
        disks: how the disks of these are kept: a file of their own, or what differs from the image.
    """

    name: str
    host: str
    guests: str
    disks: str


# What the compute service of each kind of host is told; the first belongs to container hosts.
COMPUTES = (
    Compute("nova", HOSTNAME, "lxc", "raw"),
    Compute("nova-vm", VM_HOSTNAME, "qemu", "qcow2"),
)


@dataclass(frozen=True)
class WsgiApp:
    """One API under uWSGI.

    Attributes:
        code: where the application is: a Python module, or a file when `loader` is `wsgi-file`.
        listen: uWSGI's option; `http` puts a router in front, which chunked uploads need.
        threads: requests served at once by a process.
        argv: what it finds on its command line; the others find their configuration by the environment.
    """

    name: str
    port: int
    code: str
    loader: str = "module"
    listen: str = "http-socket"
    processes: int = 1
    threads: int = 6
    argv: str = ""


def wsgi_apps(lab: Lab) -> tuple[WsgiApp, ...]:
    """Every API of the lab."""
    ports = lab.ports
    return (
        WsgiApp("keystone", ports.keystone, "keystone.wsgi.api:application"),
        WsgiApp("placement", ports.placement, "placement.wsgi.api:application"),
        WsgiApp("glance", ports.glance, "glance.wsgi.api:application", listen="http"),
        WsgiApp(
            "cinder-api",
            ports.cinder,
            "cinder.wsgi.api:application",
            threads=4,
            argv=f"--config-file {lab.config}/cinder.conf",
        ),
        WsgiApp("nova-api", ports.nova, "nova.wsgi.osapi_compute:application", threads=8),
        WsgiApp("nova-metadata", ports.nova_metadata, "nova.wsgi.metadata:application", threads=4),
        # Most of the work of making a tenant is Neutron's, and one interpreter uses one core. More threads
        # than these wait for one another's interpreter lock: eight cost half as much processor time again.
        WsgiApp(
            "neutron-api",
            ports.neutron,
            f"{lab.config}/neutron_api.py",
            loader="wsgi-file",
            processes=2,
            threads=2,
        ),
    )


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads, replacing it in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        stream.write(text)
    draft.rename(path)


def credentials_file(lab: Lab) -> Path:
    """Where the lab's passwords are; only its owner reads it."""
    return lab.state / "credentials.json"


def credentials(lab: Lab) -> dict[str, str]:
    """The lab's own passwords by user; made at first use."""
    path = credentials_file(lab)
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    missing = {name: secrets.token_urlsafe(24) for name in _SECRETS if name not in known}
    if missing:
        write_private(path, json.dumps(known | missing, indent=1))
    return known | missing


@dataclass(frozen=True)
class Sources:
    """What the configuration points to besides the lab's own folders.

    Attributes:
        venv: the OpenStack environment.
        mirror: the package mirror that hosts see.
        mysql_data: the database's files.
        mysql_socket: where it answers.
    """

    venv: Path
    mirror: Path
    mysql_data: Path
    mysql_socket: Path = MYSQL_SOCKET


def render(lab: Lab, target: Path, sources: Sources) -> None:
    """Write every configuration file of a lab into the folder `target`."""
    values: dict[str, Any] = asdict(sources) | {
        "lab": lab,
        "ports": lab.ports,
        "config": target,
        "secret": credentials(lab),
        "hostname": HOSTNAME,
        "default_zone": DEFAULT_ZONE,
        "services_address": SERVICES_ADDRESS,
        "collector": COLLECTOR,
        "collector_port": COLLECTOR_PORT,
        "backend": BACKEND,
        "volume_type": VOLUME_TYPES[0],
    }
    engine = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - configuration files, not HTML
        trim_blocks=True,
    )
    for name in _FILES:
        template = engine.get_template(f"{Path(name).name}.j2")
        write_private(target / name, template.render(values))
    for compute in COMPUTES:
        text = engine.get_template("nova.conf.j2").render(values, compute=compute)
        write_private(target / f"{compute.name}.conf", text)
    for policy in sorted(POLICIES.glob("*.yaml")):
        write_private(target / "policy" / policy.name, policy.read_text(encoding="utf-8"))
    for app in wsgi_apps(lab):
        text = engine.get_template("uwsgi.ini.j2").render(values, app=app)
        write_private(target / f"{app.name}.uwsgi.ini", text)


def write_keys(lab: Lab) -> None:
    """Keystone's token and credential keys, as `keystone-manage` lays them out, and RabbitMQ's cookie."""
    for repository in ("fernet", "credential-keys"):
        for number in ("0", "1"):  # 0 staged, 1 primary
            _write_once(lab.config / repository / number, base64.urlsafe_b64encode(secrets.token_bytes(32)))
        (lab.config / repository).chmod(0o700)
    # Left to itself, RabbitMQ makes it in two processes at once, and one may find it half made.
    _write_once(lab.config / ".erlang.cookie", secrets.token_hex(20).encode())


def _write_once(path: Path, content: bytes) -> None:
    if not path.exists():
        write_private(path, content.decode())


def environment(config: Path, venv: Path) -> dict[str, str]:
    """What tells the OpenStack programs where their configuration is."""
    return {
        "PATH": f"{venv}/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": "/root",
        "LANG": "C.UTF-8",
        "OS_KEYSTONE_CONFIG_FILES": str(config / "keystone.conf"),
        "OS_PLACEMENT_CONFIG_DIR": str(config),
        "OS_GLANCE_CONFIG_DIR": str(config),
        "OS_NOVA_CONFIG_FILES": f"{venv}/etc/nova/api-paste.ini;{config}/nova.conf",
        "OS_NEUTRON_CONFIG_FILES": f"{config}/neutron.conf;{config}/ml2_conf.ini",
    }
