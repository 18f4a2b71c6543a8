"""Dll: thread-local storage, a word for each module and thread."""

from kernel.abi.current import current_exec
from userlib.symbian.word import signed_word


class Dll:
    """Static functions only. A word is the calling thread's alone, and goes with it.

    A module is named by its handle, any number here; *uid* tells apart what modules of
    one handle store.

    Original: Dll (e32std.h), and UserSvr::DllTls with its kin.
    """

    @staticmethod
    def set_tls(module: int, value: int, uid: int = 0) -> None:
        """Store a word of 32 bits, instead of what was stored there before.

        Raises: KErrNoMemory.
        Original: Dll::SetTls, UserSvr::DllSetTls.
        """
        current_exec.get().tls_set(module, uid, signed_word(value))

    @staticmethod
    def tls(module: int, uid: int = 0) -> int:
        """The word stored; 0 without one. Original: Dll::Tls, UserSvr::DllTls."""
        return current_exec.get().tls_get(module, uid)

    @staticmethod
    def free_tls(module: int, uid: int = 0) -> None:
        """Forget the word. Original: Dll::FreeTls, UserSvr::DllFreeTls."""
        current_exec.get().tls_free(module, uid)
