"""What an executable may be called, and where that is looked for."""

from collections.abc import Callable

import pytest

from eka import Image, Kernel, LoaderSpec
from kernel.abi.security import ALL_CAPABILITIES
from userlib import (
    KErrArgument,
    KErrBadName,
    KErrNotFound,
    KErrNotSupported,
    KErrPermissionDenied,
    Leave,
    RLibrary,
    RProcess,
    Trap,
    TRequestStatus,
    User,
    trap,
)

Tell = Callable[..., None]
Install = Callable[[dict[str, str]], None]
Result = Callable[..., int]

LOOSE = LoaderSpec(enforce_sys_bin=False)
SEVEN = "def e32main():\n    return 7\n"


def returns(number: int) -> str:
    return f"def e32main():\n    return {number}\n"


def test_a_refusal_says_what_cannot_be_loaded(tell: Tell) -> None:
    def story() -> None:
        for refused in (RLibrary().load, RProcess().create, RProcess().launch):
            with pytest.raises(Leave) as told:
                refused("absent")
            assert str(told.value) == "KErrNotFound (-1): 'absent' cannot be loaded"

    tell(story)


@pytest.mark.case("SU-88")
def test_a_library_is_refused_for_its_name_its_uids_or_its_capabilities(
    install: Install, tell: Tell
) -> None:
    header = "from eka import Image\nIMAGE = Image(uid2=2, uid3=3)\nEXPORTS = ()\n"
    install({"C:\\sys\\bin\\plugin.dll": header})

    def story() -> None:
        library = RLibrary()
        assert trap(library.load, "x[1].dll") == KErrBadName
        assert trap(library.load, "absent") == KErrNotFound
        for uids in ((0x10000079, 2, 4), (0x1000007A, 0, 0), (0, 5, 0)):
            with Trap() as trapped:
                library.load("plugin", uids=uids)
            assert trapped.code == KErrNotSupported
        assert library.handle == 0
        with library.load("plugin", uids=(0x10000079, 2, 3)):
            assert library.uids() == (0x10000079, 2, 3)

    def trusted() -> None:
        library = RLibrary()
        assert trap(library.load, "plugin") == KErrPermissionDenied
        assert library.handle == 0

    tell(story)
    tell(trusted, Image(capabilities=ALL_CAPABILITIES))


@pytest.mark.case("SU-89")
@pytest.mark.parametrize("loader", [LoaderSpec(), LOOSE], ids=["enforced", "loose"])
def test_any_path_means_sys_bin_unless_that_is_not_enforced(
    machine: Kernel, tell: Tell, loader: LoaderSpec
) -> None:
    machine.register("P", lambda: None)
    outside = "\\SYSTEM\\PROGRAMS\\P"

    def story() -> None:
        process = RProcess()
        if not loader.enforce_sys_bin:
            assert trap(process.create, outside) == KErrNotFound
        with process.create(outside if loader.enforce_sys_bin else "P") as found:
            assert found.file_name().lower() == "z:\\sys\\bin\\p.exe"
            status = TRequestStatus()
            found.logon(status)
            found.resume()
            User.wait_for_request(status)

    tell(story)


@pytest.mark.parametrize("loader", [LOOSE], ids=["loose"])
def test_a_program_is_where_its_full_name_says(
    install: Install, tell: Tell, result: Result
) -> None:
    install({"D:\\tools\\x.exe": SEVEN, "D:\\tools\\deep\\y.py": returns(8)})

    def story() -> None:
        assert result("D:\\tools\\x.exe") == 7
        assert result("d:\\TOOLS\\X.EXE") == 7
        assert result("D:\\tools\\x") == 7
        assert result("\\tools\\x") == 7
        assert result("D:\\tools\\deep\\y.exe") == 8
        assert trap(result, "C:\\tools\\x.exe") == KErrNotFound
        assert trap(result, "D:\\other\\x.exe") == KErrNotFound
        assert trap(result, "E:\\tools\\x.exe") == KErrNotFound
        assert trap(result, "x.exe") == KErrNotFound

    tell(story)


