"""An executable's header is read without running it."""

import pytest

from eka import Image
from kernel.abi.compiled import compile_module
from kernel.abi.image import KDynamicLibraryUid, KExecutableImageUid


def image(source: str) -> Image:
    return compile_module(source.encode(), "x.py").image


def test_without_a_header_it_is_a_program_or_a_library_of_no_name() -> None:
    assert image("1 / 0") == Image()
    assert image("EXPORTS = ()") == Image(uid1=KDynamicLibraryUid)
    assert image("def f():\n    EXPORTS = ()") == Image()
    assert Image().uids == (KExecutableImageUid, 0, 0)


def test_a_header_gets_what_its_names_come_from_and_nothing_else() -> None:
    source = """
raise SystemExit
from nowhere import unused
from typing import Final
from eka import *
import userlib as u
A, B = 1, 2
K: Final = 5
K2 = K + 1
K2 = K2 * 2
IMAGE: Final = Image(uid2=K, uid3=K2, capabilities=frozenset((u.TCapability(0),)))
"""
    wanted = Image(uid2=5, uid3=12, capabilities=frozenset((0,)))
    assert image(source) == wanted
    assert image(source + "EXPORTS: Final = ()") == Image(
        KDynamicLibraryUid, 5, 12, capabilities=frozenset((0,))
    )


def test_the_last_header_counts_and_one_may_be_imported() -> None:
    two = "from eka import Image\nIMAGE = Image(uid2=1)\nIMAGE = Image(uid2=2)\n"
    assert image(two) == Image(uid2=2)
    own = "from servers.fileserver.server import IMAGE\n"
    assert image(own).uid3 == 0x100039E3


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("IMAGE = 5", ValueError),
        ("IMAGE = unknown", NameError),
        ("import sys\nIMAGE = sys.exit()", SystemExit),
        ("import nowhere\nIMAGE = nowhere", ImportError),
        ("IMAGE = next(iter(()))", StopIteration),
        ("IMAGE = (", SyntaxError),
        ("\0", (SyntaxError, ValueError)),
    ],
)
def test_what_is_wrong_with_a_header_is_told_as_it_is(
    source: str, error: type[BaseException]
) -> None:
    with pytest.raises(error):
        image(source)


def test_the_source_is_kept_where_it_is_asked_for() -> None:
    assert compile_module(b"x = 1\n", "x.py").source == ""
    kept = compile_module(b"x = 1\n", "x.py", keep_source=True)
    assert (kept.source, kept.file, kept.image) == ("x = 1\n", "x.py", Image())
    given = Image(uid3=9)
    assert compile_module(b"IMAGE = 5", "x.py", given).image is given
