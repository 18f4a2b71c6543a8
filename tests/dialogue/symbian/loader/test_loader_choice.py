"""Which of several candidates is loaded, and why none of them is."""

from collections.abc import Callable

import pytest

from eka import Image, Kernel, LoaderSpec
from kernel.abi.security import ALL_CAPABILITIES
from servers.fileserver.client import RFile, RFs
from servers.fileserver.modes import EFileShareExclusive
from userlib import (
    ExitInfo,
    KErrAlreadyExists,
    KErrCorrupt,
    KErrInUse,
    KErrNotSupported,
    KErrPermissionDenied,
    RLibrary,
    RProcess,
    TRequestStatus,
    User,
    trap,
)

Tell = Callable[..., None]
Install = Callable[[dict[str, str]], None]
Result = Callable[..., int]


def program(number: int, header: str = "") -> str:
    image = f"from eka import Image\nIMAGE = Image({header})\n" if header else ""
    return f"{image}def e32main():\n    return {number}\n"


def test_the_highest_compatible_version_is_loaded_and_the_first_of_equals(
    install: Install, tell: Tell, result: Result
) -> None:
    install(
        {
            "D:\\sys\\bin\\x.exe": program(1, "version=0x000A0001"),
            "C:\\sys\\bin\\x.exe": program(2, "version=0x000A0002"),
            "D:\\sys\\bin\\y.exe": program(3, "version=0x000A0002"),
            "C:\\sys\\bin\\y.exe": program(4, "version=0x000A0002"),
            "C:\\sys\\bin\\x{000b0000}.exe": program(5),
        }
    )

    def story() -> None:
        assert result("x") == 5
        assert result("x{000a0000}") == 2
        assert result("x{000a0002}.exe") == 2
        assert result("x{000b0000}") == 5
        assert trap(result, "x{000a0003}") == KErrNotSupported
        assert trap(result, "x{00090000}") == KErrNotSupported
        assert result("y") == 3

    tell(story)


def test_a_python_file_stands_for_either_after_the_real_ones(
    install: Install, tell: Tell, result: Result
) -> None:
    install(
        {
            "C:\\sys\\bin\\x.py": program(1),
            "C:\\sys\\bin\\x.exe": program(2),
            "C:\\sys\\bin\\y.py": program(3),
            "C:\\sys\\bin\\z.py": "EXPORTS = (len,)\n",
        }
    )

    def story() -> None:
        assert (result("x"), result("y")) == (2, 3)
        with RProcess().create("y") as process:
            assert process.file_name() == "C:\\sys\\bin\\y.py"
            assert process.name().startswith("y.exe[")
            process.kill(0)
        assert trap(result, "z") == KErrNotSupported
        assert trap(RLibrary().load, "y") == KErrNotSupported
        with RLibrary().load("z") as library:
            assert library.name() == "z{000a0000}[00000000].dll"

    tell(story)


def test_of_all_that_is_wrong_the_first_in_order_is_told(
    install: Install, tell: Tell
) -> None:
    """Each library adds to those before it something that weighs more."""
    corrupt = "EXPORTS = (\n"
    stranger = "from eka import Image\nIMAGE = Image(uid3=5)\nEXPORTS = ()\n"
    too_old = (
        "from eka import Image\nfrom kernel.abi.security import ALL_CAPABILITIES\n"
        "IMAGE = Image(version=0x00010000, capabilities=ALL_CAPABILITIES)\n"
        "EXPORTS = ()\n"
    )
    no_import = "import nowhere\nIMAGE = nowhere.Image()\nEXPORTS = ()\n"
    install(
        {
            "C:\\sys\\bin\\a.dll": corrupt,
            "C:\\sys\\bin\\b.dll": corrupt,
            "D:\\sys\\bin\\b.dll": stranger,
            "C:\\sys\\bin\\d.dll": corrupt,
            "D:\\sys\\bin\\d.dll": too_old,
            "C:\\sys\\bin\\e.dll": corrupt,
            "D:\\sys\\bin\\e.dll": no_import,
            "C:\\sys\\bin\\f.dll": "IMAGE = 5\nEXPORTS = ()\n",
            "C:\\sys\\bin\\g.dll": "IMAGE = 1 / 0\nEXPORTS = ()\n",
            "C:\\sys\\bin\\h.dll": "import sys\nIMAGE = sys.exit(3)\nEXPORTS = ()\n",
            "C:\\sys\\bin\\i.dll": "\0",
            "C:\\sys\\bin\\j.dll": "IMAGE = next(iter(()))\nEXPORTS = ()\n",
            "C:\\sys\\bin\\k.dll": "x = " + "(" * 500 + ")" * 500,
        }
    )

    def untrusted() -> None:
        library = RLibrary()
        assert trap(library.load, "a") == KErrCorrupt
        uids = (0, 0, 6)
        assert trap(lambda: library.load("b", uids=uids)) == KErrNotSupported
        assert trap(library.load, "d{000a0000}") == KErrNotSupported
        assert trap(library.load, "e") == KErrNotSupported
        for name in "fghijk":
            assert trap(library.load, name) == KErrCorrupt

    def trusted() -> None:
        library = RLibrary()
        uids = (0, 0, 6)
        assert trap(lambda: library.load("b", uids=uids)) == KErrPermissionDenied
        assert trap(library.load, "d{000a0000}") == KErrNotSupported

    tell(untrusted)
    tell(trusted, Image(capabilities=ALL_CAPABILITIES))


