"""The application on a socket, and the time that passes while it is served."""
