"""The project itself: settings, the two doors of the server (HTTP and sockets), jobs, start-up and health."""
