"""The Pulumi toolchain: CLI, Python language host and OpenStack provider, found, downloaded or built."""
