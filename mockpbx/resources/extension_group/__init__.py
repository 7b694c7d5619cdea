"""Groups of extensions."""
