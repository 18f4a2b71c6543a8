"""Our speed beside that of the host's own tools, as ratios within one run."""
