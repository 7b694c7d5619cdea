"""When phones came online and went."""
