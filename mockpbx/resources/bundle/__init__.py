"""Bundles: several extensions of one employee."""
