"""The parts of the pytest plugin: guard, watchdog, event logs, one CPU per process."""
