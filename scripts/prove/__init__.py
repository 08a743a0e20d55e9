"""Segmentation shown by packets: what the plan expects, and what hosts and the outside really reach."""
