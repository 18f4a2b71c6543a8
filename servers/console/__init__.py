"""The text console: windows of characters, behind `!E32WindowServer`."""
