"""Long, hostile and random runs: threads hard to kill, calls nobody would make."""
