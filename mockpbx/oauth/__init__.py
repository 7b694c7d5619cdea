"""OAuth: tokens, grants and the login page."""
