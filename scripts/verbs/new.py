"""`govcloud new`: a department's first request, from a template and a few answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from scripts.console import out
from scripts.planning.draft import Answers, portal_group, require_name, templates, write
from scripts.spoken import Lang
from stacks.errors import RequestError
from stacks.language import say
from stacks.request.diagnostics import did_you_mean
from stacks.request.fields import Tier
from stacks.settings import Settings

QUESTIONS = (
    "name_en",
    "name_zh",
    "tier",
    "parent",
    "department",
    "contact",
    "email",
    "title",
    "hostname",
)
"""What is asked, in this order; each can be said beforehand as `--set key=value`."""

ABOUT_PORTALS = frozenset({"title", "hostname"})

Tenant = Annotated[str, typer.Argument(help="The new id, for example water-bureau; it never changes.")]
Template = Annotated[str | None, typer.Option(help="A file of tenants/templates.", show_default=False)]
Said = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help=f"An answer; keys: {', '.join(QUESTIONS)}."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Ask nothing; what is not said gets a value to look at.")]


def register(app: typer.Typer) -> None:
    """Add the verb."""

    @app.command()
    def new(
        tenant: Tenant, template: Template = None, said: Said = None, yes: Yes = False, _lang: Lang = None
    ) -> None:
        """Write tenants/TENANT.yaml, commented and passing the check; a file that exists is not touched."""
        tenants = Settings.from_environment().tenants
        require_name(tenants, tenant)
        known, answers = templates(tenants), _said(said or ())
        if template is None:
            template = _ask(say("new.ask-template", templates=list(known)), next(iter(known)), yes=yes)
        portal = portal_group(known.get(template, {})) is not None
        for key in QUESTIONS:
            if key not in answers and (portal or key not in ABOUT_PORTALS):
                answers[key] = _ask(_question(key), _default(key, tenant, answers), yes=yes)
        path = write(tenants, Answers(tenant=tenant, template=template, **answers))
        out.print(say("new.written", path=path, tenant=tenant), markup=False)


def _question(key: str) -> str:
    return say("new.ask-tier", tiers=list(Tier)) if key == "tier" else say(f"new.ask-{key}")


def _ask(question: str, default: str, *, yes: bool) -> str:
    asked: str = default if yes else typer.prompt(question, default=default, err=True)
    return asked


def _said(said: Sequence[str]) -> dict[str, str]:
    answers = {}
    for item in said:
        key, sign, value = item.partition("=")
        if not (sign and value):
            raise RequestError(say("new.not-key-value", item=item))
        if key not in QUESTIONS:
            raise RequestError(say("new.not-asked", item=item, key=key, hint=did_you_mean(key, QUESTIONS)))
        answers[key] = value
    return answers


def _default(key: str, tenant: str, answers: dict[str, str]) -> str:
    english = answers.get("name_en", tenant.replace("-", " ").title())
    defaults = {
        "name_en": english,
        "name_zh": "待填写",
        "tier": Tier.CITY.value,
        "parent": "",
        "department": english,
        "contact": say("new.duty-officer"),
        "email": f"it@{tenant}.example",
        "title": answers.get("name_zh", english),
        "hostname": f"www.{tenant}.example",
    }
    return defaults[key]
