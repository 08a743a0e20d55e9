"""Findings as people and programs read them: with a snippet, as data, as annotations of a CI system."""
