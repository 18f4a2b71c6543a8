"""The loader's other requests: information, deletion, hashes, and the useless ones."""

from collections.abc import Callable

import pytest

from eka import Executable, Image, Kernel, LoaderSpec
from kernel.abi.current import current_exec
from kernel.abi.executable_name import KLoaderName
from kernel.abi.security import ALL_CAPABILITIES
from servers.fileserver.client import RFile, RFs
from servers.loader.client import RLoader, TLibraryInfo, TLoaderMsg
from servers.loader.protocol import KHashPath, installation_hash
from userlib import (
    KErrAccessDenied,
    KErrBadName,
    KErrCorrupt,
    KErrNone,
    KErrNotFound,
    KErrNotSupported,
    KErrPathNotFound,
    KErrPermissionDenied,
    RLibrary,
    RProcess,
    RSessionBase,
    TIpcArgs,
    TRequestStatus,
    TVersion,
    User,
    trap,
)

Tell = Callable[..., None]
Install = Callable[[dict[str, str]], None]
Result = Callable[..., int]

TRUSTED = Image(capabilities=ALL_CAPABILITIES)
HEADER = (
    "from eka import Image\nfrom userlib import TCapability\n"
    "IMAGE = Image(uid2=2, uid3=3, secure_id=4, vendor_id=5, version=0x00010002,\n"
    "    capabilities=frozenset((TCapability.ECapabilityTCB, )))\n"
)
DRIVERS = (TLoaderMsg.ELoadLogicalDevice, TLoaderMsg.ELoadPhysicalDevice)
FILE_SERVERS = {
    TLoaderMsg.ELoadFileSystem: "x.fsy",
    TLoaderMsg.ELoadFSExtension: "x.fxt",
    TLoaderMsg.ELoadFSPlugin: "x.pxt",
    TLoaderMsg.ELoadFSProxyDrive: "x.pxy",
    TLoaderMsg.ELoadCodePage: "x.dll",
}


def names(path: str = "C:\\sys\\bin\\") -> list[str]:
    with RFs().connect() as fs:
        return sorted(entry.name for entry in fs.entries(path))


def end(process: RProcess) -> None:
    status = TRequestStatus()
    process.logon(status)
    process.resume()
    User.wait_for_request(status)


def test_what_a_file_says_of_itself_can_be_asked(
    machine: Kernel, install: Install, tell: Tell
) -> None:
    machine.register("own.dll", lambda: ())
    install({"C:\\sys\\bin\\x.dll": HEADER + "EXPORTS = ()\n"})
    x_dll = TLibraryInfo(0x10002, (0x10000079, 2, 3), 4, 5, frozenset((0,)))

    def story() -> None:
        assert RLibrary.info("x") == x_dll
        own = TLibraryInfo(0xA0000, (0x10000079, 0, 0), 0, 0, frozenset())
        assert RLibrary.info("own") == own
        assert RLibrary.info("inrom.exe").uids == (0x1000007A, 0, 0)
        assert trap(RLibrary.info, "absent") == KErrNotFound
        assert trap(RLibrary.info, "x[]") == KErrBadName
        with RLoader().connect() as loader:
            contents = (HEADER + "EXPORTS = ()\n").encode()
            assert loader.info_from_header(contents) == x_dll
            assert trap(loader.info_from_header, b"(") == KErrCorrupt
            no_import = b"from nowhere import IMAGE\n"
            assert trap(loader.info_from_header, no_import) == KErrNotSupported

    tell(story)


def test_only_the_trusted_delete_and_only_by_a_full_name(
    machine: Kernel, install: Install, tell: Tell
) -> None:
    machine.register("own", lambda: None)
    install({"C:\\sys\\bin\\x.exe": "", "D:\\y.exe": ""})

    def untrusted() -> None:
        with RLoader().connect() as loader:
            for name in ("C:\\sys\\bin\\x.exe", "x.exe", "D:\\y.exe"):
                assert trap(loader.delete, name) == KErrPermissionDenied

    def trusted() -> None:
        with RLoader().connect() as loader:
            for name in ("x.exe", "\\sys\\bin\\x.exe", "C:x.exe", "C:\\sys[\\x.exe"):
                assert trap(loader.delete, name) == KErrBadName
            loader.delete("C:\\sys\\bin\\x.exe")
            loader.delete("D:\\y.exe")
            assert names() == []
            assert trap(loader.delete, "C:\\sys\\bin\\x.exe") == KErrNotFound
            assert trap(loader.delete, "D:\\no\\x.exe") == KErrPathNotFound
            assert trap(loader.delete, "Z:\\sys\\bin\\own.exe") == KErrAccessDenied
            assert trap(loader.delete, "Z:\\sys\\bin\\inrom.exe") == KErrAccessDenied

    tell(untrusted)
    tell(trusted, TRUSTED)


def test_what_is_in_use_goes_when_it_no_longer_is(install: Install, tell: Tell) -> None:
    program = "def e32main():\n    return 7\n"
    install(
        {
            "C:\\sys\\bin\\x.exe": program,
            "C:\\sys\\bin\\0000dead.$$$": "left by an earlier machine",
        }
    )

    def trusted() -> None:
        with RLoader().connect() as loader, RProcess().create("x") as process:
            loader.delete("c:\\SYS\\bin\\X.EXE")
            assert trap(RProcess().create, "x") == KErrNotFound
            assert len([name for name in names() if name.endswith(".$$$")]) == 2
            loader.run_reaper()
            assert len([name for name in names() if name.endswith(".$$$")]) == 1
            end(process)
            assert process.exit_reason() == 7
            loader.run_reaper()
            assert names() == []

    tell(trusted, TRUSTED)


