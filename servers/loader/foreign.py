"""Compiling what anybody may have written: where a file's mistakes end."""

from kernel.abi.compiled import CompiledModule, compile_module
from kernel.abi.current import current_exec


class CorruptFile(Exception):
    """It is no executable."""


def compile_foreign(contents: bytes, file_name: str) -> CompiledModule:
    """Compile a file, masked, without being torn or ended by what is in it.

    Raises: ImportError if an import of its header fails; CorruptFile for all else that
        is wrong with it.
    """
    return current_exec.get().host_call(_compile, contents, file_name)


def _compile(contents: bytes, file_name: str) -> CompiledModule:
    try:
        return compile_module(contents, file_name, keep_source=True)
    except (ImportError, MemoryError):
        raise
    except (Exception, SystemExit) as error:  # a header may raise anything
        raise CorruptFile(file_name) from error
