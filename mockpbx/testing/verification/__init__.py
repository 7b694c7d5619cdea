"""Whether the code under test asked for, and was told, what it should have."""
