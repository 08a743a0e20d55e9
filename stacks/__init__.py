"""The govcloud landing zone: requests, the pure plan and the Pulumi stacks that translate it."""
