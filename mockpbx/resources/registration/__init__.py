"""Registrations of devices."""
