"""Files as memory: L4Re components over the file server."""
