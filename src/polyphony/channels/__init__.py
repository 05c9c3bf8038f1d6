"""The doors: the world's message formats and sockets."""
