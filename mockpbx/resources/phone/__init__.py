"""Phone terminal properties."""
