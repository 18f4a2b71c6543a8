"""Emulated server programs: each a protocol, a client and a server."""