def test_a_file_that_is_being_written_is_in_use(install: Install, tell: Tell) -> None:
    install({"C:\\sys\\bin\\x.exe": program(1)})

    def trusted() -> None:
        name = "C:\\sys\\bin\\x.exe"
        with RFs().connect() as fs, RFile().open(fs, name, EFileShareExclusive):
            assert trap(RProcess().create, "x") == KErrInUse

    tell(trusted, Image(capabilities=ALL_CAPABILITIES))


def test_what_a_programs_header_needs_is_executed_and_nothing_else(
    install: Install, tell: Tell
) -> None:
    source = (
        "import nowhere_at_all as unused\n"
        "from eka import Image\n"
        "KUid = 0x10\n"
        "KOther = KUid + 1\n"
        "raise SystemExit\n"
        "IMAGE = Image(uid2=KUid, uid3=KOther, secure_id=5, vendor_id=6)\n"
    )
    install({"C:\\sys\\bin\\x.exe": source})

    def story() -> None:
        with RProcess().create("x") as process:
            assert process.uids() == (0x1000007A, 0x10, 0x11)
            assert (process.secure_id(), process.vendor_id()) == (5, 6)
            process.kill(0)

    tell(story)


def test_a_changed_file_is_what_is_loaded_next(
    install: Install, tell: Tell, result: Result
) -> None:
    numbers: list[int] = []
    for number in (1, 2, 2, 1):
        install({"C:\\sys\\bin\\x.exe": program(number)})
        tell(lambda: numbers.append(result("x")))
    assert numbers == [1, 2, 2, 1]


@pytest.mark.dies_of("ZeroDivisionError")
def test_a_traceback_shows_the_lines_of_a_file_on_a_drive(
    machine: Kernel, install: Install, tell: Tell
) -> None:
    source = "def e32main():\n    mistake = 1 // 0  # on purpose\n"
    install({"C:\\sys\\bin\\bad.exe": source})
    ends: list[ExitInfo] = []

    def story() -> None:
        with RProcess().create("bad") as process:
            status = TRequestStatus()
            process.logon(status)
            process.resume()
            User.wait_for_request(status)
            ends.append(process.exit_info())

    tell(story)
    assert str(ends[0]) == "panicked KERN-EXEC 3"
    (died,) = machine.debug.exceptions
    text = died.traceback
    assert 'File "C:\\sys\\bin\\bad.exe", line 2, in e32main' in text
    assert "mistake = 1 // 0  # on purpose" in text


@pytest.mark.parametrize("loader", [LoaderSpec(enforce_sys_bin=False)], ids=["loose"])
def test_two_files_of_one_name_and_version_do_not_fit_into_one_process(
    install: Install, tell: Tell
) -> None:
    install(
        {
            "C:\\a\\x.dll": "EXPORTS = ()\n",
            "C:\\b\\x.dll": "EXPORTS = ()\n",
            "C:\\b\\x{000b0000}.dll": "EXPORTS = ()\n",
        }
    )

    def story() -> None:
        with RLibrary().load("C:\\a\\x"):
            assert trap(RLibrary().load, "C:\\b\\x{000a0000}") == KErrAlreadyExists
            with RLibrary().load("C:\\b\\x") as other:
                assert other.file_name() == "C:\\b\\x{000b0000}.dll"
                assert other.name() == "x{000b0000}[00000000].dll"
        RLibrary().load("C:\\b\\x{000a0000}").close()

    tell(story)
