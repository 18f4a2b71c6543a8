"""The `eka` command: what a person types, and the exit statuses it answers with."""
