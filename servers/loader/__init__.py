"""The loader: finds executables on the drives, and starts them for its clients."""
