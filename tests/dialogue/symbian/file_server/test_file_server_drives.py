"""Drives: fileserver specification 12, cases 97 to 99."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from servers.fileserver.client import RFile, RFs
from servers.fileserver.modes import (
    EDriveD,
    EDriveZ,
    KDriveAttAll,
    KDriveAttExclude,
    KDriveAttExclusive,
    KDriveAttInternal,
    KDriveAttLocal,
    KDriveAttRom,
    KMediaAttWriteProtected,
    TMediaType,
)
from userlib import KErrArgument, KErrBadName, KErrNotReady

Tell: TypeAlias = Callable[[Callable[[RFs], None]], None]
Helper: TypeAlias = Callable[..., Any]  # what a fixture of that name does


@pytest.mark.case("SF-097")
def test_the_rom_drive(tell: Tell) -> None:
    def story(fs: RFs) -> None:
        info = fs.drive(EDriveZ)
        assert info.media == TMediaType.EMediaRom
        assert info.drive_att == KDriveAttRom | KDriveAttInternal
        assert info.media_att & KMediaAttWriteProtected

    tell(story)


@pytest.mark.case("SF-098")
def test_the_list_of_drives(tell: Tell, refusal: Helper) -> None:
    def letters(listed: bytes) -> str:
        return "".join(chr(ord("A") + n) for n, att in enumerate(listed) if att)

    def story(fs: RFs) -> None:
        assert letters(fs.drive_list()) == "CDZ"
        assert letters(fs.drive_list(KDriveAttAll)) == "CDZ"
        assert letters(fs.drive_list(0)) == ""
        assert letters(fs.drive_list(KDriveAttRom)) == "Z"
        assert letters(fs.drive_list(KDriveAttExclude | KDriveAttRom)) == "CD"
        exactly = KDriveAttExclusive | KDriveAttLocal | KDriveAttInternal
        assert letters(fs.drive_list(exactly)) == "CD"
        assert letters(fs.drive_list(exactly | KDriveAttExclude)) == "Z"
        for mask in (
            KDriveAttAll | KDriveAttExclude,
            KDriveAttAll | KDriveAttRom,
            KDriveAttExclude,
            KDriveAttExclusive,
        ):
            assert refusal(fs.drive_list, mask) == KErrArgument

    tell(story)


@pytest.mark.case("SF-099")
def test_a_drive_without_media(tell: Tell, refusal: Helper) -> None:
    def story(fs: RFs) -> None:
        assert refusal(fs.volume, 4) == KErrNotReady
        assert refusal(RFile().open, fs, "E:\\x") == KErrNotReady
        assert fs.drive(4).media == TMediaType.EMediaNotPresent
        assert refusal(fs.volume, 26) == KErrBadName
        assert refusal(fs.drive, -1) == KErrBadName

    tell(story)


def test_a_volume_tells_its_room(tell: Tell, make: Helper) -> None:
    def story(fs: RFs) -> None:
        before = fs.volume(EDriveD)
        assert before.size == before.free == 1 << 20
        make(fs, "D:\\F", bytes(1000))
        assert fs.volume(EDriveD).free == before.free - 3 * 512
        assert fs.volume().size > 0
        with RFile().open(fs, "D:\\F") as file:
            assert file.drive() == (3, fs.drive(EDriveD))

    tell(story)
