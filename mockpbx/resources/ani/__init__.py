"""The number that an extension shows outside."""
