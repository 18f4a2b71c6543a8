"""The shell's commands, a module for each kind of thing they are about."""
