"""Pulumi components: one concept of the landing zone a file; they translate the plan and decide nothing."""
