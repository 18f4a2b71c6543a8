"""Seeing inside: snapshots, the wait-for graph, sinks, the check of invariants."""