def test_a_library_that_is_loaded_is_in_use_too(
    machine: Kernel, install: Install, tell: Tell
) -> None:
    install({"C:\\sys\\bin\\z.dll": "EXPORTS = ()\n"})
    seen: list[list[str]] = []

    def delete() -> None:
        with RLoader().connect() as loader:
            loader.delete("C:\\sys\\bin\\z.dll")

    def look() -> None:
        with RLoader().connect() as loader:
            loader.cancel_lazy_dll_unload()
        seen.append(names())

    machine.register("delete", Executable(delete, TRUSTED))
    machine.register("look", Executable(look, TRUSTED))

    def story() -> None:
        with RLibrary().load("z"):
            for name in ("delete", "look"):
                with RProcess().create(name) as process:
                    end(process)
        with RProcess().create("look") as process:
            end(process)

    tell(story)
    assert seen == [["00000000.$$$"], []]


def test_what_the_emulator_has_no_use_for_is_not_there(
    install: Install, tell: Tell
) -> None:
    install({"C:\\sys\\bin\\there.ldd": "EXPORTS = ()\n"})

    def untrusted() -> None:
        with RLoader().connect() as loader:
            for function in (*DRIVERS, TLoaderMsg.ELoadLocale):
                assert trap(loader.load, function, "absent") == KErrNotFound
                assert trap(loader.load, function, "x[]") == KErrBadName
            logical, physical = DRIVERS
            assert trap(loader.load, logical, "there") == KErrNotSupported
            assert trap(loader.load, physical, "there") == KErrNotFound
            for function in FILE_SERVERS:
                assert trap(loader.load, function, "x") == KErrPermissionDenied

    tell(untrusted)


def test_what_is_for_the_file_server_has_to_be_trusted_as_it_is(
    install: Install, tell: Tell
) -> None:
    full = (
        "from eka import Image\nfrom kernel.abi.security import ALL_CAPABILITIES\n"
        "IMAGE = Image(capabilities=ALL_CAPABILITIES)\nEXPORTS = ()\n"
    )
    install(
        {f"C:\\sys\\bin\\{name}": "EXPORTS = ()\n" for name in FILE_SERVERS.values()}
    )
    install({f"C:\\sys\\bin\\full{name}": full for name in FILE_SERVERS.values()})

    def trusted() -> None:
        with RLoader().connect() as loader:
            for function in FILE_SERVERS:
                assert trap(loader.load, function, "absent") == KErrNotFound
                assert trap(loader.load, function, "x") == KErrPermissionDenied
                assert trap(loader.load, function, "fullx") == KErrNotSupported

    tell(trusted, TRUSTED)


def test_a_request_that_it_does_not_know_is_not_supported(tell: Tell) -> None:
    def story() -> None:
        with RSessionBase().create_session(KLoaderName, TVersion(1)) as session:
            for function in (0, 8, 18, 1000):
                assert session.try_send_receive(function) == KErrNotSupported
            short = TIpcArgs(b"short", "x", "")
            assert session.try_send_receive(TLoaderMsg.ELoadProcess, short) < 0
        version = TVersion(2)
        connect = RSessionBase().create_session
        assert trap(connect, KLoaderName, version) == KErrNotSupported

    tell(story)


@pytest.mark.parametrize(
    "loader", [LoaderSpec(), LoaderSpec(check_hashes=False)], ids=["checked", "not"]
)
def test_a_file_on_a_removable_drive_needs_its_hash(
    monkeypatch: pytest.MonkeyPatch,
    install: Install,
    tell: Tell,
    result: Result,
    loader: LoaderSpec,
) -> None:
    monkeypatch.setattr(
        "servers.loader.drives.Drives.is_removable", lambda _, letter: letter == "D"
    )
    source = "def e32main():\n    return 7\n"
    install({f"{drive}:\\sys\\bin\\x{drive}.exe": source for drive in "CD"})
    code = KErrPermissionDenied if loader.check_hashes else KErrNone

    def before() -> None:
        assert result("xC") == 7
        assert trap(result, "xD") == code
        with RLoader().connect() as session:
            check = session.check_library_hash
            assert trap(check, "C:\\sys\\bin\\xC.exe") == KErrNone
            assert trap(check, "D:\\sys\\bin\\xD.exe") == code
            assert trap(check, "xD.exe") == KErrBadName

    def record() -> None:
        with RFs().connect() as fs:
            fs.mk_dir_all(KHashPath)
            with RFile().replace(fs, KHashPath + "xd.exe") as file:
                file.write(installation_hash(source.encode()))

    def after() -> None:
        assert result("xD") == 7
        with RLoader().connect() as session:
            session.check_library_hash("D:\\sys\\bin\\xD.exe")

    def changed() -> None:
        assert trap(result, "xD") == code

    tell(before)
    tell(record, TRUSTED)
    tell(after)
    install({"D:\\sys\\bin\\xD.exe": source + "#\n"})
    tell(changed)


def test_nobody_else_makes_processes_for_others(machine: Kernel) -> None:
    def program() -> None:
        current_exec.get().loader_image("fileserver")

    assert str(machine.run(program)) == "panicked KERN-EXEC 1"
