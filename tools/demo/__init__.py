"""`eka demo`: a machine boots and counts the words of this computer's own Python."""
