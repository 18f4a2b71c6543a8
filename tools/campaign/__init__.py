"""`eka stress`: one program, run again and again, while things go wrong around it."""
