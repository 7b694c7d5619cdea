"""What goes on in a queue now."""
