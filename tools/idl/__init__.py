"""The IDL compiler: descriptions of L4Re interfaces in, Python modules out.

    text ─► parser ─► nodes ─► checker ─► model ─► emitters ─► files

Nothing here knows of the machine, or of what the modules run on.
"""

from tools.idl.compilation import Compilation, Options, compile_file
from tools.idl.diagnostic import Diagnostic
from tools.idl.output import generate, write_files

__all__ = [
    "Compilation",
    "Diagnostic",
    "Options",
    "compile_file",
    "generate",
    "write_files",
]
