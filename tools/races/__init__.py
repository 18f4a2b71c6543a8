"""Races of IACP: geodes that do things to each other at once, on any schedule."""
