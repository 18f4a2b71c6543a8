"""What the loader server alone may do."""

from typing import Protocol

from kernel.abi.compiled import CompiledModule
from kernel.abi.image import Image


class ExecLoader(Protocol):
    """Making processes and libraries for the loader's clients.

    The loader is the process of the server `!Loader`; anybody else panics KERN-EXEC 1.

    Original: E32Loader.
    """

    def loader_image(self, name: str) -> tuple[str, Image]:
        """Name and header of an executable of the machine's own, by root name.

        Raises: KErrNotFound; KErrCorrupt.
        """

    def loader_create_process(
        self,
        message: int,
        file_name: str,
        module: CompiledModule | None,
        command_line: str,
        owner: int,
        stack_size: int,
    ) -> int:
        """A process that the message's client has created; its handle.

        Without a *module* it is one of the machine's own programs.

        Raises: KErrBadName, KErrNoMemory; KErrDied if the client is dead.
        """

    def loader_load_library(
        self, message: int, file_name: str, module: CompiledModule | None, owner: int
    ) -> int:
        """A library of the client's process, as loader_create_process.

        One that the process has already gets a further handle.

        Raises: KErrAlreadyExists if it has another of the same name and version.
        """

    def loader_count_users(self, file_name: str) -> int:
        """How many live processes and libraries were made of a file."""
