"""A count server whose sessions have as many counters as their client opens."""
