"""Emulated processes and threads: how they start, wait, end, and are watched."""