def test_a_path_below_sys_bin_stays(
    install: Install, tell: Tell, result: Result
) -> None:
    install({"C:\\sys\\bin\\test\\x.exe": SEVEN})

    def story() -> None:
        assert result("C:\\sys\\bin\\test\\x.exe") == 7
        assert result("\\SYS\\BIN\\TEST\\x") == 7
        assert trap(result, "C:\\sys\\bin\\x.exe") == KErrNotFound
        assert trap(result, "x") == KErrNotFound

    tell(story)


def test_drives_come_from_the_end_of_the_alphabet_and_then_rom(
    machine: Kernel, install: Install, tell: Tell, result: Result
) -> None:
    machine.register("own", lambda: 26)
    machine.register("inrom", lambda: 27)
    install({f"{drive}:\\sys\\bin\\x.exe": returns(ord(drive)) for drive in "CD"})
    install({"C:\\sys\\bin\\own.exe": returns(1)})

    def story() -> None:
        assert result("x") == ord("D")
        assert result("C:x") == ord("C")
        assert result("own") == 1
        assert result("Z:own") == 26
        assert result("inrom") == 27  # the machine's own go before files in ROM

    tell(story)


def test_a_library_is_looked_for_along_the_callers_path_first(
    install: Install, tell: Tell
) -> None:
    def exports(value: str) -> str:
        return f"EXPORTS = (lambda: {value!r},)\n"

    install(
        {
            "C:\\sys\\bin\\x.dll": exports("C"),
            "D:\\sys\\bin\\first\\x.dll": exports("first"),
            "D:\\sys\\bin\\second\\x.dll": exports("second"),
        }
    )

    def said(*where: str) -> str:
        with RLibrary().load(*where) as library:
            function = library.lookup(1)
            assert function is not None
            return str(function())

    def story() -> None:
        assert said("x") == "C"
        assert said("x", "\\sys\\bin\\second;\\sys\\bin\\first") == "second"
        assert said("x", "D:\\sys\\bin\\first\\;\\sys\\bin\\second") == "first"
        assert said("C:x", "D:\\sys\\bin\\first") == "C"
        assert said("C:\\sys\\bin\\x", "\\sys\\bin\\first") == "C"
        assert said("x", "\\sys\\bin\\none;;") == "C"
        assert trap(said, "x", "relative") == KErrBadName

    tell(story)


@pytest.mark.parametrize(
    "name",
    [
        "x[1].exe",
        "x]",
        "x{1.exe",
        "x}1{.exe",
        "{1}x.exe",
        "x{1}{2}.exe",
        "x{g}.exe",
        "x{123456789}.exe",
        "C:D:x.exe",
        "CC:x.exe",
        "C:\\a:b\\x.exe",
        "\\{1}\\x.exe",
        "relative\\x.exe",
        "C:\\\\x.exe",
        "C:\\..\\x.exe",
        "x\u00e9.exe",
        "x\t.exe",
        "*.exe",
        "",
        ".exe",
        "C:\\sys\\bin\\",
        "n" * 77 + ".exe",
        "\\" + "n" * 256,
    ],
)
@pytest.mark.backends("explore")
def test_a_name_that_can_be_none_is_refused(tell: Tell, name: str) -> None:
    def story() -> None:
        assert trap(RProcess().create, name) == KErrBadName
        assert trap(RLibrary().load, name) == KErrBadName

    tell(story)


def test_a_stack_below_nothing_is_refused(machine: Kernel, tell: Tell) -> None:
    machine.register("p", lambda: None)

    def story() -> None:
        create = RProcess().create
        assert trap(lambda: create("p", min_stack_size=-1)) == KErrArgument
        with create("p", min_stack_size=0x10000, uids=(0x1000007A, 0, 0)) as process:
            process.kill(0)
        assert trap(lambda: create("p", uids=(0x10000079, 0, 0))) == KErrNotSupported
        assert trap(lambda: create("p", uids=(0, 0, 9))) == KErrNotSupported

    tell(story)
