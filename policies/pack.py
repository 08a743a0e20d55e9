"""The rules as a Pulumi policy pack: every one is mandatory, and none can be switched off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyPack,
    PolicyProviderResource,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
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
PAGES = "policies/docs"
OWN = ("pulumi:pulumi:Stack", "pulumi:pulumi:StackReference", "pulumi:providers:pulumi", "govcloud:")
"""Types that make nothing outside of Pulumi: the stack itself, references to other stacks, components."""

Contexts = Callable[[str], Context]


def serve(engine: str) -> None:
    """Answer the engine until it ends; it has to say which engine this is, so that programs find the pack.

    The plan is made in the meantime that the program needs to start.
    """
    with watched.announce(engine), ThreadPoolExecutor(1) as worker:
        PolicyPack(NAME, Run(_contexts(worker)).policies(), enforcement_level=EnforcementLevel.MANDATORY)


def _contexts(worker: ThreadPoolExecutor) -> Contexts:
    settings = Settings.from_environment()
    plan: Future[Plan] = worker.submit(plan_from_folder, settings.tenants, settings.today)

    @cache
    def context(stack: str) -> Context:
        return Context.of(stack, plan.result(), settings)

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
