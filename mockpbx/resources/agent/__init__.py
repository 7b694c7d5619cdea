"""Agents of queues."""
