"""The Pulumi toolchain: CLI, Python language host and OpenStack provider, found, downloaded or built."""

from scripts.toolchain.ensure import Toolchain, ensure_toolchain

__all__ = ["Toolchain", "ensure_toolchain"]
