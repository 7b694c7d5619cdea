"""The control API of mockpbx itself."""
