"""Servers, sessions and the messages between them."""
