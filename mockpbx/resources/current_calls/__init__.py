"""Calls that run."""
