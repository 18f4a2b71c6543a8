"""DRVINFO, VNAME, LABEL, CHKDSK, FORMAT, MOUNT, LOCK, UNLOCK, PLUGIN: drives."""

from typing import TYPE_CHECKING, Final

from programs.shell.command import Command, Completes
from programs.shell.errors import error_text
from programs.shell.line import Call
from programs.shell.paths import drive_letter
from servers.fileserver.client import RFormat
from servers.fileserver.modes import TMediaType
from userlib import Leave

if TYPE_CHECKING:
    from programs.shell.shell import Shell

_DRIVE_ATTRIBUTES: Final = (
    "local",
    "rom",
    "redirected",
    "substed",
    "internal",
    "removable",
    "remote",
    "transaction",
    "pageable",
    "logically removable",
    "hidden",
    "external",
)
_MEDIA_ATTRIBUTES: Final = (
    "variable size",
    "dual density",
    "formattable",
    "write protected",
    "lockable",
    "locked",
    "password",
)


def _drive(shell: "Shell", call: Call, place: int = 0) -> int:
    """The number of the drive that a word names; of the current one without it."""
    text = call.words[place] if len(call.words) > place else shell.paths.drive
    return ord(drive_letter(text.rstrip("\\").removesuffix(":"))) - ord("A")


def _letter(drive: int) -> str:
    return f"{chr(ord('A') + drive)}:"


# DRVINFO


def _drvinfo(shell: "Shell", call: Call) -> None:
    if call.words:
        _show_drive(shell, _drive(shell, call))
        return
    for drive, there in enumerate(shell.fs.drive_list()):
        if there:
            _show_drive(shell, drive)


def _show_drive(shell: "Shell", drive: int) -> None:
    info = shell.fs.drive(drive)
    media = TMediaType(info.media).name.removeprefix("EMedia")
    shell.print(f"{_letter(drive)} {media}")
    if info.media == TMediaType.EMediaNotPresent:
        return
    shell.print(f"   drive  {_named(info.drive_att, _DRIVE_ATTRIBUTES)}")
    shell.print(f"   media  {_named(info.media_att, _MEDIA_ATTRIBUTES)}")
    try:
        volume = shell.fs.volume(drive)
    except Leave as leave:
        shell.print(f"   {error_text(leave.code)}")
        return
    shell.print(f"   size   {volume.size:,} bytes, {volume.free:,} free")


def _named(bits: int, names: tuple[str, ...]) -> str:
    set_names = [name for place, name in enumerate(names) if bits >> place & 1]
    return ", ".join(set_names) or "nothing special"


# LABEL, VNAME


def _label(shell: "Shell", call: Call) -> None:
    drive, text = _drive_and_text(shell, call)
    if text is None and "d" not in call.switches:
        label = shell.fs.volume(drive).label
        shell.print(f"{_letter(drive)} {label or 'has no label'}")
    else:
        shell.fs.set_volume_label(text or "", drive)


def _vname(shell: "Shell", call: Call) -> None:
    drive, text = _drive_and_text(shell, call)
    if text is None and "d" not in call.switches:
        name = shell.fs.drive_name(drive)
        shell.print(f"{_letter(drive)} {name or 'has no name'}")
    else:
        shell.fs.set_drive_name(text or "", drive)


def _drive_and_text(shell: "Shell", call: Call) -> tuple[int, str | None]:
    """`X:`, a text, or both; a text alone is for the current drive."""
    words = list(call.words)
    if words and words[0][1:] == ":":
        drive = _drive(shell, call)
        words.pop(0)
    else:
        drive = ord(shell.paths.drive) - ord("A")
    return drive, " ".join(words) or None


# CHKDSK, FORMAT, MOUNT


def _chkdsk(shell: "Shell", call: Call) -> None:
    drive = _drive(shell, call)
    shell.fs.check_disk(drive)
    volume = shell.fs.volume(drive)
    used = volume.size - volume.free
    shell.print(f"{_letter(drive)} is sound: {used:,} of {volume.size:,} bytes in use")


