"""What differs between releases of Debian and Ubuntu: the same names for each, texts that each can read."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from scripts.configure.playbook import PLAYBOOKS
from tests.unit.configure.rendering import render, role_file

FOLDER = PLAYBOOKS / "roles" / "release" / "vars"
RELEASES = sorted(path.stem for path in FOLDER.iterdir())
SSH = {"ssh_users": ["operator"], "ssh_forwarding": "no"}
PORTAL = {"portal_ports": [443], "portal_hostnames": ["a.example"], "portal_addresses": []} | {
    name: f"/{name}" for name in ("portal_root", "portal_tls")
}


def of(release: str) -> dict[str, Any]:
    """The options of roles on a host of that release, as `group_vars/all.yml` takes them from its file."""
    given = role_file("release", f"vars/{release}.yml")
    shared: dict[str, Any] = yaml.safe_load((PLAYBOOKS / "group_vars" / "all.yml").read_text("utf-8"))
    taken = {name: str(value).strip("{} ") for name, value in shared.items() if "release_" in str(value)}
    assert set(taken.values()) == set(given), release
    return {name: given[source] for name, source in taken.items()}


def test_each_release_that_is_let_in_has_a_file() -> None:
    assert role_file("release", "defaults/main.yml")["release_known"] == RELEASES
    assert RELEASES == ["bookworm", "jammy", "noble", "trixie"]


@pytest.mark.parametrize("release", RELEASES)
def test_the_roles_declare_what_a_release_decides(release: str) -> None:
    kinds = {"bool": bool, "list": list, "str": str}
    for name, value in of(release).items():
        role = name.split("_", 1)[0]
        options = role_file(role, "meta/argument_specs.yml")["argument_specs"]["main"]["options"]
        spec = options[name]
        assert isinstance(value, kinds[spec["type"]]), name
        assert value in spec.get("choices", [value]), name


@pytest.mark.parametrize(("release", "word"), [("bookworm", "main"), ("noble", "main universe")])
def test_packages_come_from_the_components_of_the_release(release: str, word: str) -> None:
    names = ("packages_source", "packages_suite", "packages_keyring")
    text = render("packages", "govcloud.sources.j2", **dict.fromkeys(names, "x"), **of(release))
    assert f"\nComponents: {word}\n" in text


@pytest.mark.parametrize("release", RELEASES)
def test_sshd_is_told_nothing_that_it_does_not_know(release: str) -> None:
    lines = render("ssh", "sshd.conf.j2", **SSH, **of(release)).splitlines()
    assert ("RequiredRSASize 3072" in lines) is (release != "jammy")  # OpenSSH 9.1
    (exchanges,) = (line for line in lines if line.startswith("KexAlgorithms "))
    assert ("mlkem768x25519-sha256" in exchanges) is (release == "trixie")  # OpenSSH 9.9


@pytest.mark.parametrize("release", RELEASES)
def test_nginx_speaks_http2_in_the_words_of_its_version(release: str) -> None:
    text = render("portal", "nginx.conf.j2", **PORTAL, **of(release))
    assert ("  http2 on;\n" in text) is (release == "trixie")  # nginx 1.25.1
    assert ("ssl http2" in text) is (release != "trixie")


def test_only_what_ubuntus_sshd_waits_for_is_taken_away() -> None:
    assert {release: of(release)["ssh_socket"] for release in RELEASES if of(release)["ssh_socket"]} == {
        "noble": "ssh.socket"
    }
