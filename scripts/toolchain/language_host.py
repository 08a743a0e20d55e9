# ruff: noqa: N802, ARG002 - the gRPC service names its methods and hands each one a context
"""Pulumi's language host for Python: starts programs and policy packs in a virtual environment.

The engine starts `pulumi-language-python ADDRESS` beside its own binary, reads a port from its standard
output and then talks gRPC (`LanguageRuntime` in Pulumi's language.proto). The official host is a Go program
that no package registry serves: docs/adr/0004-own-language-host.md. This file is copied into the toolchain as
that executable, so it imports nothing of this repository.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import types
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if __name__ == "__main__":
    # `import pulumi` costs 0.6 s and the stubs need none of it: name its folders, skip its __init__.
    _found = find_spec("pulumi")
    for _name, _part in (
        ("pulumi", "."),
        ("pulumi.runtime", "runtime"),
        ("pulumi.runtime.proto", "runtime/proto"),
    ):
        sys.modules[_name] = types.ModuleType(_name)
        sys.modules[_name].__path__ = (
            [str(Path(_found.origin).parent / _part)] if _found and _found.origin else []
        )

import grpc
from pulumi.runtime.proto import language_pb2 as lang
from pulumi.runtime.proto import language_pb2_grpc, plugin_pb2

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

    from google.protobuf.empty_pb2 import Empty

BAIL_EXIT_CODE = 32
"""The program has already told the user what is wrong (`pulumi-language-python-exec`)."""
EXECUTOR = Path(__file__).with_name("pulumi-language-python-exec")


class Environment:
    """The Python installation that a program or policy pack asks for.

    Args:
        info: `options.virtualenv` is relative to `root_directory`; without it, the host's own serves.

    Raises:
        FileNotFoundError: nothing is installed there.
    """

    def __init__(self, info: lang.ProgramInfo) -> None:
        """Find it."""
        options = dict(info.options)
        self.prefix = Path(info.root_directory, str(options.get("virtualenv") or sys.prefix))
        self.python = self.prefix / "bin" / "python"
        if not self.python.exists():
            raise FileNotFoundError(
                f"runtime.options.virtualenv: {self.prefix} has no bin/python; make it first"
            )

    def variables(self, base: dict[str, str]) -> dict[str, str]:
        """`base` with this environment activated."""
        path = f"{self.python.parent}{os.pathsep}{base.get('PATH', '')}"
        return base | {"VIRTUAL_ENV": str(self.prefix), "PATH": path, "PYTHONUNBUFFERED": "1"}

    def packages(self) -> list[str]:
        """Its folders of installed packages."""
        return [str(folder) for folder in self.prefix.glob("lib/python*/site-packages")]


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """Answers the engine; every other method of the service is `UNIMPLEMENTED`, which the engine reports.

    Args:
        engine: address of the engine, handed to each program.
    """

    def __init__(self, engine: str) -> None:
        """Nothing runs yet."""
        self.engine = engine
        self.children: set[subprocess.Popen[bytes]] = set()

    def Handshake(
        self, request: lang.LanguageHandshakeRequest, context: grpc.ServicerContext
    ) -> lang.LanguageHandshakeResponse:
        """Learn the engine's address when the engine attaches to a running host."""
        self.engine = request.engine_address
        return lang.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        """The version of the Pulumi SDK that this host speaks for."""
        version = next((d.version for d in distributions(name="pulumi")), "")
        return plugin_pb2.PluginInfo(version=version)

    def About(self, request: lang.AboutRequest, context: grpc.ServicerContext) -> lang.AboutResponse:
        """Which Python runs the program."""
        python = Environment(request.info).python
        version = subprocess.run([python, "--version"], capture_output=True, text=True, check=True).stdout
        return lang.AboutResponse(executable=str(python), version=version.removeprefix("Python ").strip())

    def GetRequiredPackages(
        self, request: lang.GetRequiredPackagesRequest, context: grpc.ServicerContext
    ) -> lang.GetRequiredPackagesResponse:
        """The provider plugins whose SDKs are installed where the program runs."""
        found = [
            json.loads(file.read_text())
            for folder in Environment(request.info).packages()
            for file in Path(folder).glob("*/pulumi-plugin.json")
        ]
        return lang.GetRequiredPackagesResponse(
            packages=[
                plugin_pb2.PackageDependency(
                    name=item["name"],
                    kind="resource",
                    version=item.get("version", ""),
                    server=item.get("server", ""),
                )
                for item in found
                if item.get("resource")
            ]
        )

    def GetProgramDependencies(
        self, request: lang.GetProgramDependenciesRequest, context: grpc.ServicerContext
    ) -> lang.GetProgramDependenciesResponse:
        """Everything installed where the program runs (`pulumi about`)."""
        installed = distributions(path=Environment(request.info).packages())
        return lang.GetProgramDependenciesResponse(
            dependencies=[lang.DependencyInfo(name=item.name, version=item.version) for item in installed]
        )

    def Run(self, request: lang.RunRequest, context: grpc.ServicerContext) -> lang.RunResponse:
        """Run a program to its end; its output reaches the user through this process's own."""
        environment = Environment(request.info)
        options = {
            "monitor": request.monitor_address,
            "engine": self.engine,
            "project": request.project,
            "stack": request.stack,
            "organization": request.organization,
            "root_directory": request.info.root_directory,
            "pwd": request.pwd,
            "dry_run": "true" if request.dryRun else "false",
            "parallel": str(request.parallel),
        }
        flags = [f"--{name}={value}" for name, value in options.items() if value]
        program = str(Path(request.info.program_directory, request.info.entry_point))
        variables = environment.variables(dict(os.environ)) | {
            "PULUMI_CONFIG": json.dumps(dict(request.config)),
            "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
        }
        child = subprocess.Popen(
            [environment.python, EXECUTOR, *flags, program, *request.args], env=variables
        )
        code = self._wait(child, context)
        if code == BAIL_EXIT_CODE:
            return lang.RunResponse(bail=True)
        return lang.RunResponse(error=f"the program ended with exit code {code}" if code else "")

    def RunPlugin(
        self, request: lang.RunPluginRequest, context: grpc.ServicerContext
    ) -> Iterator[lang.RunPluginResponse]:
        """Run a policy pack (`kind` is `analyzer`) or another Python plugin; streams its output."""
        environment = Environment(request.info)
        folder = request.info.program_directory
        command = ["-m", "pulumi.policy", *request.args, folder]
        if request.kind != "analyzer":
            command = [folder, *request.args]
        child = subprocess.Popen(
            [environment.python, *command],
            env=environment.variables(dict(item.split("=", 1) for item in request.env)),
            cwd=request.pwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        output: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()
        pumps = [
            threading.Thread(target=_pump, args=(name, pipe, output), daemon=True)
            for name, pipe in (("stdout", child.stdout), ("stderr", child.stderr))
        ]
        for pump in pumps:
            pump.start()
        threading.Thread(target=self._finish, args=(child, context, pumps, output), daemon=True).start()
        while (item := output.get())[0] != "exitcode":
            out = item[0] == "stdout"
            yield lang.RunPluginResponse(stdout=item[1]) if out else lang.RunPluginResponse(stderr=item[1])
        yield lang.RunPluginResponse(exitcode=child.returncode)

    def Cancel(self, request: Empty, context: grpc.ServicerContext) -> Empty:
        """Stop what runs; the engine then reports it as cancelled."""
        self.stop()
        return request

    def stop(self) -> None:
        """Ask every child to end."""
        for child in tuple(self.children):
            child.terminate()

    def _wait(self, child: subprocess.Popen[bytes], context: grpc.ServicerContext) -> int:
        """The exit code of a child, which ends with the call that started it."""
        self.children.add(child)
        if not context.add_callback(child.terminate):
            child.terminate()
        try:
            return child.wait()
        finally:
            self.children.discard(child)

    def _finish(
        self,
        child: subprocess.Popen[bytes],
        context: grpc.ServicerContext,
        pumps: list[threading.Thread],
        output: queue.SimpleQueue[tuple[str, bytes]],
    ) -> None:
        self._wait(child, context)
        for pump in pumps:
            pump.join()
        output.put(("exitcode", b""))


def _pump(name: str, pipe: IO[bytes], output: queue.SimpleQueue[tuple[str, bytes]]) -> None:
    while data := os.read(pipe.fileno(), 65536):
        output.put((name, data))
    pipe.close()


def main() -> None:
    """Serve the engine named by the last argument until it goes away, which closes standard input."""
    host = LanguageHost(sys.argv[-1])
    server = grpc.server(ThreadPoolExecutor(), options=[("grpc.max_receive_message_length", 400 << 20)])
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    try:
        while sys.stdin.buffer.read(4096):
            pass
    except KeyboardInterrupt:  # how the engine asks a plugin to end
        pass
    finally:
        host.stop()
        server.stop(grace=1).wait()


if __name__ == "__main__":
    main()
