"""Temporary alias of `stacks.cloud`."""

from stacks.cloud import CloudAccess, cloud_access

__all__ = ["CloudAccess", "cloud_access"]
