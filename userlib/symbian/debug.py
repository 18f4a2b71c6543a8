"""RDebug: a line to whoever watches the machine."""

from kernel.abi.current import current_exec
from userlib.symbian.descriptors import TDesCBase
from userlib.symbian.formatting import BadFormat, BadFormatArgument, format_text


class RDebug:
    """Output to the debug port: the event `debug/print`, and standard error.

    It never fails, and takes no server and no heap. What one call says stays together,
    with the thread and the time.

    Original: RDebug (e32debug.h).
    """

    @staticmethod
    def print(pattern: str, *args: object) -> None:
        """A line made of *pattern* and *args*, as formatting.py says.

        A wrong pattern, or wrong arguments, are shown as they are.
        Original: RDebug::Print.
        """
        current_exec.get().debug_print(_line(pattern, args))

    @staticmethod
    def printf(pattern: str, *args: object) -> None:
        """The same. Original: RDebug::Printf, for C strings."""
        RDebug.print(pattern, *args)

    @staticmethod
    def raw_print(text: str | bytes | TDesCBase[str] | TDesCBase[bytes]) -> None:
        """Exactly *text*: no line ends but its own. Original: RDebug::RawPrint."""
        data = text.contents() if isinstance(text, TDesCBase) else text
        shown = data.decode("latin-1") if isinstance(data, bytes) else data
        current_exec.get().debug_raw_print(shown)


def _line(pattern: str, args: tuple[object, ...]) -> str:
    try:
        return format_text(pattern, args)
    except (BadFormat, BadFormatArgument):
        return " ".join((pattern, *map(repr, args)))
