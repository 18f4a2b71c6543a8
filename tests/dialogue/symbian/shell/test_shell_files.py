"""What the shell's commands do to files and directories, and what they say."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from programs.shell.options import Options
from servers.fileserver.client import RFile, RFs
from servers.fileserver.modes import (
    EFileShareExclusive,
    KEntryAttHidden,
    KEntryAttReadOnly,
)

Helper: TypeAlias = Callable[..., Any]  # what a fixture of that name does

DATE = "2001-09-09 01:46"  # the virtual clock begins there

SOME = {"C:\\a.txt": b"one\ntwo\n", "C:\\b.txt": b"three\n", "C:\\sub\\c.dat": b"\0\1"}


@pytest.fixture
def after(answer: Helper, filled: Helper) -> Callable[..., list[str]]:
    """What a line makes the shell write where SOME files are."""

    def after(line: str, files: dict[str, bytes] = SOME) -> list[str]:
        lines: list[str] = answer(line, fill=filled(files))
        return lines

    return after


# Looking


def test_dir_lists_directories_first_and_counts(after: Helper) -> None:
    assert after("dir") == [
        "Directory of C:\\*",
        "",
        f"{DATE}           <DIR>     sub",
        f"{DATE}               8     a.txt",
        f"{DATE}               6     b.txt",
        "2 files, 14 bytes, 1 directory",
        "67,105,280 bytes free",
    ]


def test_dir_of_a_pattern_and_of_a_directory(after: Helper) -> None:
    assert after("dir /b A*") == ["a.txt"]
    assert after("dir /b sub") == ["c.dat"]
    assert after("dir /b sub\\") == ["c.dat"]
    assert after("dir/b/s") == [
        "C:\\sub",
        "C:\\a.txt",
        "C:\\b.txt",
        "C:\\sub\\c.dat",
    ]
    assert after("dir /b /s *.dat") == ["C:\\sub\\c.dat"]
    assert after("dir *.no") == ["Not found - *.no"]
    assert after("dir no\\x") == ["Path not found - no\\x"]


def test_dir_sorts(after: Helper) -> None:
    files = {"C:\\b.1": b"xx", "C:\\a.2": b"xxx", "C:\\c.0": b"x"}
    assert after("dir /b", files) == ["a.2", "b.1", "c.0"]
    assert after("dir /b /e", files) == ["c.0", "b.1", "a.2"]
    assert after("dir /b /z", files) == ["c.0", "b.1", "a.2"]


def test_dir_in_columns(after: Helper) -> None:
    assert after("dir /w")[2:4] == [
        "[sub]               a.txt               b.txt",
        "2 files, 14 bytes, 1 directory",
    ]


def test_dir_shows_hidden_files_only_if_asked(answer: Helper, filled: Helper) -> None:
    def fill(fs: RFs) -> None:
        filled(SOME)(fs)
        fs.set_att("C:\\a.txt", KEntryAttHidden | KEntryAttReadOnly, 0)

    assert answer("dir /b", fill=fill) == ["sub", "b.txt"]
    assert f"{DATE}               8 rh  a.txt" in answer("dir /a", fill=fill)


def test_dir_stops_after_each_screen(type_in: Helper, filled: Helper) -> None:
    many = filled({f"C:\\{number:02}": b"" for number in range(20)})
    session = type_in("dir /b /p", fill=many, keys=[ord(" "), ord(" ")])
    pause = "Press a key to go on..."
    assert [n for n, line in enumerate(session.lines) if line == pause] == [10, 20]

    session = type_in("dir /b /p", "echo on", fill=many, keys=[27])
    assert session.lines[-5:] == [pause, "", "Break", "C:\\>echo on", "C:\\>"]

    session = type_in("dir /b /p", "pause", fill=many, breaks_at=pause)
    assert session.lines[-6:] == [pause, "Break", "C:\\>pause", pause, "Break", "C:\\>"]


def test_tree(after: Helper) -> None:
    assert after("tree") == ["C:\\", "`-- sub"]
    deep = {"C:\\a\\b\\c\\x": b"", "C:\\a\\d\\y": b"", "C:\\e\\z": b""}
    assert after("tree /f", deep) == [
        "C:\\",
        "|-- a",
        "|   |-- b",
        "|   |   `-- c",
        "|   |       `-- x",
        "|   `-- d",
        "|       `-- y",
        "`-- e",
        "    `-- z",
    ]


def test_type_shows_text_of_either_encoding(after: Helper) -> None:
    assert after("type a.txt") == ["one", "two"]
    assert after("type *.txt") == [
        "--- C:\\a.txt",
        "one",
        "two",
        "--- C:\\b.txt",
        "three",
    ]
    assert after("type w", {"C:\\w": "grüße".encode("utf-16")}) == ["grüße"]
    assert after("type w", {"C:\\w": "grüße".encode()}) == ["grüße"]
    assert after("type w", {"C:\\w": b"gr\xfc"}) == ["gr\ufffd"]


def test_errors_name_what_was_meant(after: Helper) -> None:
    assert after("type no") == ["Not found - no"]
    assert after("type no\\a") == ["Path not found - no\\a"]
    assert after("type q:\\a") == ["Drive not ready - q:\\a"]
    assert after("type a|b") == ["Bad name - a|b"]
    assert after("md sub") == ["Already exists - C:\\sub\\"]
    assert after("del z:\\r.txt") == ["Access denied - Z:\\r.txt"]
    assert after("rd sub") == ["Not empty - C:\\sub\\; RD /s removes what is in it too"]


def test_hexdump(after: Helper) -> None:
    assert after("hexdump a.txt") == [
        "00000000: 6f 6e 65 0a 74 77 6f 0a                          one.two."
    ]
    shown = after("hexdump x", {"C:\\x": bytes(range(32, 50))})
    assert shown[1] == "00000010: 30 31" + " " * 44 + "01"


# Changing


def test_copy(after: Helper) -> None:
    show = "; dir /b /s"
    assert after("copy a.txt new.txt; type new.txt") == ["1 file copied", "one", "two"]
    assert after("copy *.txt sub; dir /b sub") == [
        "2 files copied",
        "a.txt",
        "b.txt",
        "c.dat",
    ]
    assert after("copy *.txt *.bak; dir /b *.bak") == [
        "2 files copied",
        "a.bak",
        "b.bak",
    ]
    assert after("copy sub; dir /b *.dat") == ["1 file copied", "c.dat"]
    assert after("copy \\ d:\\new /s; dir /b /s d:\\") == [
        "3 files copied",
        "D:\\new",
        "D:\\new\\sub",
        "D:\\new\\a.txt",
        "D:\\new\\b.txt",
        "D:\\new\\sub\\c.dat",
    ]
    assert after("copy a.txt b.txt /n" + show)[0] == "0 files copied"


def test_hexdump_of_several_files_names_each(after: Helper) -> None:
    assert after("hexdump *.txt; hexdump sub; hexdump no*") == [
        "--- C:\\a.txt",
        "00000000: 6f 6e 65 0a 74 77 6f 0a                          one.two.",
        "--- C:\\b.txt",
        "00000000: 74 68 72 65 65 0a                                three.",
        "Access denied - C:\\sub",
        "Not found - no*",
    ]


@pytest.mark.parametrize(
    "line",
    ["rd \\SUB", "ren \\Sub other", "move \\sub d:\\", "d:; rd c:\\sub; c:"],
)
def test_the_directory_one_is_in_stays(after: Helper, line: str) -> None:
    first, *listing = after(f"del sub\\*; cd sub; {line}; cd")
    assert first.casefold() == "you are in it - c:\\sub\\"
    assert listing == ["C:\\sub\\"]


def test_formatting_a_drive_leads_back_to_its_root(after: Helper) -> None:
    assert after("cd sub; format c:; dir /b; cd") == ["C: is formatted", "C:\\"]


def test_sizes_and_numbers_that_are_too_big_are_refused(after: Helper) -> None:
    vast = "9" * 20
    assert after(f"gobble x {vast}; gobble x 9{'0' * 5000}") == [
        f"Too big - {vast}",
        f"Too big - 9{'0' * 5000}",
    ]
    assert after("gobble x 8589934592g") == ["Too big - 8589934592g"]
    for line in ("kill", "kill fileserver", "trace", "exit"):
        assert after(f"{line} {vast}; {line} 2147483648") == [
            f"Too big - {vast}",
            "Too big - 2147483648",
        ]
    assert after("kill fileserver x; kill nobody 5") == [
        "Not a number - x",
        "Not found - nobody",
    ]


# Lines


def test_several_lines_can_be_given_at_once(after: Helper) -> None:
    lines = "rem it's; echo no\necho \"one\r\n\necho two; rem echo no; echo no\n"
    assert after(lines + "echo three") == ['"one', "two", "three"]


def test_copying_what_cannot_be_copied(after: Helper) -> None:
    assert after("copy a.txt A.TXT") == ["Cannot copy a file onto itself - C:\\a.txt"]
    assert after("copy *.txt one") == ["Not a directory - one"]
    assert after("copy no x") == ["Not found - no"]
    assert after("copy sub sub\\deep /s") == ["Cannot copy a directory into itself"]
    assert after("copy a.txt z:\\") == ["Access denied - Z:\\a.txt"]
    assert after("copy a.txt q:") == ["Drive not ready - Q:\\a.txt"]
    assert after("copy a.txt no\\") == ["Path not found - C:\\no\\a.txt"]
    assert after("gobble big 2m; copy big d:; dir /b d:") == [
        "Error -26 (KErrDiskFull) - D:\\big"
    ]


def test_a_copy_keeps_time_and_attributes(answer: Helper, filled: Helper) -> None:
    when: list[int] = []

    def fill(fs: RFs) -> None:
        filled(SOME)(fs)
        fs.set_modified("C:\\a.txt", fs.modified("C:\\a.txt") - 3_600_000_000)
        fs.set_att("C:\\a.txt", KEntryAttReadOnly | KEntryAttHidden, 0)
        when.append(fs.modified("C:\\a.txt"))

    shown = answer("copy a.txt copy.txt; dir /a copy.txt", fill=fill)
    assert "2001-09-09 00:46               8 rh  copy.txt" in shown


def test_move_and_rename(after: Helper) -> None:
    assert after("move a.txt sub; dir /b sub") == ["a.txt", "c.dat"]
    assert after("move a.txt d:\\x.txt; dir /b; type d:\\x.txt") == [
        "sub",
        "b.txt",
        "one",
        "two",
    ]
    assert after("move sub d:\\; dir /b /s d:; dir /b") == [
        "D:\\sub",
        "D:\\sub\\c.dat",
        "a.txt",
        "b.txt",
    ]
    assert after("ren *.txt *.bak; dir /b") == ["sub", "a.bak", "b.bak"]
    assert after("ren sub\\c.dat d.dat; dir /b sub") == ["d.dat"]
    assert after("rename sub other; dir /b") == ["other", "a.txt", "b.txt"]
    assert after("ren a.txt b.txt") == ["Already exists - C:\\b.txt"]
    assert after("move a.txt no\\x") == ["Path not found - C:\\no\\x"]
    assert after("ren a.txt a|b") == ["Bad name - C:\\a|b"]
    assert after("ren z:\\r.txt x.txt") == ["Access denied - Z:\\r.txt"]
    assert after("ren *.txt one") == ["Several files cannot have one name - one"]


def test_del(after: Helper) -> None:
    assert after("del *.txt; dir /b") == ["sub"]
    assert after("del a.txt b.txt; dir /b") == ["sub"]
    assert after("del /s *.*; dir /b /s") == ["C:\\sub"]
    assert after("del sub") == ["Access denied - C:\\sub"]
    assert after("del no") == ["Not found - no"]


def test_attributes(after: Helper) -> None:
    assert after("attrib") == ["A---  C:\\a.txt", "A---  C:\\b.txt", "----  C:\\sub"]
    assert after("attrib a.txt +rh -a; attrib a.txt") == ["-HR-  C:\\a.txt"]
    assert after("attrib +x a.txt") == ["Parameter format not correct - +x"]
    assert after("attrib +r -r a.txt") == [
        "An attribute cannot be both set and cleared"
    ]
    assert after("attrib a.txt b.txt") == ["Too many parameters - b.txt"]


def test_directories_are_made_and_removed(after: Helper) -> None:
    assert after("md x\\y") == ["Path not found - C:\\x\\y\\"]
    assert after("md x\\y /s; dir /b /s *y") == ["C:\\x\\y"]
    assert after("md one two; dir /b *") == ["one", "sub", "two", "a.txt", "b.txt"]
    assert after("rd sub /s; dir /b") == ["a.txt", "b.txt"]
    assert after("cd sub; rd .") == ["You are in it - C:\\sub\\"]
    assert after("rd \\ /s") == ["Access denied - C:\\"]


def test_each_drive_has_a_current_directory(after: Helper) -> None:
    assert after("cd sub; cd; d:; cd; c:; cd; cd ..; cd") == [
        "C:\\sub\\",
        "D:\\",
        "C:\\sub\\",
        "C:\\",
    ]
    assert after("cd d:; cd") == ["D:\\", "C:\\"]
    assert after("md d:\\x; cd d:\\x; d:; cd") == ["D:\\x\\"]
    assert after("cd sub; cd\\; cd; cd sub; cd..; cd") == ["C:\\", "C:\\"]
    assert after("dir\\sub /b; dir. /b") == ["c.dat", "sub", "a.txt", "b.txt"]
    assert after("dir.txt") == ["Not found - dir.txt; did you mean DIR?"]
    assert after("cd a.txt") == ["Path not found - a.txt"]
    assert after("cd ..") == ["Path not found - .."]
    assert after("e:") == ["Drive not ready - e:"]


def test_gobble_makes_a_file_of_a_size(after: Helper) -> None:
    assert after("gobble big 3k; dir big")[2] == f"{DATE}           3,072     big"
    assert after("gobble d:\\big 2m; dir /b d:") == [
        "Error -26 (KErrDiskFull) - d:\\big"
    ]
    assert after("gobble big much") == ["Not a size - much"]


# Lines


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("dir /", "Invalid switch - /"),
        ("dir /1", "Invalid switch - /1"),
        ("dir /ab", "Parameter format not correct - /ab"),
        ("dir /q", "Switch not supported - /q"),
        ("del /q a.txt", "Switch not supported - /q"),
        ("del", "Required parameter missing; see DEL /?"),
        ("cls x", "Too many parameters - x"),
    ],
)
def test_a_command_with_a_bad_switch_is_not_run(
    answer: Helper, filled: Helper, line: str, text: str
) -> None:
    assert answer(f"{line}; dir /b", fill=filled({"C:\\a.txt": b""})) == [text, "a.txt"]


def test_a_switch_with_a_question_mark_shows_help(after: Helper) -> None:
    assert after("del /?; dir /b") == [
        "Deletes files",
        "",
        "DEL file...",
        "  /s  also in all directories below",
        "Also: ERASE",
        "sub",
        "a.txt",
        "b.txt",
    ]


def test_output_goes_to_files(after: Helper) -> None:
    assert after("echo one > x; echo two >> x; type x") == ["one", "two"]
    assert after("dir /b > list; type list") == ["sub", "a.txt", "b.txt", "list"]
    assert after("echo x > z:\\x") == ["Access denied - z:\\x"]
    assert after("type x > x") == ["Error -14 (KErrInUse) - x"]
    assert after("echo x >") == ["Give one file name after >"]
    assert after("echo x > a > b") == ["Only one > can follow a command"]
    assert after('echo "a; b > c"') == ['"a; b > c"']
    assert after('echo x > "two words"; dir /b two*') == ["two words"]


def test_variables(after: Helper) -> None:
    assert after("set name=Ada; echo %NAME% %nobody% %cd% 5%%") == [
        "Ada %nobody% C:\\ 5%"
    ]
    assert after("set a=1; set ab=2; set c=3; set a; set a=; set") == [
        "A=1",
        "AB=2",
        "AB=2",
        "C=3",
    ]
    assert after("type no; echo %result%; echo %result%") == [
        "Not found - no",
        "-1",
        "0",
    ]
    assert after('set "a=b c"; set "a"; set e="f g"; set E') == ["A=b c", "E=f g"]
    assert after("set x") == ["Not found - X"]
    assert after("set =x") == ["Bad name for a variable - "]


def test_a_remark_is_nothing(after: Helper) -> None:
    assert after("rem echo x; echo y > z; dir") == []


def test_words_that_are_nothing(after: Helper) -> None:
    assert after("frob") == ["Not found - frob; HELP shows all commands"]
    assert after("a.txt") == ["Not found - a.txt; HELP shows all commands"]
    assert after("ecko x") == ["Not found - ecko; did you mean ECHO?"]
    assert after("ls; quit x") == [
        "Not found - ls; did you mean DIR?",
        "Not found - quit; did you mean EXIT?",
    ]
    assert after("sub; c:\\; sub\\; ..") == [
        "A directory - sub; CD leads there",
        "A directory - c:\\; CD leads there",
        "A directory - sub\\; CD leads there",
        "Path not found - ..",
    ]
    assert after("/s x") == ["No command - /s x; HELP shows all commands"]
    assert after("?") == after("help")
    assert after('> empty; dir /b e*; ""; echo %result%') == ["empty", "0"]
    assert after("a|b") == ["Bad name - a|b"]


def test_echo(after: Helper) -> None:
    assert after("echo; echo .; echo.; echo  a  b") == [
        "Lines of batch files are not shown",
        "",
        "",
        "a  b",
    ]


def test_help_lists_every_command_once(after: Helper) -> None:
    lines = after("help")
    names = [line.split()[0] for line in lines[: lines.index("")]]
    assert names == sorted(names)
    wanted = (
        "ATTRIB CD CLS COPY DEL DIR ECHO FORMAT GOBBLE HEXDUMP LABEL LOCK MD MOUNT "
        "MOVE PLUGIN PS RD REM RENAME RUNEXEC START SYSINFO TIME TRACE TREE TYPE "
        "UNLOCK VNAME DRVINFO CHKDSK CHKDEPS HELP BREAK KILL HANDLES SERVERS SET EXIT"
    )
    assert set(wanted.split()) <= set(names)
    assert after("help nonsense") == ["No command - nonsense; HELP shows all commands"]
    assert after("help copie") == ["No command - copie; did you mean COPY?"]
    assert after("rem /?") == after("help rem")
    assert after("help del") == after("del /?")


# Batch files


def test_a_batch_file_gets_words_and_leaves_its_result(
    type_in: Helper, filled: Helper
) -> None:
    batch = b"@echo first %1 of %*\r\n\r\nrem nothing\r\ntype %2\r\n"
    session = type_in("try a no; echo yes", fill=filled({"C:\\try.bat": batch}))
    assert session.lines[1:] == ["first a of a no", "Not found - no", "yes", "C:\\>"]
    assert type_in("try a no", fill=filled({"C:\\try.bat": batch})).result == -1


def test_a_batch_file_can_be_left_and_can_end_the_shell(
    type_in: Helper, filled: Helper
) -> None:
    files = filled(
        {"C:\\one.bat": b"echo 1\ntwo\necho 3", "C:\\two.bat": b"echo 2\nbreak\necho x"}
    )
    assert type_in("one", fill=files).lines[1:-1] == ["1", "2", "3"]
    ended = type_in("end; echo x", fill=filled({"C:\\end.bat": b"exit 7\necho y"}))
    assert (ended.lines[1:], ended.result) == ([], 7)
    assert type_in("break").lines[1] == "No batch file runs"


def test_lines_of_batch_files_are_shown_on_demand(
    type_in: Helper, filled: Helper
) -> None:
    files = filled({"C:\\one.bat": b"echo 1\n@echo 2\n"})
    session = type_in("echo on; one; echo off; one", fill=files)
    assert session.lines[1:-1] == ["C:\\>echo 1", "1", "2", "1", "2"]


def test_a_batch_file_that_calls_itself_comes_to_an_end(
    type_in: Helper, filled: Helper
) -> None:
    session = type_in("me", fill=filled({"C:\\me.bat": b"me"}))
    assert session.lines[1:-1] == ["Too many batch files within each other"]
    assert session.result != 0


def test_autoexec_is_looked_for_on_all_drives_and_run_once(
    type_in: Helper, filled: Helper
) -> None:
    files = filled(
        {"C:\\AUTOEXEC.BAT": b"set where=C", "D:\\autoexec.bat": b"set where=D"}
    )
    said = type_in("echo %where%", fill=files).lines
    assert said[1] == "D"
    left = type_in("echo %where%", fill=files, options=Options(autoexec=False)).lines
    assert left[2] == "%where%"


def test_a_file_that_others_write_to_is_not_shown(
    answer: Helper, filled: Helper
) -> None:
    kept: list[object] = []

    def fill(fs: RFs) -> None:
        filled(SOME)(fs)
        kept.append(RFile().open(fs, "C:\\a.txt", EFileShareExclusive))

    assert answer("type a.txt", fill=fill) == ["Error -14 (KErrInUse) - a.txt"]
