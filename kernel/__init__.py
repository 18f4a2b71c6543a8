"""The machine: privileged code that owns threads, processes, handles and messages."""
