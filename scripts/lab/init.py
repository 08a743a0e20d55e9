"""Process 1 of the box: lays out the mounts, then starts, reaps and reports services.

Run by `box.py` as a plain script inside fresh namespaces; standard library only, so that it stays small.
Requests arrive on a unix socket, one JSON object a connection:
`{"op": "start", "name", "argv", "env", "log"}`, `{"op": "stop", "name"}`, `{"op": "list"}`.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

RUN_FOLDERS = ("lock", "netns", "openvswitch", "ovn", "mysqld", "libvirt", "rabbitmq", "chrony", "dnsmasq")
# Path in the box: folder under the state that stands in for it.
BINDS = {"/var/lib/libvirt": "libvirt", "/var/log/libvirt": "log/libvirt", "/etc/libvirt": "etc/libvirt"}
# libvirtd refuses to start without these; they come with a Debian package that the lab does not need.
ACCOUNTS = {
    "passwd": ["libvirt-qemu:x:64055:64055:Libvirt:/var/lib/libvirt:/usr/sbin/nologin"],
    "group": ["libvirt-qemu:x:64055:", "kvm:x:64056:"],
}
HOSTNAME = "labhost"


def sh(*argv: str) -> None:
    """Run a program; a failure ends the box, and the message is in its log."""
    subprocess.run(argv, check=True)


def mount_kernel_views(hierarchies: list[dict[str, str]]) -> None:
    """Fresh /proc and /sys of the own namespaces, with the box's part of each cgroup hierarchy.

    libvirt-lxc cannot use a hybrid layout, so the second (unified) tree of one is left out.
    """
    sh("mount", "--make-rprivate", "/")
    sh("mount", "-t", "proc", "proc", "/proc")
    sh("umount", "--lazy", "--recursive", "/sys")
    sh("mount", "-t", "sysfs", "sysfs", "/sys")
    base = Path("/sys/fs/cgroup")
    if hierarchies[0]["type"] == "cgroup2":
        sh("mount", "-t", "cgroup2", "cgroup2", str(base))
        return
    sh("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", str(base))
    for tree in hierarchies:
        folder = base / tree["name"]
        folder.mkdir()
        sh("mount", "-t", "cgroup", "-o", tree["options"], "cgroup", str(folder))
        for alias in set(tree["name"].split(",")) - {tree["name"]}:
            (base / alias).symlink_to(folder.name)


def mount_files(state: Path) -> None:
    """An empty /run, and the lab's own files over those of the machine that a service insists on."""
    sh("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run")
    for name in RUN_FOLDERS:
        Path("/run", name).mkdir()
    for target, source in BINDS.items():
        (state / source).mkdir(parents=True, exist_ok=True)
        # All that the lab ever leaves on the machine: an empty folder to mount on, where a package made none.
        Path(target).mkdir(parents=True, exist_ok=True)
        sh("mount", "--bind", str(state / source), target)
    cover(Path("/etc/hosts"), f"127.0.0.1 localhost {HOSTNAME}\n")
    cover_accounts()


def cover_accounts() -> None:
    """The machine's accounts and the lab's, also when a package has written the machine's anew.

    It replaces the file, and with the old one the kernel takes off what is mounted there, in every namespace.
    """
    for name, extra in ACCOUNTS.items():
        file = Path("/etc", name)
        known = file.read_text()
        absent = "".join(f"{line}\n" for line in extra if f"\n{line.split(':')[0]}:" not in known)
        if absent:
            cover(file, known + absent)


def cover(file: Path, text: str) -> None:
    """Another text in the place of a file of the machine's, in the box alone."""
    own = Path("/run", file.name)
    own.write_text(text)
    sh("mount", "--bind", str(own), str(file))


def set_up_network(machine: int) -> None:
    """Loopback up, forwarding on, and names for this network and the machine's, which forwarders use."""
    socket.sethostname(HOSTNAME)
    sh("ip", "link", "set", "lo", "up")
    sh("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv4.ip_nonlocal_bind=1")
    own = os.open("/proc/self/ns/net", os.O_RDONLY)
    for name, descriptor in {"box": own, "machine": machine}.items():
        Path("/run/netns", name).touch()
        sh("mount", "--bind", f"/proc/{os.getpid()}/fd/{descriptor}", f"/run/netns/{name}")
        os.close(descriptor)


class Supervisor:
    """Starts services, remembers how they ended, answers requests."""

    def __init__(self, control: Path) -> None:
        self.services: dict[str, dict[str, Any]] = {}
        self.control = control
        self.wake, alarm = os.pipe()
        for end in (self.wake, alarm):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(alarm)

    def serve(self) -> None:
        """Answer requests and reap children for ever."""
        self.control.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(self.control))
        self.control.chmod(0o600)
        listener.listen(64)
        while True:
            readable: list[int] = select.select([listener.fileno(), self.wake], [], [])[0]
            if self.wake in readable:
                os.read(self.wake, 4096)
            self.reap()
            if listener.fileno() in readable:
                self.answer(listener.accept()[0])

    def reap(self) -> None:
        """Collect every ended child, also those that services left behind."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            for service in self.services.values():
                if service["pid"] == pid:
                    service["exit"] = os.waitstatus_to_exitcode(status)

    def answer(self, connection: socket.socket) -> None:
        """Serve one request; a client that breaks off harms nobody."""
        with connection:
            connection.settimeout(5)
            try:
                request = json.loads(connection.makefile().readline())
                reply = getattr(self, f"do_{request.pop('op')}")(**request)
                connection.sendall(json.dumps(reply).encode() + b"\n")
            except (OSError, ValueError, AttributeError, TypeError) as error:
                print(f"bad request: {error!r}", flush=True)  # noqa: T201 - stdout is the box's log

    def do_list(self) -> dict[str, dict[str, Any]]:
        """Every service ever started, with its process number here and, when ended, its exit status."""
        return self.services

    def do_start(self, name: str, argv: list[str], env: dict[str, str], log: str) -> dict[str, Any]:
        """Start a service in a session of its own unless it runs."""
        known = self.services.get(name)
        if known is None or known["exit"] is not None:
            cover_accounts()
            self.services[name] = {"pid": spawn(argv, env, log), "exit": None}
        return self.services[name]


def spawn(argv: list[str], env: dict[str, str], log: str) -> int:
    """Fork and execute; returns the child's process number in the box."""
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setsid()
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
        os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
        os.dup2(out, 1)
        os.dup2(out, 2)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.execvpe(argv[0], argv, env)  # noqa: S606 - the arguments come from our own catalogue
    except OSError as error:
        os.write(2, f"cannot start {argv[0]}: {error}\n".encode())
    os._exit(127)


def main() -> None:
    """Build the inside of the box, then serve."""
    state, hierarchies = Path(sys.argv[1]), json.loads(sys.argv[2])
    os.umask(0o022)
    mount_kernel_views(hierarchies)
    mount_files(state)
    set_up_network(int(sys.argv[3]))
    Supervisor(state / "control").serve()


if __name__ == "__main__":
    main()
