"""Everything outside the machine: boot, command line, pytest plugin, conformance."""
