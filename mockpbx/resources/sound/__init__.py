"""Sounds that are played to callers."""
