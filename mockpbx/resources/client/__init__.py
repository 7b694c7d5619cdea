"""Clients and their limits."""
