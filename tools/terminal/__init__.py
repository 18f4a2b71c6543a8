"""The terminal's end of the emulated console: a person, a pipe, or a test."""

from tools.terminal.captured import CapturedTerminal
from tools.terminal.interactive import InteractiveTerminal
from tools.terminal.plain import PlainTerminal
from tools.terminal.terminal import Terminal, console_config, console_programs

__all__ = [
    "CapturedTerminal",
    "InteractiveTerminal",
    "PlainTerminal",
    "Terminal",
    "console_config",
    "console_programs",
]
