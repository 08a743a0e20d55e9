"""Runs Pulumi: one subprocess a stack, events turned into progress, failures into clear errors."""
