"""Measured figures of the project: ratios are taken in one run, on one machine; no test asserts a time."""
