"""Text objects: what a program shows its user.

Original: GenTextClass and VisTextClass, of whose messages these are the ones that the
sample applications of IACP use.
"""

from userlib.geos.gen import GenClass
from userlib.geos.message import message, method


class GenTextClass(GenClass):
    """A text that others replace, lengthen and read.

    Threads: the one that runs it; messages come from any.
    Original: GenTextClass.
    """

    MSG_VIS_TEXT_REPLACE_ALL = message(text=str)
    MSG_VIS_TEXT_APPEND = message(text=str)
    MSG_VIS_TEXT_GET_ALL = message()

    text: str = ""

    @method(MSG_VIS_TEXT_REPLACE_ALL)
    def replace_all(self, text: str) -> None:
        """Show this instead. Original: MSG_VIS_TEXT_REPLACE_ALL_PTR."""
        self.text = text

    @method(MSG_VIS_TEXT_APPEND)
    def append(self, text: str) -> None:
        """Show this too. Original: MSG_VIS_TEXT_APPEND_PTR."""
        self.text += text

    @method(MSG_VIS_TEXT_GET_ALL)
    def get_all(self) -> str:
        """All that is shown. Original: MSG_VIS_TEXT_GET_ALL_PTR."""
        return self.text
