"""A count server whose sessions have one counter each."""