def _format(shell: "Shell", call: Call) -> None:
    drive = _drive(shell, call)
    with RFormat() as formatting:
        left = formatting.open(shell.fs, _letter(drive) + "\\")
        while left:
            shell.watch.check()
            left = formatting.next()
    if shell.paths.of(_letter(drive)[0]) != f"{_letter(drive)}\\":
        shell.change_path(f"{_letter(drive)}\\")  # the directory we were in has gone
    shell.print(f"{_letter(drive)} is formatted")


def _mount(shell: "Shell", call: Call) -> None:
    if not call.words:
        _show_mounts(shell)
        return
    drive = _drive(shell, call)
    if "u" in call.switches:
        name = call.words[1] if len(call.words) > 1 else None
        shell.fs.dismount_file_system(name or shell.fs.file_system_name(drive), drive)
    elif len(call.words) > 1:
        shell.fs.mount_file_system(call.words[1], drive)
    else:
        shell.print(f"{_letter(drive)} {shell.fs.file_system_name(drive)}")


def _show_mounts(shell: "Shell") -> None:
    for drive, there in enumerate(shell.fs.drive_list()):
        if there:
            shell.print(f"{_letter(drive)} {shell.fs.file_system_name(drive)}")


# LOCK, UNLOCK, PLUGIN


def _lock(shell: "Shell", call: Call) -> None:
    drive = _drive(shell, call)
    old, new = [*call.words[1:], "", ""][:2]
    with shell.about(call.words[0]):  # and not about a password
        shell.fs.lock_drive(drive, old.encode(), new.encode())


def _unlock(shell: "Shell", call: Call) -> None:
    drive = _drive(shell, call)
    with shell.about(call.words[0]):  # as above
        shell.fs.unlock_drive(drive, call.words[1].encode())


def _plugin(shell: "Shell", call: Call) -> None:
    name = call.words[0]
    if "u" in call.switches:
        shell.fs.remove_plugin(name)
    else:
        shell.fs.add_plugin(name)


_NOTHING: Final = Completes.NOTHING

COMMANDS: Final = (
    Command(
        "DRVINFO",
        "Shows what drives are",
        _drvinfo,
        "[drive:]",
        most=1,
        completes=_NOTHING,
    ),
    Command(
        "LABEL",
        "Shows or changes the label of a volume",
        _label,
        "[drive:] [label]",
        (("d", "take the label away"),),
        most=9,
        completes=_NOTHING,
    ),
    Command(
        "VNAME",
        "Shows or changes the name of a drive",
        _vname,
        "[drive:] [name]",
        (("d", "take the name away"),),
        most=9,
        completes=_NOTHING,
    ),
    Command(
        "CHKDSK",
        "Checks a drive",
        _chkdsk,
        "[drive:]",
        most=1,
        completes=_NOTHING,
    ),
    Command(
        "FORMAT", "Empties a drive", _format, "drive:", (), 1, 1, completes=_NOTHING
    ),
    Command(
        "MOUNT",
        "Shows or changes the file system of a drive",
        _mount,
        "[drive: [file system]]",
        (("u", "dismount it"),),
        most=2,
        completes=_NOTHING,
    ),
    Command(
        "LOCK",
        "Gives a drive a password",
        _lock,
        "drive: [old] new",
        (),
        2,
        3,
        completes=_NOTHING,
    ),
    Command(
        "UNLOCK",
        "Opens a drive that has a password",
        _unlock,
        "drive: password",
        (),
        2,
        2,
        completes=_NOTHING,
    ),
    Command(
        "PLUGIN",
        "Adds a plug-in to the file server",
        _plugin,
        "name",
        (("u", "take it away"),),
        1,
        1,
        completes=_NOTHING,
    ),
)
