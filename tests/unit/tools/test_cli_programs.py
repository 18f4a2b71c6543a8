"""What PROGRAM stands for, and what is said when it stands for nothing."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from kernel.abi.config import Executable
from tools.cli.group import cli
from tools.cli.programs import find_program
from tools.cli.refusal import Refusal
from tools.cli.status import Status

PROGRAM = "def e32main():\n    return 0\n"
REGISTERED = ("CountServer", "fileserver")


@pytest.fixture(autouse=True)
def _own_sys_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))  # undone afterwards, additions and all
    monkeypatch.chdir(tmp_path)


def refusal(text: str) -> tuple[str, int]:
    with pytest.raises(Refusal) as refused:
        find_program(text, REGISTERED)
    return refused.value.message, refused.value.status


def test_a_file_is_found_by_its_path(tmp_path: Path) -> None:
    file = tmp_path / "hello.py"
    file.write_text(PROGRAM)
    found = find_program(str(file), REGISTERED)
    assert (found.name, found.executable) == ("hello", Executable(file.resolve()))


@pytest.mark.parametrize("text", ["CountServer", "countserver", "COUNTSERVER.EXE"])
def test_a_registered_name_is_found_in_any_case(text: str) -> None:
    found = find_program(text, REGISTERED)
    assert (found.name, found.executable) == ("CountServer", None)


def test_a_module_is_found_by_its_dotted_name(tmp_path: Path) -> None:
    package = tmp_path / "my_programs"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "hello.py").write_text(PROGRAM)
    found = find_program("my_programs.hello", REGISTERED)
    assert (found.name, found.executable) == ("hello", Executable("my_programs.hello"))


def test_a_mistyped_name_suggests_the_nearest() -> None:
    assert refusal("CuontServer") == (
        "no program 'CuontServer'; did you mean 'CountServer'?",
        Status.NOT_FOUND,
    )


def test_a_name_like_nothing_says_what_there_could_be() -> None:
    assert refusal("qqqqq") == (
        "no program 'qqqqq'; name a .py file, a module, or a program of the machine",
        Status.NOT_FOUND,
    )


def test_a_mistyped_file_suggests_its_nearest_neighbour(tmp_path: Path) -> None:
    (tmp_path / "hello.py").write_text(PROGRAM)
    assert refusal("helo.py") == (
        "no file 'helo.py'; did you mean 'hello.py'?",
        Status.NOT_FOUND,
    )


def test_a_file_without_its_ending_suggests_it(tmp_path: Path) -> None:
    (tmp_path / "go.py").write_text(PROGRAM)
    assert refusal("./go")[0] == "no file 'go'; did you mean 'go.py'?"


@pytest.mark.parametrize(
    ("image", "says"),
    [
        ("Image(uid9=1)", "TypeError in IMAGE: Image.__init__() got an unexpected "),
        ("Image(uid3=KUid)", "NameError in IMAGE: name 'KUid' is not defined"),
        ("Image(uid3=1 // 0)", "ZeroDivisionError in IMAGE: integer division "),
    ],
)
def test_a_bad_header_is_one_line(tmp_path: Path, image: str, says: str) -> None:
    source = f"from userlib import Image\n{PROGRAM}\nIMAGE = {image}\n"
    (tmp_path / "image.py").write_text(source)
    message, status = refusal("image.py")
    assert message.startswith(f"image.py:5: {says}")
    assert status == Status.UNRUNNABLE


def test_a_header_of_another_type_is_refused(tmp_path: Path) -> None:
    (tmp_path / "image.py").write_text(f"{PROGRAM}\nIMAGE = 3\n")
    assert refusal("image.py") == (
        "image.py: IMAGE in image.py is not an Image",
        Status.UNRUNNABLE,
    )


def test_a_header_may_need_a_module_beside_the_program(tmp_path: Path) -> None:
    (tmp_path / "beside_image.py").write_text("KUid = 3\n")
    source = f"from userlib import Image\nimport beside_image\n{PROGRAM}"
    file = tmp_path / "with_image.py"
    file.write_text(f"{source}\nIMAGE = Image(uid3=beside_image.KUid)\n")
    assert find_program("with_image.py", REGISTERED).executable == Executable(file)


def test_a_directory_is_no_program(tmp_path: Path) -> None:
    message, _ = refusal(f"{tmp_path}/")
    assert message.endswith("is a directory; name one of its files")


def test_a_syntax_error_shows_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def e32main():\n    return (\n")
    assert refusal("broken.py") == (
        "broken.py:2: '(' was never closed",
        Status.UNRUNNABLE,
    )


def test_a_file_that_is_no_text_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "image.py").write_bytes(b"\x89PNG\x00\xff")
    message, status = refusal("image.py")
    assert (message.startswith("image.py:1: "), status) == (True, Status.UNRUNNABLE)


def test_a_program_without_an_entry_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plain.py").write_text("print('hello')\n")
    assert refusal("plain.py") == (
        "plain.py: there is no e32main; write 'def e32main():', where a program begins",
        Status.UNRUNNABLE,
    )


def test_a_file_with_the_name_of_a_standard_server_is_refused(tmp_path: Path) -> None:
    (tmp_path / "FileServer.py").write_text(PROGRAM)
    assert refusal("FileServer.py")[0].endswith("; rename FileServer.py")


def test_a_module_without_source_is_refused() -> None:
    assert refusal("sys")[1] == Status.UNRUNNABLE


def test_a_program_starts_another_that_the_command_line_gave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("other.py").write_text("def e32main():\n    print('started')\n    return 4\n")
    Path("first.py").write_text(
        "from userlib import RProcess, TRequestStatus, User\n"
        "def e32main():\n"
        "    with RProcess().create('helper') as other:\n"
        "        status = TRequestStatus()\n"
        "        other.logon(status)\n"
        "        other.resume()\n"
        "        User.wait_for_request(status)\n"
        "        return status.value\n"
    )
    result = CliRunner().invoke(
        cli, ["run", "--program", "helper=other.py", "first.py"]
    )
    assert (result.exit_code, result.stdout) == (4, "started\n")
    refused = CliRunner().invoke(
        cli, ["run", "--program", "helper=gone.py", "first.py"]
    )
    assert refused.exit_code == 127
    assert "no file 'gone.py'" in refused.stderr
