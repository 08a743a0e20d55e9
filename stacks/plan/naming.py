"""Names of stacks."""

PROJECT = "govcloud"

PLATFORM_STACK = "platform"
"""The one stack that is not a tenant's; no tenant may have this id."""
