"""The lab: a real OpenStack in one box of namespaces on this machine (see docs/lab.md)."""
