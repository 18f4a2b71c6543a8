"""What the keys of a terminal are on the emulated console."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from servers.console.keys import TEventModifier, TKeyCode, TKeyEvent

_KControl: Final = "c-"
_KShift: Final = "s-"
_KControlBits: Final = 0x1F

# By the names that prompt_toolkit gives keys.
_KEYS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "escape": TKeyCode.EKeyEscape,
        "up": TKeyCode.EKeyUpArrow,
        "down": TKeyCode.EKeyDownArrow,
        "left": TKeyCode.EKeyLeftArrow,
        "right": TKeyCode.EKeyRightArrow,
        "home": TKeyCode.EKeyHome,
        "end": TKeyCode.EKeyEnd,
        "insert": TKeyCode.EKeyInsert,
        "delete": TKeyCode.EKeyDelete,
        "pageup": TKeyCode.EKeyPageUp,
        "pagedown": TKeyCode.EKeyPageDown,
        "c-@": TKeyCode.EKeyNull,
        "c-h": TKeyCode.EKeyBackspace,
        "c-j": TKeyCode.EKeyEnter,  # as the host has it that was typed ahead
        "tab": TKeyCode.EKeyTab,
        **{f"f{n}": TKeyCode.EKeyF1 + n - 1 for n in range(1, 13)},
    }
)


def event_of(key: str) -> TKeyEvent | None:
    """The event for a key by its name, or for a character; None if there is none."""
    modifiers = TEventModifier.ENone
    if len(key) == 1:
        return TKeyEvent(ord(key))
    if key.startswith(_KShift):
        key, modifiers = key.removeprefix(_KShift), TEventModifier.EModifierShift
    if key in _KEYS:
        return TKeyEvent(_KEYS[key], modifiers)
    name = key.removeprefix(_KControl)
    if not key.startswith(_KControl):
        return None
    if len(name) == 1:
        return TKeyEvent(ord(name.upper()) & _KControlBits)
    if name in _KEYS:
        return TKeyEvent(_KEYS[name], modifiers | TEventModifier.EModifierCtrl)
    return None
