"""A template of the databases: schemas of all services, empty, without any password; made once a version.

Migrating eight empty databases takes most of a minute of a first start; copying their files takes a second.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.lab import config, venv
from scripts.lab.command import last_lines, run
from scripts.lab.progress import step
from stacks.errors import LabError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.lab.paths import Lab

NAMES = ("keystone", "placement", "glance", "nova_api", "nova", "nova_cell0", "neutron", "cinder")
# nova.conf fills these in, so that the template holds neither a path nor a password.
_CELL_DB = "{scheme}://{username}@{hostname}/{path}?{query}"
_CELL0_DB = "{scheme}://{username}@{hostname}/nova_cell0?{query}"
_CELL_BROKER = "{scheme}://{username}:{password}@{hostname}:{port}/"
_PATIENCE = 30.0


def folder(lab: Lab) -> Path:
    """Where the template is or will be: one for each set of OpenStack and MariaDB versions."""
    server = subprocess.run(["dpkg-query", "-W", "mariadb-server"], capture_output=True, check=True).stdout
    digest = hashlib.sha256(server + venv.LOCK.read_bytes() + repr(_chains(Path(), Path())).encode())
    return lab.cache / f"database-{digest.hexdigest()[:16]}"


def _chains(etc: Path, binaries: Path) -> list[list[list[str]]]:
    """Commands that make the schemas; the chains are independent of one another."""

    def manage(service: str, conf: str, *words: str) -> list[str]:
        return [f"{binaries}/{service}-manage", "--config-file", f"{etc}/{conf}", *words]

    def nova(*words: str) -> list[str]:
        return manage("nova", "nova.conf", *words)

    cell1 = ["--name=cell1", f"--database_connection={_CELL_DB}", f"--transport-url={_CELL_BROKER}"]
    neutron = [f"{binaries}/neutron-db-manage", "--config-file", f"{etc}/neutron.conf"]
    return [
        [
            manage("keystone", "keystone.conf", "db_sync"),
            manage("placement", "placement.conf", "db", "sync"),
            manage("glance", "glance-api.conf", "db_sync"),
            manage("cinder", "cinder.conf", "db", "sync"),
        ],
        [
            nova("api_db", "sync"),
            nova("cell_v2", "map_cell0", f"--database_connection={_CELL0_DB}"),
            nova("db", "sync"),
            nova("cell_v2", "create_cell", *cell1),
        ],
        [[*neutron, "--config-file", f"{etc}/ml2_conf.ini", "upgrade", "heads"]],
    ]


def build(lab: Lab, openstack: Path) -> Path:
    """Make the template unless it is there.

    Raises:
        LabError: the database or a migration failed; quotes the log.
    """
    target = folder(lab)
    if not target.exists():
        work = lab.cache / "database.work"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        with step("database schemas (once a version, about a minute)"):
            data = work / "data"
            config.render(lab, work / "etc", config.Sources(openstack, work, data, work / "socket"))
            with _server(work):
                _migrate(work, openstack)
            data.rename(target)
        shutil.rmtree(work)
    return target


def _migrate(work: Path, openstack: Path) -> None:
    sql = "".join(f"create database {name} character set utf8mb3;" for name in NAMES)
    socket = f"--socket={work / 'socket'}"
    run("the creation of databases", ["mariadb", "--user=root", socket], work / "sql.log", stdin=sql)
    env = config.environment(work / "etc", openstack)

    def chain(number: int, commands: list[list[str]]) -> None:
        for argv in commands:
            run(f"`{' '.join(argv[-3:])}`", argv, work / f"migration-{number}.log", env=env)

    with ThreadPoolExecutor() as pool:
        chains = _chains(work / "etc", openstack / "bin")
        for done in [pool.submit(chain, number, commands) for number, commands in enumerate(chains)]:
            done.result()


@contextmanager
def _server(work: Path) -> Iterator[None]:
    """MariaDB on a folder of its own, without a network, for as long as the block runs."""
    options = f"--defaults-file={work / 'etc/my.cnf'}"
    log = work / "mariadb.log"
    run("mariadb-install-db", ["mariadb-install-db", options, "--skip-test-db"], log)
    with log.open("ab") as output:
        server = subprocess.Popen(["mariadbd", options], stdout=output, stderr=output)
    try:
        deadline = time.monotonic() + _PATIENCE
        while not (work / "socket").exists():
            if server.poll() is not None or time.monotonic() > deadline:
                raise LabError(f"MariaDB did not start. The end of {log}:\n{last_lines(log)}", "see the log.")
            time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait()


def restore(template: Path, data: Path) -> None:
    """Copy the template to a lab's data folder unless there are data already."""
    if data.exists():
        return
    draft = data.with_suffix(".draft")
    shutil.rmtree(draft, ignore_errors=True)
    run(
        "the copy of the databases", ["cp", "-a", "--reflink=auto", template, draft], data.with_suffix(".log")
    )
    draft.rename(data)
