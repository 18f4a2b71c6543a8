"""A spell-check service: it comes when an editor asks for it, and leaves with the last.

An application, that nobody starts: `editor.py` and `engine_job.py` connect to its
token. It runs as an engine, without a user interface.
"""

from typing import Final

from userlib.geos import (
    MANUFACTURER_ID_SDK,
    GenApplicationClass,
    GenProcessClass,
    Geode,
    GeodeToken,
    Optr,
    message,
    method,
    obj_message,
)

SPELLER_TOKEN: Final = GeodeToken(b"SPEL", MANUFACTURER_ID_SDK)
WORDS: Final = frozenset(
    ("a", "by", "kernel", "message", "sends", "small", "system", "the", "to", "word")
)


class SpellerClientClass(GenProcessClass):
    """What the process objects of clients are derived from: it knows the answer."""

    MSG_SPELLER_ANSWER = message(unknown=str)


class SpellerProcessClass(GenProcessClass):
    """Looks words up, and answers to whom the question says."""

    MSG_SPELLER_CHECK = message(text=str, answer_to=Optr)

    @method(MSG_SPELLER_CHECK)
    def check(self, text: str, answer_to: Optr) -> None:
        """Answer with the words that are unknown. Who is gone hears nothing."""
        unknown = " ".join(word for word in text.split() if word not in WORDS)
        obj_message(answer_to, SpellerClientClass.MSG_SPELLER_ANSWER, unknown=unknown)


class SpellerApplicationClass(GenApplicationClass):
    """All its life is the default."""

    single_instance = True


GEODE: Final = Geode(
    "speller",
    SPELLER_TOKEN,
    SpellerProcessClass,
    SpellerApplicationClass,
    ui_thread=True,
    multi_launchable=False,
)


def e32main() -> None:
    """Be that geode."""
    GEODE.run()
