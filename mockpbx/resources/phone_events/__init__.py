"""Event subscriptions on all phones of a client."""
