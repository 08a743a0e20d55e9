"""The pure plan: every name, address, rule and route is decided here, before Pulumi starts."""
