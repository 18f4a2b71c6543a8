"""Pages of docs/ that are made from the sources; plays the tutorial."""
