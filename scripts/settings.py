"""Temporary alias until every module imports `stacks.settings`."""

from stacks.settings import REPOSITORY, Settings

__all__ = ["REPOSITORY", "Settings"]
