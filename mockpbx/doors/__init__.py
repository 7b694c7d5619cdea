"""Ways into a world without a socket, for HTTP libraries that are there."""
