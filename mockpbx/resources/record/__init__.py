"""Recordings of calls, with real sound."""
