"""The grammar of descriptions, for lark: LALR, so that one token decides."""

from typing import Final

# A comment within its line, the beginning of one, and a directive that is alone on its
# line but for comments behind it.
_COMMENT: Final = r"\/\*(?:(?!\*\/)[^\r\n])*\*\/"
_REST: Final = r"\/\/[^\n]*|\/\*(?:(?!\*\/)[^\r\n])*"
_INCLUDE: Final = (
    r'(?m:^)[ \t]*#include[ \t]*(?:<[^<>\r\n]*>|"[^"\r\n]*")'
    rf"(?=(?:[ \t]|{_COMMENT})*(?:{_REST})?(?:\r?\n|\Z))"
)

# `composes` and `sequence` are words like others, where they are not asked for. Words
# that may be no names are let through as names wherever no other reading is possible,
# so that the checker can say so and go on.
_GRAMMAR: Final = r"""
file: (include | import_ | interface)*

include: INCLUDE
import_: "import" STRING ";"

interface: attributes "interface" any_name "{" operation* "}" ";" -> simple
         | attributes "interface" any_name COMPOSES _listed ";"    -> compound
_listed: any_name ("," any_name)*

operation: attributes VOID any_name "(" parameters ")" ";"
         | attributes words_type any_name "(" parameters ")" ";"
         | attributes sequence_type any_name "(" parameters ")" ";"
         | attributes c_type other_name "(" parameters ")" ";"

parameters: [ VOID | parameter ("," parameter)* ]
parameter: direction words_type any_name
         | direction sequence_type any_name
         | direction c_type other_name
!direction: "in" | "out" | "inout"

attributes: [ "[" attribute ("," attribute)* "]" ]
attribute: any_name [ "(" argument ("," argument)* ")" ]
?argument: NUMBER | STRING | any_name

_type: words_type | sequence_type | c_type
words_type: NAME | COMPOSES | SEQUENCE
sequence_type: SEQUENCE "<" _type [ "," NUMBER ] ">"
c_type: c_word+
!c_word: "char" | "short" | "int" | "long" | "unsigned" | "signed"

?any_name: other_name | c_word
!other_name: NAME | COMPOSES | SEQUENCE
           | "interface" | "import" | "in" | "out" | "inout" | VOID

VOID: "void"
COMPOSES: "composes"
SEQUENCE: "sequence"
NAME: /[A-Za-z_][A-Za-z0-9_]*/
NUMBER: /-?(?:0[xX][0-9a-fA-F]+|[0-9]+)(?![A-Za-z0-9_])/
STRING: /"[^"\r\n]*"/

INCLUDE.2: /@include@/
BLANK: /[ \t\r\f\v]+/
NEWLINE: /\n/
COMMENT: /\/\*[\s\S]*?\*\//
LINE_COMMENT: /\/\/[^\n]*/

%ignore BLANK
%ignore NEWLINE
%ignore COMMENT
%ignore LINE_COMMENT
"""

GRAMMAR: Final = _GRAMMAR.replace("@include@", _INCLUDE)
