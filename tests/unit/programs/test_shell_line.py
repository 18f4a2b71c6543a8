"""Lines of the shell: words, switches, commands, redirection, variables."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.shell.errors import CommandError, error_text
from programs.shell.line import (
    Simple,
    expand,
    parse_command,
    parse_words,
    split_line,
    split_words,
)
from programs.shell.options import Options, parse_options
from userlib import KErrNotFound, KErrPermissionDenied

PLAIN = st.text("abcXYZ.\\:*?-_ ", min_size=1).filter(lambda text: text.strip() != "")


def test_commands_are_separated_by_semicolons_outside_quotes() -> None:
    assert split_line('a; b "c; d";; e') == ["a", 'b "c; d"', "e"]
    assert split_line(" ; ") == []


@pytest.mark.parametrize("line", ["rem a; b", "REM", "  @rem x > y"])
def test_a_remark_is_no_command(line: str) -> None:
    assert split_line(line) == []


def test_what_only_begins_like_a_remark_is_one_of_the_commands() -> None:
    assert split_line("remove a; b") == ["remove a", "b"]


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("dir", Simple("dir", "")),
        ("dir/w c:", Simple("dir", "/w c:")),
        ('"my prog" x', Simple("my prog", "x")),
        ("@echo x", Simple("echo", "x")),
        ("echo a>b", Simple("echo", "a", "b", appends=False)),
        ('echo a >> "b c"', Simple("echo", "a", "b c", appends=True)),
        ('echo "a > b"', Simple("echo", '"a > b"')),
    ],
)
def test_a_command_has_a_word_a_rest_and_perhaps_a_target(
    text: str, parsed: Simple
) -> None:
    assert parse_command(text) == parsed


@pytest.mark.parametrize("text", ["a >", "a > b c", "a > b > c", "a >>> b"])
def test_a_redirection_names_one_file(text: str) -> None:
    with pytest.raises(CommandError):
        parse_command(text)


def test_words_and_switches_come_in_any_order() -> None:
    call = parse_words('one/a "two three" /B fo"u r"', "ab")
    assert call.words == ("one", "two three", "fou r")
    assert call.switches == frozenset("ab")


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("/", "Invalid switch"),
        ("x /-", "Invalid switch"),
        ("/ab", "Parameter format not correct"),
        ("/x", "Switch not supported"),
    ],
)
def test_a_bad_switch_has_one_of_three_messages(text: str, start: str) -> None:
    with pytest.raises(CommandError) as refused:
        parse_words(text, "ab")
    assert refused.value.text.startswith(f"{start} - /")


@given(st.lists(PLAIN, max_size=5))
def test_quoted_words_are_what_they_were(words: list[str]) -> None:
    text = " ".join(f'"{word}"' for word in words)
    assert list(parse_words(text, "").words) == words
    assert split_words(text) == words


@given(st.text())
def test_any_line_can_be_taken_apart(line: str) -> None:
    for text in split_line(expand(line, {"x": "y"}.get)):
        with suppress(CommandError):
            simple = parse_command(text)
            assert "/" not in simple.word or text.lstrip("@ ").startswith('"')


def test_variables_without_a_value_stay() -> None:
    values = {"name": "Ada", "1": "one", "*": "one two"}
    text = expand("%name% %no% %1 %2 %* 100%% 5%", values.get)
    assert text == "Ada %no% one %2 one two 100% 5%"


def test_an_error_without_words_of_its_own_is_a_number_and_a_name() -> None:
    assert error_text(KErrNotFound) == "Not found"
    assert error_text(KErrPermissionDenied) == "Error -46 (KErrPermissionDenied)"
    assert error_text(12345) == "Error 12345"


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("", Options()),
        ("/q /N", Options(quiet=True, autoexec=False)),
        ("/c dir /w", Options(commands="dir /w")),
        ("/c 'dir /w; cd'", Options(commands="dir /w; cd")),
        ("/c 'a' b", Options(commands="'a' b")),
        ("/c it's", Options(commands="it's")),
        ("/c 'it", Options(commands="'it")),
        ("/c", Options(commands="")),
        ("what /q", Options(quiet=True)),
    ],
)
def test_the_shells_own_command_line(text: str, options: Options) -> None:
    assert parse_options(text) == options
