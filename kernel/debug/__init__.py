"""Seeing inside: snapshots, the wait-for graph, sinks, and the check of all invariants."""
