"""How those who talked rated their calls."""
