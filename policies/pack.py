"""The rules as a Pulumi policy pack: every one is mandatory, and none can be switched off."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any

import grpc
from pulumi.runtime.proto import analyzer_pb2_grpc
from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyProviderResource,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.policy import _PolicyAnalyzerServicer
from pulumi_policy.proxy import UnknownValueError

from policies.context import Context
from policies.resource import UNKNOWN, Resource
from policies.rule import Rule, StackRule
from policies.rules import RULES
from stacks import watched
from stacks.errors import GovcloudError
from stacks.plan.landing_zone import plan_from_folder
from stacks.plan.model import Plan
from stacks.settings import Settings

NAME = "govcloud"
VERSION = "0.0.1"
"""Shown only where `PulumiPolicy.yaml` says none."""
THREADS = 4
"""Questions of one engine that are answered side by side."""
PAGES = "policies/docs"
OWN = ("pulumi:pulumi:Stack", "pulumi:pulumi:StackReference", "pulumi:providers:pulumi", "govcloud:")
"""Types that make nothing outside of Pulumi: the stack itself, references to other stacks, components."""

Contexts = Callable[[str], Context]
Zone = tuple[Plan, Settings]


def serve(engine: str) -> None:
    """Answer the engine until it ends this process; print the port, which is how it learns where."""
    signals = {signal.SIGINT, signal.SIGTERM}
    # Before any thread starts: only blocked signals are waited for.
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    with ThreadPoolExecutor(1) as worker, opened(engine, planned(worker)) as port:
        print(port, flush=True)  # noqa: T201 - the one line that the engine waits for
        signal.sigwait(signals)


def planned(worker: Executor) -> Future[Zone]:
    """The plan that the rules compare with; it is made while programs start."""
    return worker.submit(_zone)


@contextmanager
def opened(engine: str, zone: Future[Zone]) -> Iterator[int]:
    """Answer one engine, which has to be known so that its programs find the pack.

    Yields:
        The port on loopback.
    """
    policies = Run(_contexts(zone)).policies()
    server = grpc.server(ThreadPoolExecutor(THREADS), options=[("grpc.max_receive_message_length", -1)])
    servicer = _PolicyAnalyzerServicer(NAME, VERSION, policies, EnforcementLevel.MANDATORY)
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    with watched.announce(engine):
        server.start()
        try:
            yield port
        finally:
            server.stop(None).wait()


def _zone() -> Zone:
    settings = Settings.from_environment()
    return plan_from_folder(settings.tenants, settings.today), settings


def _contexts(zone: Future[Zone]) -> Contexts:
    @cache
    def context(stack: str) -> Context:
        return Context.of(stack, *zone.result())

    return context


class Run:
    """One preview or update.

    Args:
        contexts: what the rules know of a stack.
    """

    def __init__(self, contexts: Contexts) -> None:
        self._contexts = contexts
        self._asked: dict[str, Resource] = {}

    def policies(self) -> list[Policy]:
        """Every rule as Pulumi knows it."""
        return [
            self._of_resource(name, rule) if isinstance(rule, Rule) else self._of_stack(name, rule)
            for name, rule in RULES.items()
        ]

    def _of_resource(self, name: str, rule: Rule) -> Policy:
        def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
            if args.resource_type.startswith(OWN):
                return
            resource = of_arguments(args)
            self._asked[resource.urn] = resource
            try:
                found = list(rule.violations(resource, self._contexts(resource.stack)))
            except GovcloudError as error:
                found = [str(error)]
            for violation in found:
                report(f"{violation}. See {PAGES}/{name}.md", None)

        return ResourceValidationPolicy(name, rule.title, validate)

    def _of_stack(self, name: str, rule: StackRule) -> Policy:
        def validate(args: StackValidationArgs, report: ReportViolation) -> None:
            stack = {item.urn: self._placed(item) for item in args.resources}
            if not stack:
                return
            try:
                found = list(rule.check(stack, self._contexts(next(iter(stack.values())).stack)))
            except GovcloudError as error:
                found = [("", str(error))]
            for urn, violation in found:
                report(f"{violation}. See {PAGES}/{name}.md", urn or None)

        return StackValidationPolicy(name, rule.title, validate)

    def _placed(self, item: PolicyResource) -> Resource:
        """A resource in its finished stack; in a preview its outputs lack, so it has what was asked for."""
        made = of_arguments(item)
        own_id = made.value("id")
        return replace(
            self._asked.get(item.urn, made),
            id=own_id if isinstance(own_id, str) else None,
            depends_on=_urns(item.dependencies),
            references={name: _urns(found) for name, found in item.property_dependencies.items()},
        )


def _urns(resources: Iterable[PolicyResource]) -> frozenset[str]:
    return frozenset(item.urn for item in resources)


def of_arguments(args: ResourceValidationArgs | PolicyResource) -> Resource:
    """A resource as the rules see it, before it is made."""
    return Resource(
        type=args.resource_type,
        name=args.name,
        urn=args.urn,
        values=plain(args.props),
        provider=_of_provider(args.provider) if args.provider else None,
        protect=bool(args.opts.protect),
    )


def _of_provider(args: PolicyProviderResource) -> Resource:
    return Resource(args.resource_type, args.name, args.urn, plain(args.props))


def plain(value: Any) -> Any:  # noqa: ANN401 - a property holds anything
    """The value without the SDK's proxies, which raise where a value is not known yet."""
    if isinstance(value, Mapping):
        return {key: _item(value, key) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_item(value, index) for index in range(len(value))]
    return value


def _item(container: Any, key: Any) -> Any:  # noqa: ANN401 - as above
    try:
        return plain(container[key])
    except UnknownValueError:
        return UNKNOWN
