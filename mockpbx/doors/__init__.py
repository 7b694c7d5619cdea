"""Ways into a world without a socket, for the HTTP libraries that are installed."""
