"""`eka run --geos`: which files of a directory are applications; what is refused."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tools.cli.group import cli
from tools.geos import BadApplicationError, applications_in

GEODE = """
from userlib.geos import GenApplicationClass, Geode, GeodeToken, GenProcessClass

GEODE = Geode("{name}", GeodeToken(b"{token}", 8), GenProcessClass, GenApplicationClass,
              multi_launchable={many})

def e32main():
    GEODE.run()
"""
LOOK = """
from userlib.geos import application_images, user_load_application, AppLaunchBlock
from userlib.geos import AppInstanceReference, geodes

def e32main():
    for image in application_images():
        print(image.path, image.token, image.multi_launchable)
        user_load_application(AppLaunchBlock(AppInstanceReference(image.path)))
    print(*(info.name for info in geodes()))
"""


def write(folder: Path, name: str, token: str, *, many: bool = True) -> Path:
    file = folder / f"{name}.py"
    file.parent.mkdir(exist_ok=True)
    file.write_text(GEODE.format(name=file.stem, token=token, many=many))
    return file


def run(folder: Path, *args: str) -> Result:
    return CliRunner().invoke(
        cli, ["run", "--clock", "virtual", "--geos", str(folder), *args]
    )


def test_files_that_declare_a_geode_are_applications_a_directorys_own_first(
    tmp_path: Path,
) -> None:
    write(tmp_path, "a/deep", "DEEP")
    write(tmp_path, "zeta", "ZETA", many=False)
    write(tmp_path, "beta", "BETA")
    (tmp_path / "other.py").write_text("raise SystemExit('it is not imported')")
    (tmp_path / "GEODE.txt").write_text("GEODE = 1")
    found = [
        (one.path, one.token.chars, one.multi_launchable)
        for one in applications_in(tmp_path)
    ]
    assert found == [
        ("beta", b"BETA", True),
        ("zeta", b"ZETA", False),
        ("a\\deep", b"DEEP", True),
    ]


def test_links_to_directories_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path, "a/deep", "DEEP")
    (tmp_path / "a" / "again").symlink_to(tmp_path, target_is_directory=True)
    assert [one.path for one in applications_in(tmp_path)] == ["a\\deep"]


def test_other_files_are_not_looked_into(tmp_path: Path) -> None:
    """What a folder of programs has besides: half a program, an environment, tools'."""
    write(tmp_path, "one", "ONE1")
    (tmp_path / "half.py").write_text("def e32main(:\n")
    for name in (".venv", "venv", "__pycache__"):
        write(tmp_path, f"{name}/hidden", "HIDE")
    (tmp_path / "venv" / "pyvenv.cfg").touch()
    assert [one.path for one in applications_in(tmp_path)] == ["one"]


def test_a_geode_without_a_token_is_no_application(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(
        "from userlib.geos import Geode\nGEODE = Geode('own')\n"
    )
    assert applications_in(tmp_path) == ()


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("GEODE = 5\n", "has a GEODE that is no Geode"),
        ("GEODE: int = 5\n", "has a GEODE that is no Geode"),
        ("GEODE = 1 +\n", "cannot be read: invalid syntax"),
        ("GEODE = 1 / 0\n", "cannot be read: division by zero"),
        ("import nowhere_at_all\nGEODE = 5\n", "cannot be read: No module named"),
    ],
)
def test_a_file_that_cannot_be_an_application_is_named(
    tmp_path: Path, source: str, why: str
) -> None:
    (tmp_path / "bad.py").write_text(source)
    with pytest.raises(BadApplicationError) as told:
        applications_in(tmp_path)
    assert why in str(told.value)
    (tmp_path / "main.py").write_text(LOOK)
    ended = run(tmp_path, str(tmp_path / "main.py"))
    assert ended.exit_code == 126
    assert ended.stderr.startswith(f"eka: '{tmp_path / 'bad.py'}' ")
    assert why in ended.stderr


def test_a_program_finds_the_applications_and_can_launch_them(tmp_path: Path) -> None:
    folder = tmp_path / "apps"
    folder.mkdir()
    write(folder, "one", "ONE1")
    write(folder, "two", "TWO2", many=False)
    (tmp_path / "main.py").write_text(LOOK)
    ended = run(folder, str(tmp_path / "main.py"))
    assert (ended.stderr, ended.exit_code) == ("", 0)
    assert ended.stdout == "one ONE1,8 True\ntwo TWO2,8 False\nsystem one two\n"


def test_a_directory_that_is_missing_is_refused(tmp_path: Path) -> None:
    ended = run(tmp_path / "none", "main.py")
    assert ended.exit_code == 2
    assert "does not exist" in ended.stderr
