"""Emulated programs that come with Eka, a folder each."""
