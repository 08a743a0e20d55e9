"""A host is entered with the key of its own tenant, and the private half is nobody else's."""

from __future__ import annotations

from collections.abc import Iterator

from policies.context import Context
from policies.resource import UNKNOWN, Resource
from policies.rule import Rule


def _check(resource: Resource, context: Context) -> Iterator[str]:
    name = resource.value("name" if resource.kind == "compute/Keypair" else "keyPair")
    own = {key for kind, key in context.objects if kind == "compute/Keypair"}
    if name is not UNKNOWN and name not in own:
        yield f"the key pair {name!r} is not the one of {context.stack}"
    if resource.kind == "compute/Keypair" and not resource.value("publicKey"):
        yield "publicKey is not set: Nova would make the private key, and it would lie in the state"


RULE = Rule(
    title="A host is entered with the key of its own tenant only",
    controls=("8.1.4.1-a", "8.1.4.2-c"),
    check=_check,
    kinds=frozenset({"compute/Keypair", "compute/Instance"}),
)
