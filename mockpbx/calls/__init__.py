"""Calls that happen: their legs, their routing, and the events that they cause."""
