"""Public numbers."""
