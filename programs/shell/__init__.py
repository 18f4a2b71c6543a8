"""The shell: a text command interpreter, an emulated process on a text console."""
