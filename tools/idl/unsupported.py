"""What to say about text that is no description, above all what IDL does not have."""

import re
from collections.abc import Collection
from typing import Final

from lark import Token

from tools.idl.diagnostic import quoted

NUMBER_START: Final = re.compile(r"-?(?:0[xX][0-9a-fA-F]+|[0-9]+)")
WORD: Final = re.compile(r"[A-Za-z_]\w*", re.ASCII)

# Characters that other languages of the kind have a use for.
MEANING: Final = (
    ("*", "pointers are not supported"),
    ("&", "references are not supported"),
    (":", "inheritance and scopes are not supported; see 'composes'"),
    ("=", "constants and default values are not supported"),
    ("+", "expressions are not supported"),
    ("|", "expressions are not supported"),
    ("'", "a string stands between double quotes"),
)
DECLARATIONS: Final = (
    "struct",
    "union",
    "enum",
    "typedef",
    "const",
    "module",
    "exception",
    "class",
    "namespace",
    "attribute",
    "readonly",
)
# Words that others of the kind have behind a name.
BEHIND_NAMES: Final = (
    ("extends", "inheritance is not supported; see 'composes'"),
    ("raises", "exceptions are not declared; any error may be raised"),
)
TYPES: Final = (
    ("float", "floating point is not supported"),
    ("double", "floating point is not supported"),
    ("bool", "'unsigned char' can hold it"),
    ("boolean", "'unsigned char' can hold it"),
    ("octet", "'unsigned char' can hold it"),
    ("wchar", "there is 'string'"),
)
# How a person calls the parser's terminals, in the order in which they are named.
TERMINALS: Final = (
    ("INTERFACE", "'interface'"),
    ("IMPORT", "'import'"),
    ("INCLUDE", "'#include'"),
    ("IN", "'in'"),
    ("OUT", "'out'"),
    ("INOUT", "'inout'"),
    ("VOID", "'void'"),
    ("COMPOSES", "'composes'"),
    ("SEQUENCE", "a type"),
    ("INT", "a type"),
    ("NAME", "a name"),
    ("NUMBER", "a number"),
    ("STRING", "a string"),
    ("LBRACE", "'{'"),
    ("RBRACE", "'}'"),
    ("LPAR", "'('"),
    ("RPAR", "')'"),
    ("LSQB", "'['"),
    ("RSQB", "']'"),
    ("LESSTHAN", "'<'"),
    ("MORETHAN", "'>'"),
    ("COMMA", "','"),
    ("SEMICOLON", "';'"),
    ("$END", "the end of the file"),
)
COMMENT: Final = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
LIMITS: Final = re.compile(r"[;{}(),]")
WORDS: Final = frozenset({"INTERFACE", "IMPORT", "IN", "OUT", "INOUT", "VOID"})
DIRECTIONS: Final = frozenset({"IN", "OUT", "INOUT"})


def about_character(text: str, offset: int) -> tuple[str, int, str]:
    """Code, place and message for text that no token begins with."""
    if text.startswith("/*", offset):
        return "E102", offset, "this comment never ends"
    if text.startswith("*/", offset):
        return "E101", offset, "unexpected '*/': no comment is open; they do not nest"
    if text[offset] == '"':
        return "E103", offset, "this string does not end on its line"
    if text[offset] == "#":
        return "E101", offset, _about_directive(text, offset)
    number = NUMBER_START.match(text, offset)
    if number is not None and number.end() < len(text):
        place = number.end()
        return "E101", place, f"unexpected {quoted(text[place])} behind a number"
    character = text[offset]
    name = quoted(character) if character.isprintable() else f"U+{ord(character):04X}"
    meaning = dict(MEANING).get(character)
    return "E101", offset, f"unexpected {name}" + (f": {meaning}" if meaning else "")


def _about_directive(text: str, offset: int) -> str:
    word = WORD.match(text, offset + 1)
    if word is None or word[0] != "include":
        shown = quoted("#" + (word[0] if word else ""))
        return f"unexpected {shown}: the only directive is '#include'"
    return "'#include <FILE>' or '#include \"FILE\"' stands alone on its line"


def expected_tokens(expected: Collection[str]) -> str:
    """What would have fitted, as a person says it."""
    kinds = set(expected)
    if "NAME" in kinds:  # words that are let through as names are not advertised
        is_type = "INT" in kinds and "INTERFACE" not in kinds
        kinds -= WORDS - ({"VOID"} if is_type else set())
        kinds -= {"COMPOSES", "SEQUENCE"} if not is_type else {"NAME", "COMPOSES"}
        kinds -= {"SEQUENCE"} if "VOID" in kinds else set()  # of what can be returned
        kinds -= {"INT"} if not is_type or "VOID" in kinds else set()
    names = dict.fromkeys(name for kind, name in TERMINALS if kind in kinds)
    *most, last = names or ["something else"]
    return f"{', '.join(most)} or {last}" if most else last


def about_token(text: str, token: Token, expected: Collection[str]) -> str:
    """A remark about what somebody probably meant by a token that does not fit."""
    before = COMMENT.sub(" ", text[: token.start_pos])
    for word in [*WORD.findall(LIMITS.split(before)[-1]), str(token)]:
        if word in DECLARATIONS:
            return f": {word} is not supported"
    if token in dict(BEHIND_NAMES):
        return f": {dict(BEHIND_NAMES)[token]}"
    if set(expected) >= DIRECTIONS and "NAME" not in expected:
        return ": a parameter begins with its direction"
    if token.type == "INTERFACE":
        return ": interfaces are not nested; does a '};' miss?"
    if token.type == "LSQB":
        return ": arrays are not supported; see 'sequence'"
    if token.type == "LESSTHAN":
        return ": only 'sequence' has a '<'"
    return ""


def about_type(words: str) -> str:
    """A remark about a type of other languages."""
    remark = dict(TYPES).get(words)
    return f": {remark}" if remark else ""
