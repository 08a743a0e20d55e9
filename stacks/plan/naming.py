"""Names of stacks, and of what there is once."""

PROJECT = "govcloud"

PLATFORM_STACK = "platform"
"""The one stack that is not a tenant's; no tenant may have this id."""

BASTION = "govcloud-bastion"
"""The bastion in the cloud: its server, its port, its security group; and what it calls itself."""


def owner_tag(tenant: str) -> str:
    """The tag that says whose an object of the cloud is."""
    return f"tenant={tenant}"
