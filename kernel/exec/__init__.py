"""The kernel calls: each checks its arguments and makes one kernel operation."""
